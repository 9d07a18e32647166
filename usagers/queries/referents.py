"""Which agents follow somebody: what a motif de suivi is booked with (usagers-notifications §1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.db.models.functions import Coalesce

from usagers.models import Referent, Usager

if TYPE_CHECKING:
    from collections.abc import Iterable


def referents_of(usager_ids: Iterable[int]) -> frozenset[int]:
    """Return the agents at work who follow every one of these people; two statements.

    A proche's are those of their responsable. Nobody asked for is followed by nobody.
    """
    heads = heads_of(usager_ids)
    followed: dict[int, set[int]] = {head: set() for head in heads}
    rows = Referent.objects.filter(usager__in=heads, agent__deactivated_at=None)
    for usager, agent in rows.values_list("usager_id", "agent_id"):
        followed[usager].add(agent)
    return frozenset(set.intersection(*followed.values())) if followed else frozenset()


def unfollowed(usager_ids: Iterable[int]) -> list[Usager]:
    """Return those, responsables in place of their proches, whom no agent at work follows."""
    at_work = Referent.objects.filter(usager=OuterRef("pk"), agent__deactivated_at=None)
    rows = Usager.objects.filter(~Exists(at_work), pk__in=heads_of(usager_ids))
    return list(rows.order_by("pk"))


def heads_of(usager_ids: Iterable[int]) -> list[int]:
    """Return the fiches whose référents count: a proche's responsable, else the person."""
    rows = Usager.objects.filter(pk__in=list(usager_ids))
    head = Coalesce("responsable_id", "pk")
    return list(rows.order_by(head).values_list(head, flat=True).distinct())
