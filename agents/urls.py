"""URLs of agents."""

from django.urls import path

from agents.views.blocked_address_clear import blocked_address_clear
from agents.views.equipe_delete import equipe_delete
from agents.views.equipe_edit import equipe_create, equipe_edit
from agents.views.equipe_list import equipe_list
from agents.views.home import home
from agents.views.organisation_edit import organisation_edit
from agents.views.organisation_list import organisation_list
from agents.views.preferences import preferences
from agents.views.profile import profile
from agents.views.territoire_home import territoire_home
from agents.views.territoire_security import territoire_security
from agents.views.webcal import webcal, webcal_remove, webcal_renew

app_name = "agents"
urlpatterns = [
    path("agents/", home, name="home"),
    path("vos-organisations/", organisation_list, name="organisation_list"),
    path(
        "organisations/<uuid:organisation_uuid>/parametres/",
        organisation_edit,
        name="organisation_edit",
    ),
    path("organisations/<uuid:organisation_uuid>/equipes/", equipe_list, name="equipe_list"),
    path(
        "organisations/<uuid:organisation_uuid>/equipes/nouvelle/",
        equipe_create,
        name="equipe_create",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/equipes/<uuid:equipe_uuid>/modifier/",
        equipe_edit,
        name="equipe_edit",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/equipes/<uuid:equipe_uuid>/supprimer/",
        equipe_delete,
        name="equipe_delete",
    ),
    path("territoires/<uuid:territoire_uuid>/", territoire_home, name="territoire_home"),
    path(
        "territoires/<uuid:territoire_uuid>/securite/",
        territoire_security,
        name="territoire_security",
    ),
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
