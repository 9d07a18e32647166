"""What every builder of demonstration rows shares: the day, the dice, the identifiers."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from agents.models import Agent, Organisation, Service, Territoire
    from motifs.models import Lieu, Motif
    from planning.models import PlageOuverture
    from usagers.models import Usager

NAMESPACE = uuid.UUID("5f1c1b7e-2f0b-5c67-9a54-6f0d2c3b7a10")
OPENING_HOUR = time(7)
PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Absence:
    agent_id: int
    start: datetime
    end: datetime


@dataclass
class Opening:
    """One occurrence of a plage, as instants."""

    plage: PlageOuverture
    day: date
    start: datetime
    end: datetime


@dataclass
class World:
    """Rows made so far, by the keys of the tables of `rdv.demo.places` and `rdv.demo.team`."""

    today: date
    dice: random.Random = field(init=False)
    now: datetime = field(init=False)
    services: dict[str, Service] = field(default_factory=dict)
    territoires: dict[str, Territoire] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    lieux: dict[str, list[Lieu]] = field(default_factory=dict)
    motifs: dict[str, list[Motif]] = field(default_factory=dict)
    agents: dict[str, Agent] = field(default_factory=dict)
    staff: dict[str, list[Agent]] = field(default_factory=dict)
    plages: list[PlageOuverture] = field(default_factory=list)
    plage_motifs: dict[int, list[Motif]] = field(default_factory=dict)
    usagers: dict[str, list[Usager]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"rdv-{self.today.isoformat()}")  # noqa: S311  (no secret here)
        self.now = datetime.combine(self.today, OPENING_HOUR, PARIS)

    @property
    def founded_at(self) -> datetime:
        """When the structures, teams and openings were entered."""
        return self.now - timedelta(days=400)

    @property
    def monday(self) -> date:
        return self.today - timedelta(days=self.today.weekday())

    def uuid(self, kind: str, key: object) -> uuid.UUID:
        return uuid.uuid5(NAMESPACE, f"{kind}:{key}")

    def chance(self, probability: float) -> bool:
        return self.dice.random() < probability


def address_part(text: str) -> str:
    """Return a name as the left part of an e-mail address: "D’Arvor Éloi" -> "darvor-eloi"."""
    kept = "".join(c if c.isalnum() else "-" if c in " -" else "" for c in fold(text))
    return kept.strip("-")


def landline(number: int) -> str:
    """Return a telephone of the range 01 99 00 xx xx, kept for fiction."""
    return f"+3319900{number % 10000:04d}"


def mobile(number: int) -> str:
    """Return a telephone of the range 06 39 98 xx xx, kept for fiction."""
    return f"+3363998{number % 10000:04d}"
