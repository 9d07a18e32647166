"""Rows for tests, with the least that each table needs. Traits are named arguments."""

from tests.factories.agents import (
    AgentFactory,
    BrandFactory,
    EquipeFactory,
    OrganisationFactory,
    SectorFactory,
    SectorZoneFactory,
    TerritoireFactory,
    service,
)
from tests.factories.motifs import (
    LieuFactory,
    MotifBulkEditFactory,
    MotifBulkLineFactory,
    MotifCategoryFactory,
    MotifFactory,
)
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
    "BrandFactory",
    "EquipeFactory",
    "IndisponibiliteFactory",
    "LieuFactory",
    "MotifBulkEditFactory",
    "MotifBulkLineFactory",
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
