"""What is said of a RDV: created, changed, cancelled, recalled (docs/notifications.md).

Callers pass what this app may not know: who did it, and how to make a personal link.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from notifications.messages import facts
from notifications.messages.letters import channels_of, in_french, to_agents, to_usager
from notifications.messages.occasion import Gathering, Links, Occasion, Said
from notifications.messages.recipients import usagers_to_tell
from notifications.outbox import abandon_unsent, enqueue_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from agents.models import Agent
    from notifications.ics import Method
    from notifications.messages.recipients import Recipient
    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv

__all__ = ["Gathering", "Links", "Occasion", "Said"]

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


def rdv_created(
    occasion: Occasion, *, participations: Iterable[Participation], agents: Iterable[Agent]
) -> None:
    """Confirm to the usagers, tell the agents."""
    if occasion.is_over:
        return
    messages: list[OutboxMessage] = []
    for _recipient, theirs in confirmations(occasion, participations):
        messages += theirs
    with in_french():
        messages += to_agents(occasion, agents, CREATED_AGENT, method="REQUEST")
    enqueue_all(messages, now=occasion.now)


def confirmations(
    occasion: Occasion, participations: Iterable[Participation]
) -> Iterator[tuple[Recipient, list[OutboxMessage]]]:
    """Yield who is told that the RDV exists, with the unsaved messages: what `rdv_created` says.

    The RDV and its participations need not be saved: an agent reads the texts before confirming.
    """
    for recipient in usagers_to_tell(occasion.rdv, participations):
        channels = channels_of(recipient)
        said = to_usager(
            occasion, recipient, CREATED, channels, lambda _r: _before_coming(occasion)
        )
        yield recipient, [each.message for each in said]


def _before_coming(occasion: Occasion) -> dict[str, object]:
    motif = occasion.rdv.motif
    return {
        "instructions": motif.instructions,
        "is_cancellable": motif.is_cancellable_by_usager,
    }


def rdv_cancelled(
    occasion: Occasion, *, participations: Iterable[Participation], agents: Iterable[Agent]
) -> None:
    """Tell the usagers of `participations` and the `agents`.

    An usager who cancels gets the e-mail only, the SMS when there is no e-mail (decision 30).
    """
    if occasion.is_over:
        return
    said = cancellations(occasion, participations)
    with in_french():
        messages = list(to_agents(occasion, agents, CANCELLED_AGENT, method="CANCEL"))
    _leave(occasion, said, messages)


def cancellations(occasion: Occasion, participations: Iterable[Participation]) -> Iterator[Said]:
    """Yield what the usagers are told of a cancellation; nothing is written."""
    by_usager = occasion.author.is_usager

    def extra(recipient: Recipient) -> dict[str, object]:
        # Also when an agent wrote down what the person asked on the phone.
        asked = by_usager or recipient.participations[0].status == "excused"
        return {"by_usager": asked, "booking_url": occasion.links.booking}

    for recipient in usagers_to_tell(occasion.rdv, participations):
        channels = channels_of(recipient)[:1] if by_usager else channels_of(recipient)
        yield from to_usager(occasion, recipient, CANCELLED, channels, extra, method="CANCEL")


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
    with in_french():
        messages = list(
            to_agents(
                occasion,
                agents,
                CHANGED_AGENT,
                method="REQUEST",
                extra={"changes": facts.changes_of(occasion.rdv, before)},
                soonest=min(before.starts_at, occasion.rdv.starts_at),
            )
        )
    _leave(occasion, changes(occasion, before, participations), messages)


def changes(
    occasion: Occasion, before: facts.Before, participations: Iterable[Participation]
) -> Iterator[Said]:
    """Yield what the usagers are told of a change; nothing is written."""

    def extra(_recipient: Recipient) -> dict[str, object]:
        # A confirmation that had not left is withdrawn: this message says all of it.
        return {
            "changes": facts.changes_of(occasion.rdv, before),
            "by_usager": occasion.author.is_usager,
            **_before_coming(occasion),
        }

    for recipient in usagers_to_tell(occasion.rdv, participations):
        yield from to_usager(occasion, recipient, CHANGED, channels_of(recipient), extra)


def _leave(occasion: Occasion, said: Iterable[Said], to_agents: Iterable[OutboxMessage]) -> None:
    """Queue all of it, but what the usagers will be told with other RDVs."""
    if occasion.gathering is None:
        to_usagers = [each.message for each in said]
    else:
        to_usagers = []
        occasion.gathering.said.extend(said)
    enqueue_all([*to_usagers, *to_agents], now=occasion.now)


def agents_added(occasion: Occasion, agents: Iterable[Agent]) -> None:
    """A creation, for those who join a RDV that stands (decision 29)."""
    if not occasion.is_over:
        tell_agents(occasion, agents, CREATED_AGENT, method="REQUEST")


def agents_removed(occasion: Occasion, before: facts.Before, agents: Iterable[Agent]) -> None:
    """A cancellation in the calendar of those who are no longer on the RDV (decision 29).

    It speaks of the time that they knew.
    """
    known = replace(occasion, rdv=before.applied_to(occasion.rdv))
    if not (occasion.is_over or known.is_over):
        tell_agents(known, agents, REMOVED_AGENT, method="CANCEL")


def rdv_reminder(
    occasion: Occasion, *, participations: Iterable[Participation], occurrence: str
) -> None:
    """Remind the usagers. The same `occurrence` is said once."""
    if not occasion.is_over:
        said = reminders(occasion, participations, occurrence=occurrence)
        enqueue_all([each.message for each in said], now=occasion.now)


def reminders(
    occasion: Occasion, participations: Iterable[Participation], *, occurrence: str = ""
) -> Iterator[Said]:
    """Yield what those who want reminders are told; nothing is written."""
    for recipient in usagers_to_tell(occasion.rdv, participations, is_reminder=True):
        yield from to_usager(
            occasion,
            recipient,
            REMINDER,
            channels_of(recipient),
            _before_coming(occasion),
            occurrence=occurrence,
        )


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
) -> None:
    """Queue the mail of each agent that wants it, with an ICS when there is a `method`."""
    with in_french():
        messages = list(to_agents(occasion, agents, kind, method=method, extra=extra))
    enqueue_all(messages, now=occasion.now)
