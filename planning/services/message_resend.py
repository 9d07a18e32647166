"""Say again what did not arrive (C04, C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import Permission
from notifications.blocking import is_blocked
from notifications.messages.again import SAID_AGAIN, address_now, hand_over_again
from notifications.messages.letters import agent_of
from notifications.models import OutboxMessage
from planning.models import Participation
from planning.queries.rdv_messages import (
    facts_of_agent,
    facts_of_person,
    is_to_agents,
    joined_and_there,
    said,
)
from planning.rules.message_log import ADDED_AGENT, REPLY_AGENT, NoResend, no_resend
from planning.services.rdv_announce import announce_again, announce_again_to_agent
from planning.services.rdv_lock import RdvRefused, agenda_refusals, agents_of, lock_rdv

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor
    from planning.models import Rdv
    from planning.rules.message_log import Said


def resend_message(
    *, rdv_id: int, message_uuid: UUID, actor: Actor, now: datetime
) -> OutboxMessage:
    """Queue a fresh message in place of a lost one, to the address of today.

    To an usager or to an agent. Its texts say what is true now, with a link of its own. Raises
    RdvRefused with the reason.
    """
    with agenda_refusals(), transaction.atomic():
        rdv = lock_rdv(rdv_id, actor=actor, permission=Permission.RDV_EDIT)
        rows = list(
            OutboxMessage.objects.filter(rdv=rdv).select_related("grouped_in").order_by("pk")
        )
        message = next((row for row in rows if row.uuid == message_uuid), None)
        if message is None:
            raise RdvRefused(_("Ce message n’existe plus."))
        others = [said(row) for row in rows]
        if is_to_agents(message):
            return _to_agent(rdv, message, others, actor=actor, now=now)
        return _to_usager(rdv, message, others, actor=actor, now=now)


def _to_usager(
    rdv: Rdv, message: OutboxMessage, others: Sequence[Said], *, actor: Actor, now: datetime
) -> OutboxMessage:
    participation = _participation(message)
    facts = facts_of_person(rdv, participation, now=now)
    reason = no_resend(said(message), others, facts)
    if reason is not None or participation is None:
        raise RdvRefused(_words(reason or NoResend.KIND))
    participation.rdv = rdv
    kind = SAID_AGAIN[message.kind]
    _refuse_blocked(message.channel, address_now(participation, kind, message.channel))
    fresh = announce_again(
        rdv,
        participation,
        kind=kind,
        channel=message.channel,
        occurrence=f"again-{message.pk}",
        actor=actor,
        now=now,
    )
    if fresh is None:
        raise RdvRefused(_("La personne n’a plus d’adresse pour ce message, ou n’en veut plus."))
    return fresh


def _to_agent(
    rdv: Rdv, message: OutboxMessage, others: Sequence[Said], *, actor: Actor, now: datetime
) -> OutboxMessage:
    prefetch_related_objects([rdv], "participations__usager")
    facts = facts_of_agent(rdv, message, agents_of(rdv.pk), now=now)
    reason = no_resend(said(message), others, facts)
    if reason is not None:
        raise RdvRefused(_words(reason))
    agent = Agent.objects.select_related("account").filter(pk=agent_of(message) or 0).first()
    _refuse_blocked(message.channel, agent.email if agent else rdv.organisation.email)
    if agent is None or message.kind == REPLY_AGENT:
        fresh = _reply_again(rdv, message, agent, now=now)
    else:
        fresh = announce_again_to_agent(
            rdv,
            agent,
            message,
            occurrence=f"again-{message.pk}",
            joined=joined_and_there(rdv, message) if message.kind == ADDED_AGENT else (),
            actor=actor,
            now=now,
        )
    if fresh is None:
        raise RdvRefused(_("L’agent n’a plus d’adresse pour ce message, ou n’en veut plus."))
    return fresh


def _reply_again(
    rdv: Rdv, message: OutboxMessage, agent: Agent | None, *, now: datetime
) -> OutboxMessage | None:
    """Hand an usager's words over again, to the agent or to the organisation."""
    if agent is not None and agent.deactivated_at is not None:
        return None
    return hand_over_again(
        message,
        email=agent.email if agent else rdv.organisation.email,
        name=agent.full_name if agent else rdv.organisation.name,
        occurrence=f"again-{message.pk}",
        now=now,
    )


def _refuse_blocked(channel: str, address: str) -> None:
    if address and is_blocked(channel, address):
        raise RdvRefused(_("Cette adresse est bloquée : faites-la d’abord débloquer."))


def _participation(message: OutboxMessage) -> Participation | None:
    rows = Participation.objects.select_related("usager__responsable")
    return rows.filter(pk=message.participation_id or 0).first()


def _words(reason: NoResend) -> str:
    return {
        NoResend.KIND: _("Ce message ne peut pas être renvoyé."),
        NoResend.STATE: _("Ce message est déjà parti, ou va partir."),
        NoResend.BEGUN: _("Ce RDV a déjà commencé : aucun message n’est envoyé."),
        NoResend.FALSE: _("Ce que disait ce message n’est plus vrai : il n’est pas renvoyé."),
        NoResend.OUTDATED: _("Un message plus récent remplace celui-ci."),
    }[reason]
