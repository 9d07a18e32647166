"""URLs of agents."""

from django.urls import path

from agents.views.blocked_address_clear import blocked_address_clear
from agents.views.data_contacts import data_contacts
from agents.views.embedding_sites import embedding_sites
from agents.views.equipe_delete import equipe_delete
from agents.views.equipe_edit import equipe_create, equipe_edit
from agents.views.equipe_list import equipe_list
from agents.views.fiche_fields import fiche_fields
from agents.views.home import home
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
from agents.views.service_switch import service_list, service_switch
from agents.views.sms_gateway_edit import sms_gateway_edit, sms_trial
from agents.views.start_up_hide import start_up_hide
from agents.views.territoire_home import territoire_home
from agents.views.territoire_settings import territoire_settings
from agents.views.webcal import webcal, webcal_remove, webcal_renew

_TERRITOIRE = "territoires/<uuid:territoire_uuid>"

app_name = "agents"
urlpatterns = [
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
    path(f"{_TERRITOIRE}/services/", service_list, name="service_list"),
    path(f"{_TERRITOIRE}/services/<slug:code>/", service_switch, name="service_switch"),
    path(f"{_TERRITOIRE}/pages-legales/", legal_page_list, name="legal_page_list"),
    path(
        f"{_TERRITOIRE}/pages-legales/<uuid:brand_uuid>/<slug:kind>/",
        legal_page_edit,
        name="legal_page_edit",
    ),
    path("mentions-legales/", legal_page, {"kind": "mentions"}, name="legal_mentions"),
    path("conditions-d-utilisation/", legal_page, {"kind": "cgu"}, name="legal_cgu"),
    path("donnees-personnelles/", legal_page, {"kind": "privacy"}, name="legal_privacy"),
    path("accessibilite/", legal_page, {"kind": "accessibility"}, name="legal_accessibility"),
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
