"""From a counter to the RDVs that it counts: the list of RDVs with the same filters (E08)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.http import urlencode

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from agents.models import Agent, Organisation
    from motifs.models import Lieu, Motif

# A longer query string would say more than a reader, or a proxy, takes.
_MOST_MOTIFS = 40


@dataclass(frozen=True)
class RdvLinks:
    """Writes addresses of the list; "" when the list cannot be asked for the same RDVs.

    `organisations`: those of the page that have a list. `motifs`: those of its filter, None without
    one. `is_own`: the page speaks of one agent's RDVs, and a link names that agent or is none.
    """

    organisations: tuple[Organisation, ...]
    first: date
    last: date
    motifs: tuple[UUID, ...] | None = None
    lieu: Lieu | None = None
    agent: Agent | None = None
    is_own: bool = False

    def __call__(
        self,
        *,
        states: Iterable[str] = (),
        motif: Motif | None = None,
        lieu: Lieu | None = None,
        agent: Agent | None = None,
        organisation: Organisation | None = None,
    ) -> str:
        """Return the address of the RDVs of the page that are of these too."""
        asked = (organisation,) if organisation else self.organisations
        if self.is_own and not agent:
            return ""
        motifs = (motif.uuid,) if motif else self.motifs
        if not asked or (motifs is not None and not 0 < len(motifs) <= _MOST_MOTIFS):
            return ""
        if agent and self.agent and agent.pk != self.agent.pk:
            return ""  # RDVs of both: the list shows those of either
        lieu, agent = lieu or self.lieu, agent or self.agent
        query: dict[str, Any] = {
            "debut": self.first.isoformat(),
            "fin": self.last.isoformat(),
            "statut": list(states),
            "motifs": list(motifs or ()),
            "lieux": [lieu.uuid] if lieu else [],
            "agents": [agent.uuid] if agent else [],
            "org": [row.uuid for row in asked] if len(asked) > 1 else [],
        }
        url = reverse("planning:rdv_list", args=[asked[0].uuid])
        return f"{url}?{urlencode(query, doseq=True)}"
