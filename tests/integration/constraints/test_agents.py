"""Each constraint of agents refuses its bad row, and says why in French."""

from __future__ import annotations

import hashlib
import itertools
from datetime import UTC, datetime, timedelta

import pytest

from agents.models import (
    AgentService,
    AuditEntry,
    BrandHost,
    BrandLogo,
    DroitTerritoire,
    EquipeAgent,
    Invitation,
    InvitationRole,
    InvitationService,
    LegalPage,
    RetentionReport,
    RoleOrganisation,
    Service,
    TerritoireService,
)
from rdv.common.encryption import Secret
from tests.factories import (
    AgentFactory,
    BrandFactory,
    EquipeFactory,
    OrganisationFactory,
    TerritoireFactory,
    service,
)
from tests.integration.constraints.doors import (
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
    twin,
)
from tests.integration.constraints.sectors import CASES as SECTORS

pytestmark = pytest.mark.django_db


def intervenant():
    return AgentFactory(email=None)


def agent_service():
    return AgentService.objects.create(
        agent=AgentFactory(), territoire=TerritoireFactory(), service=service()
    )


def audit_entry():
    return AuditEntry(at=datetime(2027, 1, 4, tzinfo=UTC), action="read", object_kind="rdv")


def report():
    return RetentionReport(step="rdvs", at=datetime(2027, 1, 4, tzinfo=UTC))


def role():
    return RoleOrganisation.objects.create(agent=AgentFactory(), organisation=OrganisationFactory())


def droit():
    return DroitTerritoire.objects.create(agent=AgentFactory(), territoire=TerritoireFactory())


def equipe_agent():
    return EquipeAgent.objects.create(equipe=EquipeFactory(), agent=AgentFactory())


DIGESTS = itertools.count()


def invitation():
    at = datetime(2027, 1, 4, tzinfo=UTC)
    return Invitation.objects.create(
        agent=AgentFactory(),
        territoire=TerritoireFactory(),
        email="bob@exemple.fr",
        digest=hashlib.sha256(str(next(DIGESTS)).encode()).hexdigest(),
        created_at=at,
        sent_at=at,
        expires_at=at + timedelta(days=7),
    )


def invitation_role():
    return InvitationRole.objects.create(
        invitation=invitation(), organisation=OrganisationFactory(), level="basique"
    )


def invitation_service():
    return InvitationService.objects.create(invitation=invitation(), service=service())


def pmi():
    return service("pmi")


def territoire_service():
    return TerritoireService.objects.create(territoire=TerritoireFactory(), service=service())


def same_name_as_social(field: str):
    """Names differ by their case only."""
    return lambda: (pmi(), {field: getattr(Service.objects.get(code="social"), field).upper()})


def brand_host():
    return BrandHost.objects.create(brand=BrandFactory(), host=f"{BrandHost.objects.count()}.fr")


def brand_logo():
    return BrandLogo.objects.create(
        brand=BrandFactory(),
        content=b"",
        digest="0123456789abcdef",
        width=16,
        height=16,
        alt_text="Ville",
        updated_at=datetime(2027, 1, 4, tzinfo=UTC),
    )


def legal_page():
    return LegalPage.objects.create(
        brand=BrandFactory(), kind="cgu", text="Texte", updated_at=datetime(2027, 1, 4, tzinfo=UTC)
    )


def second_default():
    BrandFactory(is_default=True)
    return BrandFactory(), {"is_default": True}


CASES = {
    **SECTORS,
    "brand_accessibility_known": [changed(BrandFactory, accessibility="presque")],
    "brand_one_default": [second_default],
    "brand_sms_sender_alphanumeric": [changed(BrandFactory, sms_sender="R D V")],
    "brand_name_not_blank": [changed(BrandFactory, name="")],
    "brand_host_once": [twin(brand_host, "host")],
    "brand_logo_alt_not_blank": [changed(brand_logo, alt_text="")],
    "brand_logo_has_a_size": [changed(brand_logo, width=601), changed(brand_logo, height=0)],
    "brand_logo_digest": [changed(brand_logo, digest="0123")],
    "brand_host_lower_case": [changed(brand_host, host="Ville.fr"), changed(brand_host, host="")],
    "legal_page_kind_known": [changed(legal_page, kind="cookies")],
    "legal_page_once_per_brand": [twin(legal_page, "brand", "kind")],
    "legal_page_not_blank": [changed(legal_page, text="")],
    "agent_rdv_notifications_known": [changed(AgentFactory, rdv_notifications="daily")],
    "agent_plage_notifications_known": [changed(AgentFactory, plage_notifications="soon")],
    "agent_indisponibilite_notifications_known": [
        changed(AgentFactory, indisponibilite_notifications="soon")
    ],
    "agent_agenda_view_known": [changed(AgentFactory, agenda_view="annee")],
    "agent_without_account_has_a_name": [changed(intervenant, last_name="")],
    "agent_service_once": [twin(agent_service, "agent", "territoire", "service")],
    "equipe_name_unique_in_territoire": [twin(EquipeFactory, "territoire", "name")],
    "equipe_name_not_blank": [changed(EquipeFactory, name="")],
    "equipe_agent_once": [twin(equipe_agent, "equipe", "agent")],
    "audit_entry_says_what": [
        changed(audit_entry, action=""),
        changed(audit_entry, object_kind=""),
    ],
    "organisation_name_unique_in_territoire": [twin(OrganisationFactory, "territoire", "name")],
    "organisation_name_not_blank": [changed(OrganisationFactory, name="")],
    "organisation_slug_not_reserved": [
        changed(OrganisationFactory, slug="territoire"),
        changed(OrganisationFactory, slug="confirmer"),
    ],
    "organisation_kind_known": [changed(OrganisationFactory, kind="phare")],
    "organisation_suspension_message_with_a_date": [
        changed(OrganisationFactory, suspension_message="Fermé")
    ],
    "retention_report_step_known": [changed(report, step="agendas")],
    "role_level_known": [changed(role, level="chef")],
    "role_once_per_organisation": [twin(role, "agent", "organisation")],
    "invitation_one_pending": [twin(invitation, "agent", "territoire")],
    "invitation_ends_once": [
        changed(
            invitation,
            accepted_at=datetime(2027, 1, 5, tzinfo=UTC),
            cancelled_at=datetime(2027, 1, 5, tzinfo=UTC),
        )
    ],
    "invitation_expires_after_sending": [
        changed(invitation, expires_at=datetime(2027, 1, 4, tzinfo=UTC))
    ],
    "invitation_holds_a_digest": [changed(invitation, digest="le secret lui-même")],
    "invitation_email_lower_case": [
        changed(invitation, email="Bob@exemple.fr"),
        changed(invitation, email=""),
    ],
    "invitation_role_once": [twin(invitation_role, "invitation", "organisation")],
    "invitation_role_signs_in": [changed(invitation_role, level="intervenant")],
    "invitation_service_once": [twin(invitation_service, "invitation", "service")],
    "droit_once_per_territoire": [twin(droit, "agent", "territoire")],
    "droit_admin_holds_delegable_rights": [
        changed(droit, is_admin=True, manages_teams=True, manages_rights=True),
        changed(droit, is_admin=True, manages_teams=True, invites_agents=True),
        changed(droit, is_admin=True, manages_rights=True, invites_agents=True),
    ],
    "service_name_unique": [same_name_as_social("name")],
    "service_short_name_unique": [same_name_as_social("short_name")],
    "service_names_not_blank": [changed(pmi, name=""), changed(pmi, short_name="")],
    "territoire_service_once": [twin(territoire_service, "territoire", "service")],
    "territoire_kind_known": [changed(TerritoireFactory, kind="region")],
    "territoire_usager_fields_known": [changed(TerritoireFactory, usager_fields=["shoe size"])],
    "territoire_timezone_known": [changed(TerritoireFactory, timezone="Europe/Berlin")],
    "territoire_holiday_zone_known": [changed(TerritoireFactory, holiday_zone="baviere")],
    "territoire_sms_gateway_known": [changed(TerritoireFactory, sms_gateway="pigeon")],
    "territoire_sms_sender_alphanumeric": [
        changed(TerritoireFactory, sms_sender="RDV Soc"),
        changed(TerritoireFactory, sms_sender="36034"),
        changed(TerritoireFactory, sms_sender="Été"),
    ],
    "territoire_sms_credentials_with_a_gateway": [
        changed(TerritoireFactory, sms_credentials=Secret.seal("clé")),
    ],
    "territoire_embedding_domains_at_most_50": [
        changed(TerritoireFactory, embedding_domains=["www.ville.example"] * 51)
    ],
    "territoire_name_not_blank": [changed(TerritoireFactory, name="")],
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("agents"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("agents", name, case)
