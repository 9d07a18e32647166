"""Which RDVs stand at the same time in the agendas of some agents, as one person may know them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.permissions import Permission
from planning.models import AgentRdv
from planning.policies import rdvs_for
from planning.queries.agenda_rdv import rdv_title
from rdv.common.french import day_text, time_text

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent
    from agents.permissions import Actor
    from planning.models import Rdv


@dataclass(frozen=True)
class Overlap:
    """`rdv` is None for who may not read it: they learn that the time is taken (decision 8)."""

    agent: Agent
    starts_at: datetime
    ends_at: datetime
    rdv: Rdv | None

    def text(self, zone: ZoneInfo) -> str:
        """Return "Camille DURAND a déjà un RDV mardi 24 novembre 2026, de 10 h à 10 h 30 : …"."""
        start, end = self.starts_at.astimezone(zone), self.ends_at.astimezone(zone)
        words = {
            "agent": self.agent.full_name,
            "day": day_text(start),
            "start": time_text(start),
            "end": time_text(end),
        }
        taken = _("%(agent)s a déjà un RDV %(day)s, de %(start)s à %(end)s") % words
        if self.rdv is None:
            return f"{taken}."
        return f"{taken} : {rdv_title(self.rdv)} ({self.rdv.motif.name})."


def overlaps_of(
    *,
    agent_ids: Collection[int],
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor | None,
    excluded_rdv_id: int | None = None,
) -> list[Overlap]:
    """Return the RDVs that hold time in [starts_at, ends_at), in order of time and agent."""
    taken = (
        AgentRdv.objects.filter(
            agent__in=agent_ids, holds_time=True, starts_at__lt=ends_at, ends_at__gt=starts_at
        )
        .exclude(rdv=excluded_rdv_id)
        .select_related("agent__account")
        .order_by("starts_at", "agent__sort_key", "pk")
    )
    rows = list(taken)
    if not rows:
        return []
    readable = (
        rdvs_for(actor, Permission.RDV_READ)
        .filter(pk__in={row.rdv_id for row in rows})
        .select_related("motif")
        .prefetch_related("participations__usager")
    )
    known = {rdv.pk: rdv for rdv in readable}
    return [Overlap(row.agent, row.starts_at, row.ends_at, known.get(row.rdv_id)) for row in rows]
