"""Tell the mailbox that messages leave, whoever changed the address (A08, F02, F03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Organisation
from notifications.messages.address_changed import MOST_SERVICES, announce_address_changed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from usagers.models import Usager


def tell_former_addresses(
    former: Iterable[str | None],
    *,
    fiches: Sequence[Usager],
    subject_key: str,
    now: datetime,
    organisation: Organisation | None = None,
) -> None:
    """Queue one notice for each address of `former` that none of `fiches` bears any more.

    They are the fiches of one person, the first one gives the language. `organisation` is that of
    the agent who did it, None when the person did: then those who know the person are named.
    """
    current = {fiche.email for fiche in fiches}
    for address in sorted({address for address in former if address} - current):
        announce_address_changed(
            former=address,
            subject_key=subject_key,
            organisations=[organisation] if organisation else _organisations_of(fiches),
            language=fiches[0].language if fiches else "",
            has_account=any(fiche.account_id for fiche in fiches),
            now=now,
        )


def _organisations_of(fiches: Sequence[Usager]) -> list[Organisation]:
    known = Organisation.objects.filter(rattachements__usager__in=fiches, archived_at=None)
    return list(known.distinct().order_by("name")[:MOST_SERVICES])
