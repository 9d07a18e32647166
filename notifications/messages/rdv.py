"""What is said of a RDV: created, changed, cancelled, recalled (docs/notifications.md).

Callers pass what this app may not know: who did it, and how to make a personal link.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import facts, render
from notifications.messages.recipients import agents_to_tell, usagers_to_tell
from notifications.models import Channel
from notifications.outbox import abandon_unsent, enqueue_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from agents.models import Agent
    from notifications.ics import Method
    from notifications.messages.recipients import Author, Recipient
    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv
    from usagers.models import Usager

CREATED, CREATED_AGENT = "rdv_created", "rdv_created_agent"
CANCELLED, CANCELLED_AGENT = "rdv_cancelled", "rdv_cancelled_agent"
CHANGED, CHANGED_AGENT = "rdv_changed", "rdv_changed_agent"
REMOVED_AGENT = "rdv_removed_agent"
REMINDER = "rdv_reminder"
# What each fact makes false: withdrawn when it has not left yet.
OVERTAKEN_BY_CANCELLING = (CREATED, CREATED_AGENT, CHANGED, CHANGED_AGENT, REMINDER)
OVERTAKEN_BY_CHANGE = (CREATED, CHANGED, REMINDER)
OVERTAKEN_BY_CHANGE_FOR_AGENTS = (CREATED_AGENT, CHANGED_AGENT)
OVERTAKEN_BY_RESTORING = (CANCELLED, CANCELLED_AGENT)


@dataclass(frozen=True)
class Links:
    """Absolute addresses.

    `personal` makes a fresh one for one message (decision 11); `rdv` is the agents' page; `booking`
    is the public page where another RDV can be booked, or "".
    """

    personal: Callable[[Participation, Usager], str]
    rdv: str
    booking: str = ""


@dataclass(frozen=True)
class Occasion:
    """What happened to a RDV: who did it, when, and the links that its messages carry.

    `note`: plain words of the author, for the e-mails of the usagers (E10). `gathering`: where what
    the usagers are told is kept, to be said with other RDVs (`rdvs.send_gathered`).
    """

    rdv: Rdv
    author: Author
    links: Links
    now: datetime
    note: str = ""
    gathering: list[Said] | None = None

    @property
    def is_over(self) -> bool:
        """Nobody is told anything of a RDV that has begun."""
        return self.rdv.starts_at <= self.now


@dataclass(frozen=True)
class Said:
    """What one person is told of one RDV by one channel: `message`, unsaved, says it alone.

    `extra` is what only its kind says.
    """

    occasion: Occasion
    recipient: Recipient
    kind: str
    extra: Mapping[str, object]
    message: OutboxMessage


def rdv_created(
    occasion: Occasion, *, participations: Iterable[Participation], agents: Iterable[Agent]
) -> None:
    """Confirm to the usagers, tell the agents."""
    if occasion.is_over:
        return
    with translation.override(settings.LANGUAGE_CODE):
        messages: list[OutboxMessage] = []
        for _recipient, theirs in confirmations(occasion, participations):
            messages += theirs
        messages += _to_agents(occasion, agents, CREATED_AGENT, method="REQUEST")
        enqueue_all(messages, now=occasion.now)


def confirmations(
    occasion: Occasion, participations: Iterable[Participation]
) -> Iterator[tuple[Recipient, list[OutboxMessage]]]:
    """Yield who is told that the RDV exists, with the unsaved messages: what `rdv_created` says.

    The RDV and its participations need not be saved: an agent reads the texts before confirming.
    """
    motif = occasion.rdv.motif
    extra = {
        "instructions": motif.instructions,
        "is_cancellable": motif.is_cancellable_by_usager,
    }
    for recipient in usagers_to_tell(occasion.rdv, participations):
        said = _to_usager(occasion, recipient, CREATED, _channels(recipient), extra)
        yield recipient, [each.message for each in said]


def rdv_cancelled(
    occasion: Occasion, *, participations: Iterable[Participation], agents: Iterable[Agent]
) -> None:
    """Tell the usagers of `participations` and the `agents`.

    An usager who cancels gets the e-mail only, the SMS when there is no e-mail (decision 30).
    """
    if occasion.is_over:
        return
    with translation.override(settings.LANGUAGE_CODE):
        said = cancellations(occasion, participations)
        _leave(occasion, said, _to_agents(occasion, agents, CANCELLED_AGENT, method="CANCEL"))


def cancellations(occasion: Occasion, participations: Iterable[Participation]) -> Iterator[Said]:
    """Yield what the usagers are told of a cancellation; nothing is written."""
    by_usager = occasion.author.is_usager
    for recipient in usagers_to_tell(occasion.rdv, participations):
        channels = _channels(recipient)[:1] if by_usager else _channels(recipient)
        # Also when an agent wrote down what the person asked on the phone.
        asked = by_usager or recipient.participations[0].status == "excused"
        extra = {"by_usager": asked, "booking_url": occasion.links.booking}
        yield from _to_usager(occasion, recipient, CANCELLED, channels, extra)


def rdv_changed(
    occasion: Occasion,
    before: facts.Before,
    *,
    participations: Iterable[Participation],
    agents: Iterable[Agent],
) -> None:
    """Tell old and new date, duration and place; the agents' calendars are updated."""
    if occasion.is_over:
        return
    with translation.override(settings.LANGUAGE_CODE):
        messages = _to_agents(
            occasion,
            agents,
            CHANGED_AGENT,
            method="REQUEST",
            extra={"changes": facts.changes_of(occasion.rdv, before)},
            soonest=min(before.starts_at, occasion.rdv.starts_at),
        )
        _leave(occasion, changes(occasion, before, participations), messages)


def changes(
    occasion: Occasion, before: facts.Before, participations: Iterable[Participation]
) -> Iterator[Said]:
    """Yield what the usagers are told of a change; nothing is written."""
    motif = occasion.rdv.motif
    extra = {
        "changes": facts.changes_of(occasion.rdv, before),
        # A confirmation that had not left is withdrawn: this message says all of it.
        "instructions": motif.instructions,
        "is_cancellable": motif.is_cancellable_by_usager,
    }
    for recipient in usagers_to_tell(occasion.rdv, participations):
        yield from _to_usager(occasion, recipient, CHANGED, _channels(recipient), extra)


def _leave(occasion: Occasion, said: Iterable[Said], to_agents: Iterable[OutboxMessage]) -> None:
    """Queue all of it, but what the usagers will be told with other RDVs."""
    if occasion.gathering is None:
        to_usagers = [each.message for each in said]
    else:
        to_usagers = []
        occasion.gathering.extend(said)
    enqueue_all([*to_usagers, *to_agents], now=occasion.now)


def agents_added(occasion: Occasion, agents: Iterable[Agent]) -> None:
    """A creation, for those who join a RDV that stands (decision 29)."""
    if not occasion.is_over:
        with translation.override(settings.LANGUAGE_CODE):
            tell_agents(occasion, agents, CREATED_AGENT, method="REQUEST")


def agents_removed(occasion: Occasion, before: facts.Before, agents: Iterable[Agent]) -> None:
    """A cancellation in the calendar of those who are no longer on the RDV (decision 29).

    It speaks of the time that they knew.
    """
    known = replace(occasion, rdv=before.applied_to(occasion.rdv))
    if not (occasion.is_over or known.is_over):
        with translation.override(settings.LANGUAGE_CODE):
            tell_agents(known, agents, REMOVED_AGENT, method="CANCEL")


def rdv_reminder(
    occasion: Occasion, *, participations: Iterable[Participation], occurrence: str
) -> None:
    """Remind the usagers. The same `occurrence` is said once."""
    if occasion.is_over:
        return
    with translation.override(settings.LANGUAGE_CODE):
        motif = occasion.rdv.motif
        extra = {
            "instructions": motif.instructions,
            "is_cancellable": motif.is_cancellable_by_usager,
        }
        messages: list[OutboxMessage] = []
        for recipient in usagers_to_tell(occasion.rdv, participations, is_reminder=True):
            said = _to_usager(
                occasion, recipient, REMINDER, _channels(recipient), extra, occurrence=occurrence
            )
            messages += [each.message for each in said]
        enqueue_all(messages, now=occasion.now)


def withdraw(
    rdv: Rdv,
    kinds: Sequence[str],
    *,
    now: datetime,
    participation_ids: Sequence[int] | None = None,
) -> None:
    """Keep what has become false from leaving: a confirmation, once the RDV is cancelled."""
    abandon_unsent(rdv_id=rdv.pk, kinds=kinds, participation_ids=participation_ids, now=now)


def tell_agents(
    occasion: Occasion,
    agents: Iterable[Agent],
    kind: str,
    *,
    method: Method | None,
    extra: Mapping[str, object] | None = None,
    soonest: datetime | None = None,
) -> None:
    """Queue the mail of each agent that wants it, with an ICS when there is a `method`.

    `soonest` is the earlier of the old and the new start, for those who want what is soon.
    """
    messages = _to_agents(occasion, agents, kind, method=method, extra=extra, soonest=soonest)
    enqueue_all(list(messages), now=occasion.now)


def _to_agents(
    occasion: Occasion,
    agents: Iterable[Agent],
    kind: str,
    *,
    method: Method | None,
    extra: Mapping[str, object] | None = None,
    soonest: datetime | None = None,
) -> Iterator[OutboxMessage]:
    rdv, links, now = occasion.rdv, occasion.links, occasion.now
    zone = rdv.organisation.territoire.zone
    context = {
        "when": facts.when(rdv),
        "rows": facts.rows_for_agent(rdv),
        "author": occasion.author,
        "rdv_url": links.rdv,
        **(extra or {}),
    }
    for agent in agents_to_tell(
        agents, author=occasion.author, starts_at=soonest or rdv.starts_at, zone=zone, now=now
    ):
        ics = ""
        if method:
            ics = facts.ics_for_agent(rdv, agent, method=method, url=links.rdv, now=now)
        yield render.email(
            kind,
            {**context, "first_name": agent.first_name},
            recipient=agent.email,
            recipient_name=agent.full_name,
            dedup_key=_dedup_key(kind, rdv, Channel.EMAIL, f"agent:{agent.pk}"),
            ics=ics,
            ics_method=method or "",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.starts_at,
        )


def _dedup_key(kind: str, rdv: Rdv, channel: str, who: str) -> str:
    return f"{kind}:{rdv.pk}:{rdv.version}:{channel}:{who}"


def _channels(recipient: Recipient) -> list[Channel]:
    channels = [Channel.EMAIL] if recipient.email else []
    return channels + ([Channel.SMS] if recipient.phone else [])


def _to_usager(
    occasion: Occasion,
    recipient: Recipient,
    kind: str,
    channels: Sequence[Channel],
    extra: Mapping[str, object],
    *,
    occurrence: str = "",
) -> Iterator[Said]:
    """Yield one message by channel, each with a link of its own."""
    rdv, person, participation = occasion.rdv, recipient.person, recipient.participations[0]
    who = f"usager:{person.pk}" + (f":{occurrence}" if occurrence else "")
    for channel in channels:
        link = occasion.links.personal(participation, person)
        columns = {
            "recipient_name": person.full_name,
            "dedup_key": _dedup_key(kind, rdv, channel, who),
            "secret_link": link,
            "rdv": rdv,
            "participation": participation,
            "organisation": rdv.organisation,
            "expires_at": rdv.starts_at,
        }
        if channel == Channel.SMS:
            message = _sms(kind, rdv, recipient, link, columns)
        else:
            message = _email(kind, occasion, recipient, {"link": link, **extra}, columns)
        yield Said(occasion, recipient, kind, extra, message)


def _sms(
    kind: str, rdv: Rdv, recipient: Recipient, link: str, columns: Mapping[str, object]
) -> OutboxMessage:
    return render.sms(
        kind,
        {"when": facts.when_short(rdv), "link": link},
        place=facts.place_short(rdv),
        phone=facts.contact_of(rdv).phone,
        recipient=recipient.phone,
        **columns,
    )


def _email(
    kind: str,
    occasion: Occasion,
    recipient: Recipient,
    extra: Mapping[str, object],
    columns: Mapping[str, object],
) -> OutboxMessage:
    rdv = occasion.rdv
    method: Method = "CANCEL" if kind == CANCELLED else "PUBLISH"
    context = {
        "when": facts.when(rdv),
        "rows": facts.rows_for_usager(rdv, recipient),
        "contact": facts.contact_of(rdv),
        "first_name": recipient.person.first_name,
        "organisation": rdv.organisation.name,
        "note": occasion.note,
        **extra,
    }
    return render.email(
        kind,
        context,
        recipient=recipient.email,
        reply_to=rdv.organisation.email,
        ics=facts.ics_for_usager(rdv, method=method, now=occasion.now),
        ics_method=method,
        **columns,
    )
