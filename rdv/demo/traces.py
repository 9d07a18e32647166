"""Insert what the RDVs left behind: history, messages, tries at sending them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import override

from motifs.models import Visibility
from notifications.models import (
    BlockedAddress,
    BlockReason,
    Channel,
    DeliveryAttempt,
    Failure,
    OutboxMessage,
    State,
)
from planning.models import Action, AuthorKind, RdvEvent
from planning.rules.status import EXCUSED, UNKNOWN
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Participation
    from rdv.demo.appointments import Booked
    from rdv.demo.world import World

MESSAGES_SINCE = timedelta(days=30)
FAILED_EVERY, ABANDONED_EVERY = 35, 90
FAILED_ANSWER = "550 5.1.1 Adresse inconnue du serveur destinataire"
BUSY_ANSWER = "451 4.7.1 Réessayez plus tard"
ACCEPTED_ANSWER = "250 2.0.0 OK"


def add_traces(world: World, booked: list[Booked]) -> None:
    RdvEvent.objects.bulk_create(event for one in booked for event in _events(world, one))
    _add_messages(world, booked)


def _events(world: World, booked: Booked) -> list[RdvEvent]:
    rdv = booked.rdv
    events = [_event(booked, Action.CREATED, rdv.created_at, _author(booked))]
    reminded_at = rdv.starts_at - timedelta(hours=48)
    if _notified(booked) and rdv.created_at < reminded_at < min(world.now, _end_of_life(booked)):
        system = {"author_kind": AuthorKind.SYSTEM, "author_name": ""}
        events.append(_event(booked, Action.REMINDED, reminded_at, system))
    if rdv.cancelled_at:
        author = _person(booked) if rdv.status == EXCUSED else _agent(booked)
        changes = {"status": [UNKNOWN, rdv.status]}
        events.append(_event(booked, Action.CANCELLED, rdv.cancelled_at, author, changes))
    elif rdv.status != UNKNOWN:
        changes = {"status": [UNKNOWN, rdv.status]}
        at = min(rdv.ends_at, world.now)
        events.append(_event(booked, Action.STATUS, at, _agent(booked), changes))
    return events


def _event(
    booked: Booked,
    action: Action,
    at: datetime,
    author: dict[str, Any],
    changes: dict[str, Any] | None = None,
) -> RdvEvent:
    return RdvEvent(rdv=booked.rdv, action=action, at=at, changes=changes or {}, **author)


def _end_of_life(booked: Booked) -> datetime:
    return booked.rdv.cancelled_at or booked.rdv.starts_at


def _author(booked: Booked) -> dict[str, Any]:
    if booked.by_usager:
        return _person(booked)
    if booked.prescripteur:
        name = str(booked.prescripteur)
        return {"author_kind": AuthorKind.PRESCRIPTEUR, "author_name": name}
    agent = booked.by_agent
    assert agent is not None
    return _by_agent(agent)


def _person(booked: Booked) -> dict[str, Any]:
    person = booked.people[0].to_notify
    return {
        "author_kind": AuthorKind.USAGER,
        "author_usager": person,
        "author_name": person.full_name,
    }


def _agent(booked: Booked) -> dict[str, Any]:
    """Return the agent of the RDV, or for an intervenant's the one who booked, else the system."""
    agent = booked.agent if booked.agent.account_id else booked.by_agent
    return _by_agent(agent) if agent else {"author_kind": AuthorKind.SYSTEM}


def _by_agent(agent: Any) -> dict[str, Any]:
    return {
        "author_kind": AuthorKind.AGENT,
        "author_agent": agent,
        "author_name": agent.full_name,
    }


def _notified(booked: Booked) -> bool:
    return booked.rdv.motif.visibility == Visibility.NOTIFIED


def _add_messages(world: World, booked: list[Booked]) -> None:
    messages: list[OutboxMessage] = []
    with override("fr"):
        for one in booked:
            if _notified(one):
                messages += _messages_of(world, one, len(messages))
    refused = {one.recipient: one for one in messages if one.failure == Failure.INVALID}
    BlockedAddress.objects.bulk_create(
        BlockedAddress(
            uuid=world.uuid("blocked address", address),
            channel=Channel.EMAIL,
            address=address.lower(),
            reason=BlockReason.BOUNCE,
            detail=FAILED_ANSWER,
            at=message.closed_at or message.created_at,
        )
        for address, message in refused.items()
    )
    DeliveryAttempt.objects.bulk_create(
        attempt
        for message in OutboxMessage.objects.bulk_create(messages)
        for attempt in _attempts(message)
    )


def _messages_of(world: World, booked: Booked, number: int) -> list[OutboxMessage]:
    """Return the confirmation, and the word of the cancellation, of the last weeks only."""
    rdv = booked.rdv
    found: list[OutboxMessage] = []
    for participation in booked.participations:
        for kind, at in (("rdv_created", rdv.created_at), ("rdv_cancelled", rdv.cancelled_at)):
            if at is None or at < world.now - MESSAGES_SINCE:
                continue
            for channel in _channels(participation):
                rank = number + len(found)
                found.append(_message(world, kind, channel, at, participation, rank))
    return found


def _channels(participation: Participation) -> list[Channel]:
    person = participation.usager.to_notify
    channels = []
    if person.email and person.notifies_by_email:
        channels.append(Channel.EMAIL)
    if person.phone_number and person.notifies_by_sms:
        channels.append(Channel.SMS)
    return channels


def _message(  # noqa: PLR0917  (one table, read in one place)
    world: World, kind: str, channel: Channel, at: datetime, participation: Participation, rank: int
) -> OutboxMessage:
    rdv, person = participation.rdv, participation.usager.to_notify
    when = instant_text(rdv.starts_at.astimezone(rdv.organisation.territoire.zone))
    verb = "est confirmé" if kind == "rdv_created" else "est annulé"
    state, closed_at = State.SENT, None
    if rank % ABANDONED_EVERY == ABANDONED_EVERY - 1:
        state, closed_at = State.ABANDONED, at + timedelta(hours=6)
    elif rank % FAILED_EVERY == FAILED_EVERY - 1:
        state, closed_at = State.FAILED, at + timedelta(minutes=1)
    is_sms = channel == Channel.SMS
    failure = {
        State.FAILED: Failure.UNDELIVERED if is_sms else Failure.INVALID,
        State.ABANDONED: Failure.REPLACED,
    }.get(state, "")
    return OutboxMessage(
        uuid=world.uuid("message", f"{participation.uuid}/{kind}/{channel}"),
        kind=kind,
        channel=channel,
        dedup_key=f"demo:{kind}:{participation.uuid}:{channel}",
        recipient=str(person.phone_number) if is_sms else person.email or "",
        recipient_name=person.full_name,
        subject="" if is_sms else f"Votre rendez-vous du {when} {verb}",
        body=f"Bonjour,\n\nVotre rendez-vous du {when} {verb}.\n\n{rdv.organisation.name}\n",
        sms_segments=1 if is_sms else None,
        rdv=rdv,
        participation=participation,
        organisation=rdv.organisation,
        state=state,
        attempts=1 if state == State.SENT else 2,
        available_at=at,
        expires_at=rdv.starts_at,
        sent_at=at + timedelta(seconds=20) if state == State.SENT else None,
        closed_at=closed_at,
        failure=failure,
        delivered_at=at + timedelta(seconds=24) if state == State.SENT else None,
        created_at=at,
    )


def _attempts(message: OutboxMessage) -> list[DeliveryAttempt]:
    if message.sent_at:
        return [
            DeliveryAttempt(
                message=message, at=message.sent_at, succeeded=True, answer=ACCEPTED_ANSWER
            )
        ]
    first = message.created_at + timedelta(seconds=20)
    answer = FAILED_ANSWER if message.state == State.FAILED else BUSY_ANSWER
    return [
        DeliveryAttempt(message=message, at=at, succeeded=False, answer=text)
        for at, text in ((first, BUSY_ANSWER), (message.closed_at or first, answer))
    ]
