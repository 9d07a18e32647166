"""Invite an address to one or several organisations of a territoire (G02, decision 16)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import (
    Agent,
    AgentService,
    Invitation,
    InvitationRole,
    InvitationService,
    Level,
    RoleOrganisation,
)
from agents.permissions import AgentActor, Permission
from agents.services.audit_write import record_change
from agents.services.invitation_send import (
    has_expired,
    invitation_to,
    open_invitation,
    send_again,
    send_invitation,
)
from agents.services.staff_lock import (
    StaffRefused,
    is_oneself,
    lock_organisations,
    may_give_admin,
    services_of,
)
from notifications.messages.staff import announce_joined
from rdv.accounts.models import Account, Kind
from rdv.common.saving import InvalidRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from agents.models import Organisation, Service, Territoire
    from agents.permissions import Actor


class Outcome(StrEnum):
    """INVITED: a link by mail. JOINED: in at once, told by mail. ADDED: the first link will do."""

    INVITED = "invited"
    JOINED = "joined"
    ADDED = "added"


@dataclass(frozen=True)
class InvitationFields:
    """`level` is basique or admin; `services` are codes of the territoire's."""

    email: str
    organisations: tuple[UUID, ...]
    services: tuple[str, ...]
    level: str = Level.BASIQUE


@dataclass(frozen=True)
class Invited:
    """`kept_services`: those of a colleague, when others were asked for; they did not change."""

    email: str
    outcome: Outcome
    kept_services: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Asked:
    email: str
    territoire: Territoire
    organisations: list[Organisation]
    services: list[Service]
    level: str
    actor: Actor | None
    now: datetime


@transaction.atomic
def invite_agent(
    *, territoire: Territoire, fields: InvitationFields, actor: Actor | None, now: datetime
) -> Invited:
    """Invite, or add a colleague of the territoire at once. All the organisations, or none.

    An address known in other territoires only gets a mail like an unknown one, and nothing of the
    answer tells it. Raises StaffRefused, InvalidRow.
    """
    organisations = lock_organisations(
        actor, Permission.AGENT_INVITE, fields.organisations, territoire
    )
    _check_level(fields.level, organisations, actor)
    asked = _Asked(
        email=fields.email.strip().lower(),
        territoire=territoire,
        organisations=organisations,
        services=services_of(territoire, fields.services),
        level=fields.level,
        actor=actor,
        now=now,
    )
    agent, is_new = _agent_of(asked.email)
    if is_new:
        invited = _invite_newcomer(agent, asked)
    elif _works_here(agent, territoire):
        invited = _add_colleague(agent, asked)
    else:
        invited = _invite_from_elsewhere(agent, asked)
    for organisation in organisations:
        record_change(
            action="agent_invited" if invited.outcome == Outcome.INVITED else "agent_added",
            object_kind="agent",
            object_uuid=agent.uuid,
            organisation_id=organisation.pk,
            actor=actor,
            now=now,
            detail={"level": asked.level},
        )
    return invited


def join_organisation(
    agent: Agent, organisation: Organisation, *, level: str, actor: Actor | None, now: datetime
) -> None:
    """Give a role to a colleague of the territoire, and tell them. Raises InvalidRow."""
    if is_oneself(actor, agent.pk) and not _may_join(actor, organisation, level):
        raise StaffRefused(_("Vous ne pouvez pas vous ajouter vous-même : demandez à un collègue."))
    _refuse_twice(agent, [organisation])
    RoleOrganisation.objects.create(agent=agent, organisation=organisation, level=level)
    if not agent.is_invited and not is_oneself(actor, agent.pk):
        announce_joined(agent, organisation=organisation, author=_name(actor), now=now)


def _may_join(actor: Actor | None, organisation: Organisation, level: str) -> bool:
    """An admin of the territoire manages it all: a basique role only gives them an agenda."""
    assert isinstance(actor, AgentActor)
    everywhere = actor.territoires_with(Permission.AGENT_EDIT)
    return level == Level.BASIQUE and organisation.territoire_id in everywhere


def _check_level(level: str, organisations: Sequence[Organisation], actor: Actor | None) -> None:
    if level not in (Level.BASIQUE, Level.ADMIN):
        raise InvalidRow({"level": [_("Ce niveau n’est pas prévu.")]})
    if level == Level.ADMIN and not all(may_give_admin(actor, one) for one in organisations):
        raise InvalidRow(
            {"level": [_("Seul un administrateur de l’organisation peut en nommer un autre.")]}
        )


def _agent_of(email: str) -> tuple[Agent, bool]:
    """Return the agent of the address, made when there was none, and whether it was made.

    Two invitations of one address at the same time wait for each other on the account.
    """
    Account.objects.ensure(kind=Kind.AGENT, email=email)
    accounts = Account.objects.select_for_update(of=("self",))
    account = accounts.get(kind=Kind.AGENT, email=email)
    agent = Agent.objects.filter(account=account).select_related("account").first()
    if agent is not None:
        if agent.deactivated_at is not None or not account.is_active:
            raise InvalidRow({"email": [_("Cette adresse ne peut pas être invitée.")]})
        return agent, False
    account.email_is_proven = False
    account.save(update_fields=["email_is_proven"])
    return Agent.objects.create(account=account), True


def _works_here(agent: Agent, territoire: Territoire) -> bool:
    return (
        agent.roles.filter(organisation__territoire=territoire).exists()
        or agent.droits.filter(territoire=territoire).exists()
    )


def _invite_newcomer(agent: Agent, asked: _Asked) -> Invited:
    for organisation in asked.organisations:
        RoleOrganisation.objects.create(agent=agent, organisation=organisation, level=asked.level)
    _give_services(agent, asked)
    _open(agent, asked, joins_by_accepting=False)
    return Invited(asked.email, Outcome.INVITED)


def _add_colleague(agent: Agent, asked: _Asked) -> Invited:
    for organisation in asked.organisations:
        join_organisation(agent, organisation, level=asked.level, actor=asked.actor, now=asked.now)
    kept = _services_of(agent, asked.territoire)
    if not kept:
        _give_services(agent, asked)
    differs = kept and {row.name for row in asked.services} != set(kept)
    if not agent.is_invited:
        return Invited(asked.email, Outcome.JOINED, kept if differs else ())
    pending = invitation_to(agent, asked.territoire.pk)
    if pending is not None and has_expired(pending, asked.now):
        send_again(pending, now=asked.now)
    return Invited(asked.email, Outcome.ADDED, kept if differs else ())


def _invite_from_elsewhere(agent: Agent, asked: _Asked) -> Invited:
    """Nothing is given before they accept; a second invitation waits behind the first link."""
    _refuse_twice(agent, asked.organisations)
    pending = invitation_to(agent, asked.territoire.pk)
    if pending is None:
        _open(agent, asked, joins_by_accepting=True)
        return Invited(asked.email, Outcome.INVITED)
    _wait(pending, asked)
    if has_expired(pending, asked.now):
        send_again(pending, now=asked.now)
    return Invited(asked.email, Outcome.ADDED)


def _open(agent: Agent, asked: _Asked, *, joins_by_accepting: bool) -> None:
    inviter = asked.actor.agent_id if isinstance(asked.actor, AgentActor) else None
    invitation = Invitation(
        agent=agent,
        territoire=asked.territoire,
        email=asked.email,
        invited_by_id=inviter,
        joins_by_accepting=joins_by_accepting,
        created_at=asked.now,
    )
    token = open_invitation(invitation, now=asked.now)
    invitation.save()
    if joins_by_accepting:
        _wait(invitation, asked)
    send_invitation(invitation, token, now=asked.now)


def _wait(invitation: Invitation, asked: _Asked) -> None:
    InvitationRole.objects.bulk_create(
        InvitationRole(invitation=invitation, organisation=organisation, level=asked.level)
        for organisation in asked.organisations
    )
    InvitationService.objects.bulk_create(
        (InvitationService(invitation=invitation, service=row) for row in asked.services),
        ignore_conflicts=True,
    )


def _refuse_twice(agent: Agent, organisations: Sequence[Organisation]) -> None:
    """Member or still invited: the words differ, and neither tells more than the address."""
    here = [row.pk for row in organisations]
    member = RoleOrganisation.objects.filter(agent=agent, organisation__in=here)
    waiting = InvitationRole.objects.filter(
        organisation__in=here,
        invitation__agent=agent,
        invitation__accepted_at=None,
        invitation__cancelled_at=None,
    )
    names = [*member.values_list("organisation__name", flat=True)]
    if names and not agent.is_invited:
        words = _("Cette personne est déjà membre de %(names)s.")
    else:
        names += waiting.values_list("organisation__name", flat=True)
        words = _("Cette personne est déjà invitée dans %(names)s : renvoyez-lui l’invitation.")
    if names:
        raise InvalidRow({"email": [words % {"names": ", ".join(names)}]})


def _services_of(agent: Agent, territoire: Territoire) -> tuple[str, ...]:
    rows = agent.agent_services.filter(territoire=territoire).order_by("service__name")
    return tuple(rows.values_list("service__name", flat=True))


def _give_services(agent: Agent, asked: _Asked) -> None:
    AgentService.objects.bulk_create(
        AgentService(agent=agent, territoire=asked.territoire, service=row)
        for row in asked.services
    )


def _name(actor: Actor | None) -> str:
    return actor.name if isinstance(actor, AgentActor) else ""
