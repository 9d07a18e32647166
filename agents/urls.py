"""URLs of agents."""

from django.urls import path

from agents.views.agent_equipes import agent_equipes
from agents.views.agent_import import agent_import, territoire_agent_import
from agents.views.agent_invite import agent_invite, territoire_agent_invite
from agents.views.agent_join import agent_join
from agents.views.agent_list import agent_list, territoire_agent_list
from agents.views.agent_rights import agent_rights
from agents.views.blocked_address_clear import blocked_address_clear
from agents.views.equipe_delete import equipe_delete
from agents.views.equipe_edit import equipe_create, equipe_edit
from agents.views.equipe_list import equipe_list
from agents.views.home import home
from agents.views.intervenant_convert import intervenant_account, intervenant_back
from agents.views.intervenant_edit import intervenant_create, intervenant_edit
from agents.views.invitation_accept import invitation_accept
from agents.views.invitation_resend import invitation_resend
from agents.views.organisation_edit import organisation_edit
from agents.views.organisation_list import organisation_list
from agents.views.preferences import preferences
from agents.views.profile import profile
from agents.views.role_edit import role_edit
from agents.views.territoire_agent_detail import territoire_agent_detail
from agents.views.territoire_home import territoire_home
from agents.views.webcal import webcal, webcal_remove, webcal_renew

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
    path(f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/equipes/", agent_equipes, name="agent_equipes"),
    path(f"{_STAFF_OF_TERRITOIRE}/<uuid:agent_uuid>/ajouter/", agent_join, name="agent_join"),
]

app_name = "agents"
urlpatterns = [
    *staff_patterns,
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
