"""Rows for tests, with the least that each table needs. Traits are named arguments."""

from tests.factories.agents import (
    AgentFactory,
    EquipeFactory,
    OrganisationFactory,
    SectorFactory,
    SectorZoneFactory,
    TerritoireFactory,
    service,
)
from tests.factories.motifs import LieuFactory, MotifCategoryFactory, MotifFactory
from tests.factories.notifications import BlockedAddressFactory, OutboxMessageFactory
from tests.factories.planning import (
    IndisponibiliteFactory,
    PlageOuvertureFactory,
    RdvFactory,
)
from tests.factories.usagers import UsagerFactory

__all__ = [
    "AgentFactory",
    "BlockedAddressFactory",
    "EquipeFactory",
    "IndisponibiliteFactory",
    "LieuFactory",
    "MotifCategoryFactory",
    "MotifFactory",
    "OrganisationFactory",
    "OutboxMessageFactory",
    "PlageOuvertureFactory",
    "RdvFactory",
    "SectorFactory",
    "SectorZoneFactory",
    "TerritoireFactory",
    "UsagerFactory",
    "service",
]
