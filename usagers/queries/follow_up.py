"""Whom somebody who is signed in may book a RDV de suivi with (usagers-notifications §2.1)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from agents.models import Organisation
from agents.permissions import UsagerActor
from usagers.models import Referent, Usager

if TYPE_CHECKING:
    from agents.models import Agent, Territoire
    from agents.permissions import Actor

MOST_ORGANISATIONS = 3


@dataclass(frozen=True)
class FollowUp:
    """`fiche` is the person's in the territoire, None when they have none there.

    `referents` by name, those who are no more at work included.
    """

    fiche: Usager | None
    referents: tuple[Agent, ...] = ()

    @property
    def usager_ids(self) -> frozenset[int]:
        return frozenset({self.fiche.pk} if self.fiche else ())

    @cached_property
    def working(self) -> list[Agent]:
        return [agent for agent in self.referents if agent.deactivated_at is None]

    @property
    def working_names(self) -> str:
        return ", ".join(agent.short_name for agent in self.working)

    @property
    def gone(self) -> list[Agent]:
        return [agent for agent in self.referents if agent.deactivated_at is not None]

    @property
    def agent_ids(self) -> frozenset[int]:
        return frozenset(agent.pk for agent in self.working)

    def name_of(self, agent_id: int | None) -> str:
        """Return what an usager may read of one of them, "" for anybody else."""
        return next((agent.short_name for agent in self.referents if agent.pk == agent_id), "")


def follow_up_of(actor: Actor | None, territoire: Territoire) -> FollowUp:
    """Return who follows the person that is signed in; nobody for anybody else. Two statements."""
    found = [row for row in _follow_ups(actor, territoire=territoire.pk) if row.fiche]
    return found[0] if found else FollowUp(None)


def follow_ups_of(actor: Actor | None) -> list[FollowUp]:
    """Return one line for each territoire where somebody follows, or followed, the person."""
    return [row for row in _follow_ups(actor) if row.referents]


def _follow_ups(actor: Actor | None, **where: object) -> list[FollowUp]:
    # A lazy object: isinstance() looks through it.
    if not isinstance(actor, UsagerActor):
        return []
    links = Referent.objects.select_related("agent__account")
    fiches = (
        Usager.objects.living()
        .filter(pk__in=actor.usager_ids, **where)
        .select_related("territoire")
        .prefetch_related(Prefetch("referents", links.order_by("agent__sort_key", "agent")))
        .order_by("territoire__name", "pk")
    )
    return [FollowUp(row, tuple(link.agent for link in row.referents.all())) for row in fiches]


def organisations_to_call(follow_up: FollowUp) -> list[Organisation]:
    """Return the organisations that know the person, those of their référents if any; 3 at most."""
    known = Organisation.objects.filter(
        rattachements__usager=follow_up.fiche, archived_at=None
    ).select_related("territoire")
    rows = known.order_by("name", "pk")
    theirs = rows.filter(roles__agent__in=follow_up.agent_ids).distinct()
    return list(theirs[:MOST_ORGANISATIONS]) or list(rows[:MOST_ORGANISATIONS])
