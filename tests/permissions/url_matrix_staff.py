"""The lines of the matrix for agents: invitations, levels, rights, removal (G01–G04)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from agents.models import Invitation, InvitationRole
from tests.factories import AgentFactory
from tests.factories.planning import NOW
from tests.permissions.url_matrix import ADMINS, EVERYBODY, Row, of_organisation
from tests.permissions.url_matrix_territoire import TERRITOIRE_ADMIN, of_territoire

if TYPE_CHECKING:
    from tests.cast import Cast

# Who works in the organisation reads its agents: refused, not hidden.
COLLEAGUES = "owner same_service other_service secretary"
TOKEN = "le-secret-d-une-invitation"


def the_owner(cast: Cast) -> list[Any]:
    return [cast.organisation.uuid, cast.owner.uuid]


def owner_of_territoire(cast: Cast) -> list[Any]:
    return [cast.territoire.uuid, cast.owner.uuid]


def intervenant(cast: Cast) -> list[Any]:
    agent = AgentFactory(
        organisations=[cast.organisation], organisations__level="intervenant", email=None
    )
    return [cast.organisation.uuid, agent.uuid]


def invitation(cast: Cast) -> Invitation:
    """Somebody of another territoire is invited to the organisation."""
    row = Invitation.objects.create(
        agent=cast.stranger,
        territoire=cast.territoire,
        email=cast.stranger.email,
        joins_by_accepting=True,
        digest=hashlib.sha256(TOKEN.encode()).hexdigest(),
        created_at=NOW - timedelta(days=1),
        sent_at=NOW - timedelta(days=1),
        expires_at=NOW + timedelta(days=6),
    )
    InvitationRole.objects.create(invitation=row, organisation=cast.organisation, level="basique")
    return row


def the_invitation(cast: Cast) -> list[Any]:
    return [cast.organisation.uuid, invitation(cast).uuid]


def the_link(cast: Cast) -> list[Any]:
    invitation(cast)
    return [TOKEN]


def invite_data(cast: Cast) -> dict[str, Any]:
    return {
        "email": "nouvelle@exemple.fr",
        "level": "basique",
        "services": ["social"],
        "organisations": [str(cast.organisation.uuid)],
    }


_OF_TERRITOIRE_GET = {200: TERRITOIRE_ADMIN}
_DONE_BY_TERRITOIRE = {302: f"{TERRITOIRE_ADMIN} token nobody"}
_SEEN_BY_ADMINS = {200: ADMINS, 403: COLLEAGUES}
_DONE_BY_ADMINS = {302: f"{ADMINS} token nobody", 403: COLLEAGUES}

MATRIX: dict[str, Row] = {
    "agents:agent_list": Row(
        args=of_organisation,
        get=_SEEN_BY_ADMINS,
        post={**_SEEN_BY_ADMINS, 302: "token nobody"},
        data=lambda _: {"q": "durand"},
    ),
    "agents:agent_invite": Row(
        args=of_organisation, get=_SEEN_BY_ADMINS, post=_DONE_BY_ADMINS, data=invite_data
    ),
    "agents:agent_import": Row(
        args=of_organisation,
        get=_SEEN_BY_ADMINS,
        post={422: ADMINS, 403: COLLEAGUES, 302: "token nobody"},
    ),
    "agents:intervenant_create": Row(
        args=of_organisation,
        get=_SEEN_BY_ADMINS,
        post=_DONE_BY_ADMINS,
        data=lambda _: {"last_name": "Guichet 2", "services": ["social"]},
    ),
    "agents:role_edit": Row(
        args=the_owner, get=_SEEN_BY_ADMINS, post=_DONE_BY_ADMINS, data=lambda _: {"level": "admin"}
    ),
    "agents:intervenant_edit": Row(
        args=intervenant,
        get=_SEEN_BY_ADMINS,
        post=_DONE_BY_ADMINS,
        data=lambda _: {"last_name": "Maître Durand"},
    ),
    "agents:intervenant_account": Row(
        args=intervenant,
        get=_SEEN_BY_ADMINS,
        post=_DONE_BY_ADMINS,
        data=lambda _: {
            "email": "maitre@exemple.fr",
            "first_name": "Anne",
            "last_name": "Durand",
            "level": "basique",
        },
    ),
    "agents:intervenant_back": Row(args=the_owner, get=_SEEN_BY_ADMINS, post=_DONE_BY_ADMINS),
    "agents:invitation_resend": Row(args=the_invitation, post=_DONE_BY_ADMINS),
    "planning:invitation_cancel": Row(
        args=the_invitation, get=_SEEN_BY_ADMINS, post=_DONE_BY_ADMINS
    ),
    "agents:invitation_accept": Row(args=the_link, get={200: EVERYBODY}, post={302: EVERYBODY}),
    "planning:agent_remove": Row(
        args=the_owner,
        get=_SEEN_BY_ADMINS,
        # The owner has a RDV to come.
        post={422: ADMINS, 403: COLLEAGUES, 302: "token nobody"},
    ),
    "agents:territoire_agent_list": Row(
        args=of_territoire,
        get=_OF_TERRITOIRE_GET,
        post={200: TERRITOIRE_ADMIN, 302: "token nobody"},
        data=lambda _: {"q": "durand"},
    ),
    "agents:territoire_agent_invite": Row(
        args=of_territoire,
        get=_OF_TERRITOIRE_GET,
        post=_DONE_BY_TERRITOIRE,
        data=invite_data,
    ),
    "agents:territoire_agent_import": Row(
        args=of_territoire,
        get=_OF_TERRITOIRE_GET,
        post={422: TERRITOIRE_ADMIN, 302: "token nobody"},
    ),
    "agents:territoire_agent_detail": Row(args=owner_of_territoire, get=_OF_TERRITOIRE_GET),
    # The owner has none: there is nothing to clear.
    "agents:second_factor_forget": Row(
        args=owner_of_territoire, get=_OF_TERRITOIRE_GET, post=_DONE_BY_TERRITOIRE
    ),
    "agents:agent_rights": Row(
        args=owner_of_territoire,
        get=_OF_TERRITOIRE_GET,
        post=_DONE_BY_TERRITOIRE,
        data=lambda _: {"invites_agents": "on"},
    ),
    "agents:agent_equipes": Row(
        args=owner_of_territoire,
        get=_OF_TERRITOIRE_GET,
        post=_DONE_BY_TERRITOIRE,
        data=lambda cast: {"equipes": [str(cast.equipe.uuid)]},
    ),
    "agents:agent_join": Row(
        args=owner_of_territoire,
        get=_OF_TERRITOIRE_GET,
        post=_DONE_BY_TERRITOIRE,
        data=lambda cast: {
            "organisation": str(cast.elsewhere_organisation.uuid),
            "level": "basique",
        },
    ),
    "planning:agent_services": Row(
        args=owner_of_territoire,
        get=_OF_TERRITOIRE_GET,
        post=_DONE_BY_TERRITOIRE,
        data=lambda _: {"services": ["social", "pmi"]},
    ),
}
