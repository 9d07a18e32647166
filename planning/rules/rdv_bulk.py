"""One act on many RDVs (E10): what may be asked for each, as pages and forms write it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from planning.rules.status import ACTIVE, CANCELLED

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

CANCEL = "cancel"
AGENT = "agent"
LIEU = "lieu"
DAY = "day"
# Never chosen in the page: the place of the RDV has another address, its people are told (G13).
ADDRESS = "address"
ACTS = (CANCEL, AGENT, LIEU, DAY)
NOTE_LENGTH = 500
MOST = 200
"""RDVs of one action: what somebody can read again before confirming."""


@dataclass(frozen=True)
class Choice:
    """`target`: uuid of the agent who takes the RDV or of the lieu, or an ISO day; else ""."""

    act: str
    target: str = ""

    def __str__(self) -> str:
        return f"{self.act}:{self.target}" if self.target else self.act


def parse_choice(text: str) -> Choice | None:
    """Read "cancel", "agent:<uuid>", "lieu:<uuid>" or "day:<ISO day>"; None for anything else."""
    act, _colon, target = text.partition(":")
    try:
        if act in {AGENT, LIEU}:
            return Choice(act, str(UUID(target)))
        if act == DAY:
            return Choice(act, date.fromisoformat(target).isoformat())
    except ValueError:
        return None
    return Choice(CANCEL) if text == CANCEL else None


@dataclass(frozen=True)
class SeenLine:
    """What was read of one RDV before confirming: the choice, and the fingerprint of the row."""

    rdv_uuid: UUID
    choice: Choice
    version: int
    status: str

    def __str__(self) -> str:
        return f"{self.rdv_uuid}|{self.choice}|{self.version}|{self.status}"


def parse_line(text: str) -> SeenLine | None:
    """Read what `str(SeenLine)` wrote; None when it was tampered with."""
    parts = text.split("|")
    if len(parts) != 4 or not parts[2].isdecimal() or len(parts[2]) > 9:  # noqa: PLR2004
        return None
    choice = parse_choice(parts[1])
    try:
        uuid = UUID(parts[0])
    except ValueError:
        return None
    if choice is None or parts[3] not in ACTIVE + CANCELLED:
        return None
    return SeenLine(uuid, choice, int(parts[2]), parts[3])


def families(lines: Iterable[tuple[int, Collection[int]]]) -> list[list[int]]:
    """Return the lines in groups that share nobody: a line is its key, and the people it tells.

    In the order of the lines, in each group too.
    """
    groups: list[tuple[list[int], set[int]]] = []
    for key, people in lines:
        keys, met, apart = [key], set(people), []
        for group in groups:
            if met.isdisjoint(group[1]):
                apart.append(group)
            else:
                keys, met = [*group[0], *keys], met | group[1]
        groups = [*apart, (keys, met)]
    return sorted(sorted(keys) for keys, _met in groups)


@dataclass(frozen=True)
class NewLine:
    """A line to write; keys are database keys. Only the targets of its act are given."""

    rdv_id: int
    act: str
    seen_version: int
    seen_status: str
    from_agent_id: int | None = None
    to_agent_id: int | None = None
    to_lieu_id: int | None = None
    to_day: date | None = None
