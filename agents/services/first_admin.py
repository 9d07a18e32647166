"""The first agent of a new client: admin of its territoire and of its organisation (G16)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.models import (
    Agent,
    AgentService,
    DroitTerritoire,
    Invitation,
    Level,
    RoleOrganisation,
)
from agents.services.invitation_send import open_invitation, send_invitation
from rdv.accounts.models import Account, Kind
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from agents.models import Organisation, Service, Territoire


def add_first_admin(
    organisation: Organisation,
    *,
    first_name: str,
    last_name: str,
    email: str,
    services: Iterable[Service],
    now: datetime,
) -> Agent:
    """Insert the agent and invite them. Raises InvalidRow: also when the address is known.

    Somebody who already works in another territoire would join without having accepted
    (decision 16): give the address of a colleague, who invites them.
    """
    address = email.strip().lower()
    if Account.objects.filter(kind=Kind.AGENT, email=address).exists():
        raise InvalidRow({"email": [_("Un agent a déjà cette adresse. Donnez-en une autre.")]})
    agent = Agent(
        account=Account.objects.create_account(
            kind=Kind.AGENT, email=address, email_is_proven=False
        ),
        first_name=first_name,
        last_name=last_name,
    )
    save_checked(agent)
    territoire = organisation.territoire
    RoleOrganisation.objects.create(agent=agent, organisation=organisation, level=Level.ADMIN)
    DroitTerritoire.objects.create(
        agent=agent,
        territoire=territoire,
        is_admin=True,
        manages_teams=True,
        manages_rights=True,
        invites_agents=True,
    )
    AgentService.objects.bulk_create(
        AgentService(agent=agent, territoire=territoire, service=service) for service in services
    )
    _invite(agent, territoire, now)
    return agent


def _invite(agent: Agent, territoire: Territoire, now: datetime) -> None:
    invitation = Invitation(agent=agent, territoire=territoire, email=agent.email, created_at=now)
    token = open_invitation(invitation, now=now)
    invitation.save()
    send_invitation(invitation, token, now=now)
