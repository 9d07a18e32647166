"""What is known of somebody who is signed in, for their next booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usagers.models import Usager

if TYPE_CHECKING:
    from agents.models import Territoire
    from agents.permissions import UsagerActor


def fiche_for(actor: UsagerActor, territoire: Territoire) -> Usager | None:
    """Return their fiche in `territoire`, else the one of another, else None.

    The account's address, which was proven, is fetched with it.
    """
    fiches = Usager.objects.living().filter(pk__in=actor.usager_ids).select_related("account")
    by_place = sorted(fiches, key=lambda row: (row.territoire_id != territoire.pk, row.pk))
    return by_place[0] if by_place else None
