"""What stands in a territoire, in figures, for the first page of « Espace admin »."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import Organisation
from agents.queries.equipe_list import agents_of_territoire

if TYPE_CHECKING:
    from agents.models import Territoire


@dataclass(frozen=True)
class TerritoireFigures:
    organisations: int
    agents: int
    services: int


def territoire_figures(territoire: Territoire) -> TerritoireFigures:
    """Return how many organisations in activity, active agents and services; three statements."""
    living = Organisation.objects.filter(territoire=territoire, archived_at=None)
    return TerritoireFigures(
        organisations=living.count(),
        agents=agents_of_territoire(territoire).count(),
        services=territoire.territoire_services.count(),
    )
