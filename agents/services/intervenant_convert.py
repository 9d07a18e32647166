"""An intervenant gets an account, or an agent becomes an intervenant (§3.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, DroitTerritoire, Invitation, Level
from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from agents.services.intervenant_edit import silence, usual_notifications
from agents.services.invitation_send import open_invitation, send_invitation
from agents.services.staff_lock import (
    StaffRefused,
    is_oneself,
    keep_an_admin,
    keep_an_admin_of,
    lock_organisation,
    lock_role,
)
from rdv.accounts.models import Account, Kind
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor


@dataclass(frozen=True)
class AccountFields:
    """`level` is basique or admin."""

    email: str
    first_name: str
    last_name: str
    level: str = Level.BASIQUE


@transaction.atomic
def give_account(
    *,
    agent_id: int,
    organisation_id: int,
    fields: AccountFields,
    actor: Actor | None,
    now: datetime,
) -> Invitation:
    """Invite an intervenant: same agenda, an account to come. Raises StaffRefused, InvalidRow."""
    organisation = lock_organisation(actor, Permission.AGENT_EDIT, organisation_id)
    role = lock_role(agent_id, organisation)
    agent = role.agent
    if role.level != Level.INTERVENANT:
        raise StaffRefused(_("Cet agent a déjà un compte."))
    if fields.level not in (Level.BASIQUE, Level.ADMIN):
        raise InvalidRow({"level": [_("Ce niveau n’est pas prévu.")]})
    agent.account = _new_account(fields.email)
    agent.first_name, agent.last_name = fields.first_name.strip(), fields.last_name.strip()
    usual_notifications(agent)
    save_checked(agent)
    role.level = fields.level
    role.save(update_fields=["level"])
    invitation = Invitation(
        agent=agent,
        territoire=organisation.territoire,
        email=agent.email,
        invited_by_id=actor.agent_id if isinstance(actor, AgentActor) else None,
        created_at=now,
    )
    token = open_invitation(invitation, now=now)
    invitation.save()
    send_invitation(invitation, token, now=now)
    _audit("account_given", agent, organisation.pk, actor, now)
    return invitation


@transaction.atomic
def take_account(
    *, agent_id: int, organisation_id: int, actor: Actor | None, now: datetime
) -> Agent:
    """Make an agent an intervenant: the account, the rights and the first name go.

    For an agent of this organisation alone, with a name; never oneself. Raises StaffRefused.
    """
    organisation = lock_organisation(actor, Permission.AGENT_EDIT, organisation_id)
    role = lock_role(agent_id, organisation)
    agent, account = role.agent, role.agent.account
    if account is None:
        raise StaffRefused(_("C’est déjà un intervenant."))
    if is_oneself(actor, agent.pk):
        raise StaffRefused(_("Vous ne pouvez pas supprimer votre propre compte."))
    if agent.roles.count() > 1:
        raise StaffRefused(
            _("Cet agent est dans plusieurs organisations : retirez-le des autres d’abord.")
        )
    if not agent.last_name.strip():
        raise StaffRefused(_("Cet agent n’a pas encore donné son nom : créez un intervenant."))
    keep_an_admin(role)
    _drop_rights(agent, actor)
    Invitation.objects.pending().filter(agent=agent).update(cancelled_at=now)
    agent.account, agent.first_name, agent.webcal_salt = None, "", ""
    silence(agent)
    save_checked(agent)
    role.level = Level.INTERVENANT
    role.save(update_fields=["level"])
    account.delete()
    _audit("account_taken", agent, organisation.pk, actor, now)
    return agent


def _new_account(email: str) -> Account:
    """Make the account of an address that nobody of ours signs in with."""
    email = email.strip().lower()
    if Account.objects.filter(kind=Kind.AGENT, email=email).exists():
        raise InvalidRow({"email": [_("Cette adresse ne peut pas servir à ce compte.")]})
    account = Account(kind=Kind.AGENT, email=email, email_is_proven=False)
    account.set_unusable_password()
    account.name_login()
    save_checked(account, without=["password"])
    return account


def _drop_rights(agent: Agent, actor: Actor | None) -> None:
    """The rights on a territoire are those of an admin of it to take."""
    for row in DroitTerritoire.objects.filter(agent=agent).select_related("territoire"):
        if row.is_admin:
            if not _is_admin_of(actor, row.territoire_id):
                raise StaffRefused(
                    _("C’est un administrateur du territoire : retirez-lui ce droit d’abord.")
                )
            keep_an_admin_of(row.territoire, agent)
        row.delete()


def _is_admin_of(actor: Actor | None, territoire_id: int) -> bool:
    return isinstance(actor, AgentActor) and territoire_id in actor.territoires_with(
        Permission.TERRITOIRE_EDIT
    )


def _audit(
    action: str, agent: Agent, organisation_id: int, actor: Actor | None, now: datetime
) -> None:
    record_change(
        action=action,
        object_kind="agent",
        object_uuid=agent.uuid,
        organisation_id=organisation_id,
        actor=actor,
        now=now,
    )
