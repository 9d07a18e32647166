"""Everything that is held about people, and about them alone, goes (decisions 5 and 26)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.services.retention_report import allow_erasing
from planning.models import Participation, Rdv, RdvEvent
from planning.services.rdv_retention import forget_authors, forget_changes
from usagers.services.usager_anonymise import anonymise

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from usagers.models import Usager


def forget(people: Sequence[Usager], *, now: datetime) -> None:
    """Anonymise fiches that the caller holds, and what their RDVs and history say of them.

    What is shared with others stays: the title and the context of a RDV where somebody else
    comes, the needs of other participants.
    """
    keys = [person.pk for person in people]
    Participation.objects.filter(usager__in=keys).update(needs=[], needs_details="")
    others = Participation.objects.exclude(usager__in=keys).values("rdv")
    own = Rdv.objects.filter(participations__usager__in=keys).exclude(pk__in=others)
    own_keys = list(own.order_by().values_list("pk", flat=True).distinct())
    anonymise(people, now=now)
    Rdv.objects.filter(pk__in=own_keys).update(context="")
    allow_erasing()
    written = RdvEvent.objects.filter(author_usager__in=keys).exclude(author_name="")
    forget_authors(list(written.values_list("pk", flat=True)))
    forget_changes(list(RdvEvent.objects.filter(rdv__in=own_keys).values_list("pk", flat=True)))
