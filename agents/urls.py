"""URLs of agents."""

from django.urls import path

from agents.views.agent_equipes import agent_equipes
from agents.views.agent_import import agent_import, territoire_agent_import
from agents.views.agent_invite import agent_invite, territoire_agent_invite
from agents.views.agent_join import agent_join
from agents.views.agent_list import agent_list, territoire_agent_list
from agents.views.agent_rights import agent_rights
from agents.views.blocked_address_clear import blocked_address_clear
from agents.views.brand_logo import brand_logo, brand_logo_edit, brand_logo_remove
from agents.views.data_contacts import data_contacts
from agents.views.embedding_sites import embedding_sites
from agents.views.equipe_delete import equipe_delete
from agents.views.equipe_edit import equipe_create, equipe_edit
from agents.views.equipe_list import equipe_list
from agents.views.fiche_fields import fiche_fields
from agents.views.home import home
from agents.views.impersonation import impersonation, impersonation_end
from agents.views.intervenant_convert import intervenant_account, intervenant_back
from agents.views.intervenant_edit import intervenant_create, intervenant_edit
from agents.views.invitation_accept import invitation_accept
from agents.views.invitation_resend import invitation_resend
from agents.views.legal_page import legal_page
from agents.views.legal_page_edit import legal_page_edit, legal_page_list
from agents.views.organisation_admin import (
    organisation_admin_list,
    organisation_archive,
    organisation_create,
    organisation_restore,
)
from agents.views.organisation_edit import organisation_edit
from agents.views.organisation_list import organisation_list
from agents.views.preferences import preferences
from agents.views.profile import profile
from agents.views.role_edit import role_edit
from agents.views.second_factor_forget import second_factor_forget
from agents.views.sector_delete import sector_delete
from agents.views.sector_detail import (
    sector_attribute,
    sector_attribution_end,
    sector_detail,
    sector_zone_add,
    sector_zones_remove,
)
from agents.views.sector_edit import sector_create, sector_edit
from agents.views.sector_export import sector_export
from agents.views.sector_import import sector_import
from agents.views.sector_list import sector_list
from agents.views.service_switch import service_list, service_switch
from agents.views.sms_gateway_edit import sms_gateway_edit, sms_trial
from agents.views.start_up_hide import start_up_hide
from agents.views.territoire_agent_detail import territoire_agent_detail
from agents.views.territoire_home import territoire_home
from agents.views.territoire_security import territoire_security
from agents.views.territoire_settings import territoire_settings
from agents.views.webcal import webcal, webcal_remove, webcal_renew

_TERRITOIRE = "territoires/<uuid:territoire_uuid>"
_SECTOR = f"{_TERRITOIRE}/secteurs/<uuid:sector_uuid>"
_STAFF = "organisations/<uuid:organisation_uuid>/agents"
_STAFF_OF_TERRITOIRE = "territoires/<uuid:territoire_uuid>/agents"

staff_patterns = [
    path(f"{_STAFF}/", agent_list, name="agent_list"),
    path(f"{_STAFF}/inviter/", agent_invite, name="agent_invite"),
    path(f"{_STAFF}/fichier/", agent_import, name="agent_import"),
    path(f"{_STAFF}/nouvel-intervenant/", intervenant_create, name="intervenant_create"),
    path(f"{_STAFF}/<uuid:agent_uuid>/niveau/", role_edit, name="role_edit"),
    path(f"{_STAFF}/<uuid:agent_uuid>/nom/", intervenant_edit, name="intervenant_edit"),
    path(f"{_STAFF}/<uuid:agent_uuid>/compte/", intervenant_account, name="intervenant_account"),
    path(f"{_STAFF}/<uuid:agent_uuid>/intervenant/", intervenant_back, name="intervenant_back"),
    path(
        "organisations/<uuid:organisation_uuid>/invitations/<uuid:invitation_uuid>/renvoyer/",
        invitation_resend,
        name="invitation_resend",
    ),
    path("agents/invitation/<str:token>/", invitation_accept, name="invitation_accept"),
    path(f"{_STAFF_OF_TERRITOIRE}/", territoire_agent_list, name="territoire_agent_list"),
    path(
        f"{_STAFF_OF_TERRITOIRE}/inviter/", territoire_agent_invite, name="territoire_agent_invite"
    ),
    path(
        f"{_STAFF_OF_TERRITOIRE}/fichier/", territoire_agent_import, name="territoire_agent_import"
    ),
    path(
        f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/",
        territoire_agent_detail,
        name="territoire_agent_detail",
    ),
    path(f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/droits/", agent_rights, name="agent_rights"),
    path(
        f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/double-authentification/",
        second_factor_forget,
        name="second_factor_forget",
    ),
    path(f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/equipes/", agent_equipes, name="agent_equipes"),
    path(f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/ajouter/", agent_join, name="agent_join"),
]

app_name = "agents"
urlpatterns = [
    *staff_patterns,
    path("administration-technique/agir-pour/", impersonation, name="impersonation"),
    path("administration-technique/terminer/", impersonation_end, name="impersonation_end"),
    path("agents/", home, name="home"),
    path("vos-organisations/", organisation_list, name="organisation_list"),
    path(
        "organisations/<uuid:organisation_uuid>/parametres/",
        organisation_edit,
        name="organisation_edit",
    ),
    path("territoires/<uuid:territoire_uuid>/equipes/", equipe_list, name="equipe_list"),
    path(
        "territoires/<uuid:territoire_uuid>/equipes/nouvelle/",
        equipe_create,
        name="equipe_create",
    ),
    path(
        "territoires/<uuid:territoire_uuid>/equipes/<uuid:equipe_uuid>/modifier/",
        equipe_edit,
        name="equipe_edit",
    ),
    path(
        "territoires/<uuid:territoire_uuid>/equipes/<uuid:equipe_uuid>/supprimer/",
        equipe_delete,
        name="equipe_delete",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/liste-de-demarrage/masquer/",
        start_up_hide,
        name="start_up_hide",
    ),
    path(f"{_TERRITOIRE}/", territoire_home, name="territoire_home"),
    path(f"{_TERRITOIRE}/reglages/", territoire_settings, name="territoire_settings"),
    path(f"{_TERRITOIRE}/fiches/", fiche_fields, name="fiche_fields"),
    path(f"{_TERRITOIRE}/donnees-personnelles/", data_contacts, name="data_contacts"),
    path(f"{_TERRITOIRE}/sites-integres/", embedding_sites, name="embedding_sites"),
    path(f"{_TERRITOIRE}/sms/", sms_gateway_edit, name="sms_gateway_edit"),
    path(f"{_TERRITOIRE}/sms/essai/", sms_trial, name="sms_trial"),
    path(f"{_TERRITOIRE}/organisations/", organisation_admin_list, name="organisation_admin_list"),
    path(f"{_TERRITOIRE}/organisations/nouvelle/", organisation_create, name="organisation_create"),
    path(
        f"{_TERRITOIRE}/organisations/<uuid:organisation_uuid>/archiver/",
        organisation_archive,
        name="organisation_archive",
    ),
    path(
        f"{_TERRITOIRE}/organisations/<uuid:organisation_uuid>/remettre/",
        organisation_restore,
        name="organisation_restore",
    ),
    path(f"{_TERRITOIRE}/secteurs/", sector_list, name="sector_list"),
    path(f"{_TERRITOIRE}/secteurs/nouveau/", sector_create, name="sector_create"),
    path(f"{_TERRITOIRE}/secteurs/fichier/", sector_import, name="sector_import"),
    path(f"{_TERRITOIRE}/secteurs/secteurs.xlsx", sector_export, name="sector_export"),
    path(f"{_SECTOR}/", sector_detail, name="sector_detail"),
    path(f"{_SECTOR}/modifier/", sector_edit, name="sector_edit"),
    path(f"{_SECTOR}/supprimer/", sector_delete, name="sector_delete"),
    path(f"{_SECTOR}/zones/", sector_zone_add, name="sector_zone_add"),
    path(f"{_SECTOR}/zones/retirer/", sector_zones_remove, name="sector_zones_remove"),
    path(f"{_SECTOR}/attributions/", sector_attribute, name="sector_attribute"),
    path(
        f"{_SECTOR}/attributions/<uuid:attribution_uuid>/retirer/",
        sector_attribution_end,
        name="sector_attribution_end",
    ),
    path(f"{_TERRITOIRE}/services/", service_list, name="service_list"),
    path(f"{_TERRITOIRE}/services/<slug:code>/", service_switch, name="service_switch"),
    path(f"{_TERRITOIRE}/pages-legales/", legal_page_list, name="legal_page_list"),
    path(
        f"{_TERRITOIRE}/pages-legales/<uuid:brand_uuid>/<slug:kind>/",
        legal_page_edit,
        name="legal_page_edit",
    ),
    path(f"{_TERRITOIRE}/marques/<uuid:brand_uuid>/logo/", brand_logo_edit, name="brand_logo_edit"),
    path(
        f"{_TERRITOIRE}/marques/<uuid:brand_uuid>/logo/retirer/",
        brand_logo_remove,
        name="brand_logo_remove",
    ),
    path("marques/<uuid:brand_uuid>/logo-<slug:digest>.png", brand_logo, name="brand_logo"),
    path("mentions-legales/", legal_page, {"kind": "mentions"}, name="legal_mentions"),
    path("conditions-d-utilisation/", legal_page, {"kind": "cgu"}, name="legal_cgu"),
    path("donnees-personnelles/", legal_page, {"kind": "privacy"}, name="legal_privacy"),
    path("accessibilite/", legal_page, {"kind": "accessibility"}, name="legal_accessibility"),
    path(f"{_TERRITOIRE}/securite/", territoire_security, name="territoire_security"),
    path("mon-compte/", profile, name="profile"),
    path(
        "agents/<uuid:agent_uuid>/adresse-bloquee/<uuid:block_uuid>/debloquer/",
        blocked_address_clear,
        name="blocked_address_clear",
    ),
    path("mon-compte/notifications/", preferences, name="preferences"),
    path("mon-compte/synchronisation/", webcal, name="webcal"),
    path("mon-compte/synchronisation/changer-d-adresse/", webcal_renew, name="webcal_renew"),
    path("mon-compte/synchronisation/arreter/", webcal_remove, name="webcal_remove"),
]
