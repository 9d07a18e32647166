"""Is the time of an agenda taken? For who places a RDV by hand (decision 10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.models import Agent
from planning.models import AgentRdv
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from planning.queries.rdv_overlaps import Overlap


class AgendaBusy(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Somebody is busy then, and nobody accepted the overlap. The message names the agents.

    `conflicts` says by what, as the actor may know it. The same call with `accepts_overlap` does it
    on purpose (decision 10).
    """

    def __init__(self, message: str, conflicts: Iterable[Overlap] = ()) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)


def busy_agents(
    agent_ids: Iterable[int],
    *,
    starts_at: datetime,
    ends_at: datetime,
    without_rdv: int | None = None,
) -> set[int]:
    """Return who has another RDV then; touching is not overlapping. Lock the agendas before."""
    rows = AgentRdv.objects.filter(
        agent__in=set(agent_ids), holds_time=True, starts_at__lt=ends_at, ends_at__gt=starts_at
    )
    return set(rows.exclude(rdv=without_rdv).values_list("agent", flat=True))


def agenda_busy(agent_ids: Iterable[int]) -> AgendaBusy:
    """Return the refusal. Hours and persons of the other RDV are not said (decision 8)."""
    agents = Agent.objects.filter(pk__in=set(agent_ids)).select_related("account")
    names = ", ".join(agent.full_name for agent in agents)
    return AgendaBusy(_("Déjà un rendez-vous à cette heure : %(names)s.") % {"names": names})
