"""Accept an invitation: a name, perhaps a password, and the places that it gives (G02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, AgentService, Invitation, RoleOrganisation
from agents.permissions import AgentActor
from agents.queries.invitation import standing_of
from agents.rules.invitation import Standing
from agents.services.audit_write import record_change
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime


class InvitationOver(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Its link is used, cancelled or too old."""


@dataclass(frozen=True)
class Identity:
    """Who accepts. `password` is None when a provider of identity signs them in."""

    first_name: str
    last_name: str
    password: str | None = None


@transaction.atomic
def accept_invitation(*, invitation_id: int, identity: Identity | None, now: datetime) -> Agent:
    """Accept for whoever proved to read its mailbox: by its link, or by a verified e-mail.

    `identity` is required of a new agent, and not read for one who has an account already. What
    was invited by other organisations of the same territoire is valid with it, without a mail.
    Raises InvitationOver, InvalidRow.
    """
    rows = Invitation.objects.select_for_update(of=("self", "agent"), no_key=True)
    invitation = rows.select_related("agent").get(pk=invitation_id)
    _check_open(invitation, now)
    agent = invitation.agent
    if agent.is_invited:
        _introduce(agent, identity)
    _take_place(invitation)
    ended = Invitation.objects.pending().filter(agent=agent)
    # The others of who had roles at once: nothing is left to accept.
    ended.filter(joins_by_accepting=False).exclude(pk=invitation.pk).update(accepted_at=now)
    invitation.accepted_at = now
    invitation.save(update_fields=["accepted_at"])
    record_change(
        action="invitation_accepted",
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=None,
        territoire_id=invitation.territoire_id,
        actor=AgentActor(agent_id=agent.pk),
        now=now,
    )
    return agent


def _check_open(invitation: Invitation, now: datetime) -> None:
    words = {
        Standing.ACCEPTED: _("Cette invitation a déjà été acceptée. Connectez-vous."),
        Standing.CANCELLED: _("Cette invitation a été annulée."),
        Standing.EXPIRED: _("Cette invitation a plus de 7 jours."),
    }
    found = standing_of(invitation, now)
    if found != Standing.OPEN:
        raise InvitationOver(words[found])
    if invitation.agent.deactivated_at is not None or invitation.agent.account is None:
        raise InvitationOver(words[Standing.CANCELLED])


def _introduce(agent: Agent, identity: Identity | None) -> None:
    """Write the name and the password of a new agent; their address is proven."""
    account = agent.account
    assert account is not None
    if identity is None or not identity.last_name.strip() or not identity.first_name.strip():
        raise InvalidRow({"last_name": [_("Donnez votre prénom et votre nom.")]})
    agent.first_name, agent.last_name = identity.first_name.strip(), identity.last_name.strip()
    if identity.password is not None:
        # The rule against passwords that look like oneself reads these.
        vars(account).update(first_name=agent.first_name, last_name=agent.last_name)
        try:
            validate_password(identity.password, user=account)
        except ValidationError as error:
            raise InvalidRow({"password": list(error.messages)}) from error
        account.set_password(identity.password)
    save_checked(agent)
    account.email_is_proven = True
    account.save()


def _take_place(invitation: Invitation) -> None:
    """Give what was waiting; services only to who has none in the territoire (G03)."""
    agent, territoire = invitation.agent, invitation.territoire_id
    waiting = invitation.waiting_roles.filter(organisation__archived_at=None)
    RoleOrganisation.objects.bulk_create(
        (
            RoleOrganisation(agent=agent, organisation_id=row.organisation_id, level=row.level)
            for row in waiting
        ),
        ignore_conflicts=True,
    )
    if not AgentService.objects.filter(agent=agent, territoire=territoire).exists():
        AgentService.objects.bulk_create(
            AgentService(agent=agent, territoire_id=territoire, service=service)
            for service in invitation.waiting_services.all()
        )
