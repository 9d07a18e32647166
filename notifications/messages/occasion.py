"""What happened to a RDV, and what one person is told of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from notifications.messages.recipients import Author, Recipient
    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class Links:
    """Absolute addresses.

    `personal` makes a fresh one for one message (decision 11); `rdv` is the agents' page; `booking`
    is the public page where another RDV can be booked, or ""; `visio` the room of a video call.
    """

    personal: Callable[[Participation, Usager], str]
    rdv: str
    booking: str = ""
    visio: str = ""


@dataclass(frozen=True)
class Occasion:
    """What happened to a RDV: who did it, when, and the links that its messages carry.

    With a `gathering`, what the usagers are told is kept there rather than queued. `referents`:
    short names of the agents, for a follow-up only: of other RDVs no agent is named.
    """

    rdv: Rdv
    author: Author
    links: Links
    now: datetime
    gathering: Gathering | None = None
    referents: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        return self.gathering.note if self.gathering else ""

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


@dataclass
class Gathering:
    """What is told to usagers of the RDVs of one act, to be said at once (`rdvs.send_gathered`).

    `note`: plain words of the author, for the e-mails.
    """

    note: str = ""
    said: list[Said] = field(default_factory=list)
