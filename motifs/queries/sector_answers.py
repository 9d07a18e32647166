"""What somebody who lives in some sectors may book: the page that tries an address (G15)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import Agent, Attribution
from motifs.models import Motif, SectorisationLevel
from motifs.policies import PRESCRIBED
from motifs.queries.sectors import motifs_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from agents.models import Sector, Territoire


@dataclass(frozen=True)
class Answer:
    """A sectorised motif that answers. `agents`: names, for one sectorised by agent."""

    motif: Motif
    agents: tuple[str, ...] = ()


def answers_of(territoire: Territoire, sectors: Iterable[Sector]) -> list[Answer]:
    """Return what answers these sectors, by organisation; four statements."""
    keys = frozenset(sector.pk for sector in sectors)
    rows = _sectorised(territoire).select_related("organisation", "service")
    motifs = list(rows.order_by("organisation__name", "name", "pk"))
    kept = motifs_in((motif.pk for motif in motifs), keys)
    agents = _agents([motif.pk for motif in motifs if motif.pk in kept], keys)
    return [Answer(motif, tuple(agents.get(motif.pk, ()))) for motif in motifs if motif.pk in kept]


def sectorised_count(territoire: Territoire) -> int:
    """Return how many motifs ask for an address."""
    return _sectorised(territoire).count()


def _sectorised(territoire: Territoire) -> QuerySet[Motif]:
    rows = Motif.objects.active().filter(
        organisation__territoire=territoire,
        organisation__archived_at=None,
        booking_level__in=PRESCRIBED,
        is_follow_up=False,
    )
    return rows.exclude(sectorisation_level=SectorisationLevel.DEPARTEMENT)


def _agents(motif_ids: list[int], sectors: frozenset[int]) -> dict[int, list[str]]:
    """Return the attributed agents who have a plage for each motif sectorised by agent."""
    rows = Attribution.objects.filter(
        sector__in=sectors,
        agent__plages__motifs__in=motif_ids,
        agent__plages__motifs__sectorisation_level=SectorisationLevel.AGENT,
    )
    found = rows.values_list(
        "agent__plages__motifs", "agent__plages__organisation", "organisation", "agent"
    )
    pairs = {(motif, agent) for motif, at, attributed, agent in found if at == attributed}
    agents = Agent.objects.select_related("account").in_bulk({agent for _motif, agent in pairs})
    named: dict[int, list[str]] = defaultdict(list)
    for motif, agent in pairs:
        named[motif].append(agents[agent].full_name)
    return {motif: sorted(names) for motif, names in named.items()}
