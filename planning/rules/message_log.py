"""When a message that did not arrive may be sent again (C04). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CANCELLATION, CANCELLATION_AGENT, REMOVAL_AGENT = (
    "rdv_cancelled",
    "rdv_cancelled_agent",
    "rdv_removed_agent",
)
# What becomes of the people of a RDV: each mail is news of its own, without a calendar.
ADDED_AGENT, LEFT_AGENT = "participation_added_agent", "participation_cancelled_agent"
NEWS = frozenset({ADDED_AGENT, LEFT_AGENT})
# The words of an usager, which stay theirs whatever becomes of the RDV.
REPLY_AGENT = "usager_reply_agent"
FOR_USAGERS = frozenset({"rdv_created", "rdv_changed", "rdv_reminder", CANCELLATION})
FOR_AGENTS = frozenset(
    {"rdv_created_agent", "rdv_changed_agent", CANCELLATION_AGENT, REMOVAL_AGENT}
)
ENDS = frozenset({CANCELLATION, CANCELLATION_AGENT, REMOVAL_AGENT})
LOST = frozenset({"failed", "abandoned"})


class NoResend(StrEnum):
    """Why not."""

    KIND = "kind"
    STATE = "state"
    BEGUN = "begun"
    FALSE = "false"
    OUTDATED = "outdated"


@dataclass(frozen=True)
class Said:
    """A message of a RDV. `order` grows with time.

    Either `participation`, None when it was deleted, or `agent`: whom it was for. `key` is its
    `dedup_key`: that of a message said again begins with that of the first one.
    """

    order: int
    kind: str
    channel: str
    state: str
    participation: int | None
    agent: int | None = None
    key: str = ""


@dataclass(frozen=True)
class Facts:
    """The RDV and the person now.

    `is_cancelled`: the participation or the RDV as a whole; for an agent, the RDV, or the agent is
    no longer on it, or nobody who joined is.
    """

    starts_at: datetime
    is_cancelled: bool
    now: datetime


def no_resend(message: Said, others: Iterable[Said], facts: Facts) -> NoResend | None:
    """Return why `message` may not be sent again, None when it may.

    Not once the RDV began; not what is false by now; not when the person was told by the same
    channel since, or is about to be: no calendar gets an older version after a newer one.
    """
    if not _is_known(message):
        return NoResend.KIND
    if message.state not in LOST:
        return NoResend.STATE
    if facts.starts_at <= facts.now and message.kind != REPLY_AGENT:
        return NoResend.BEGUN
    if (message.kind in ENDS) != facts.is_cancelled:
        return NoResend.FALSE
    if any(_overtakes(other, message) for other in others):
        return NoResend.OUTDATED
    return None


def _is_known(message: Said) -> bool:
    if message.kind == REPLY_AGENT:
        return True  # without an agent, it was for the organisation
    if message.kind in FOR_AGENTS | NEWS:
        return message.agent is not None
    return message.kind in FOR_USAGERS and message.participation is not None


def _overtakes(other: Said, message: Said) -> bool:
    """Tell whether `other` came later, to the same person by the same channel.

    A lost one counts too: it is the one to send again. Of what has no calendar, only the same words
    said again.
    """
    if message.kind in NEWS or message.kind == REPLY_AGENT:
        return other.order > message.order and other.key.startswith(f"{message.key}:again-")
    return (
        other.order > message.order
        and other.kind in FOR_USAGERS | FOR_AGENTS
        and (other.channel, other.participation, other.agent)
        == (message.channel, message.participation, message.agent)
    )
