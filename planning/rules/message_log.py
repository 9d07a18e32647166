"""When a message that did not arrive may be sent again (C04). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

CANCELLATION = "rdv_cancelled"
FOR_USAGERS = frozenset({"rdv_created", "rdv_changed", "rdv_reminder", CANCELLATION})
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
    """A message of a RDV. `order` grows with time; `participation`: None when it was deleted."""

    order: int
    kind: str
    channel: str
    state: str
    participation: int | None


@dataclass(frozen=True)
class Facts:
    """The RDV and the person now. `is_cancelled`: the participation, or the RDV as a whole."""

    starts_at: datetime
    is_cancelled: bool
    now: datetime


def no_resend(message: Said, others: Iterable[Said], facts: Facts) -> NoResend | None:
    """Return why `message` may not be sent again, None when it may.

    Not once the RDV began; not what is false by now; not when the person was told by the same
    channel since, or is about to be.
    """
    if message.kind not in FOR_USAGERS or message.participation is None:
        return NoResend.KIND
    if message.state not in LOST:
        return NoResend.STATE
    if facts.starts_at <= facts.now:
        return NoResend.BEGUN
    if (message.kind == CANCELLATION) != facts.is_cancelled:
        return NoResend.FALSE
    if any(_overtakes(other, message) for other in others):
        return NoResend.OUTDATED
    return None


def _overtakes(other: Said, message: Said) -> bool:
    """Tell whether `other` came later, to the same person by the same channel.

    A lost one counts too: it is the one to send again.
    """
    return (
        other.order > message.order
        and other.kind in FOR_USAGERS
        and (other.channel, other.participation) == (message.channel, message.participation)
    )
