"""Who works here, and what each may do."""

from agents.models.agent import (
    AgendaView,
    Agent,
    AgentQuerySet,
    AgentService,
    PlanningNotificationLevel,
    RdvNotificationLevel,
)
from agents.models.audit_entry import AuditEntry
from agents.models.brand import Accessibility, Brand, BrandHost, LegalKind, LegalPage
from agents.models.brand_logo import BrandLogo
from agents.models.equipe import Equipe, EquipeAgent
from agents.models.invitation import Invitation, InvitationRole, InvitationService
from agents.models.organisation import Organisation, OrganisationKind
from agents.models.retention_report import RetentionReport, Step
from agents.models.role import DroitTerritoire, Level, RoleOrganisation
from agents.models.sector import Attribution, Sector, SectorZone, ZoneLevel
from agents.models.service import Service, TerritoireService
from agents.models.territoire import Territoire, UsagerField

__all__ = [
    "Accessibility",
    "AgendaView",
    "Agent",
    "AgentQuerySet",
    "AgentService",
    "Attribution",
    "AuditEntry",
    "Brand",
    "BrandHost",
    "BrandLogo",
    "DroitTerritoire",
    "Equipe",
    "EquipeAgent",
    "Invitation",
    "InvitationRole",
    "InvitationService",
    "LegalKind",
    "LegalPage",
    "Level",
    "Organisation",
    "OrganisationKind",
    "PlanningNotificationLevel",
    "RdvNotificationLevel",
    "RetentionReport",
    "RoleOrganisation",
    "Sector",
    "SectorZone",
    "Service",
    "Step",
    "Territoire",
    "TerritoireService",
    "UsagerField",
    "ZoneLevel",
]
