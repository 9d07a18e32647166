"""Which days of an agenda, in which view: what the URL of the page says (ux: state in the URL)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

DAY = "jour"
WEEK = "semaine"
LIST = "liste"
VIEWS = (DAY, WEEK, LIST)
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2099, 12, 31)


@dataclass(frozen=True)
class AgendaState:
    view: str
    day: date
    with_cancelled: bool = False

    @property
    def first(self) -> date:
        if self.view == DAY:
            return self.day
        return self.day - timedelta(days=self.day.weekday())

    @property
    def last(self) -> date:
        return self.first if self.view == DAY else self.first + timedelta(days=6)

    @property
    def after(self) -> date:
        """Return the day that follows the last one."""
        return self.last + timedelta(days=1)

    def moved(self, steps: int) -> AgendaState:
        """Return the state that many days or weeks later."""
        return replace(self, day=self.day + timedelta(days=steps * (1 if self.view == DAY else 7)))

    def at(self, day: date) -> AgendaState:
        return replace(self, day=day)

    def viewed(self, view: str) -> AgendaState:
        return replace(self, view=view)

    def toggled(self) -> AgendaState:
        """Return the state with the cancelled RDVs shown, or hidden when they were."""
        return replace(self, with_cancelled=not self.with_cancelled)

    @property
    def query(self) -> str:
        """Return the query string that `parse_state` reads back."""
        values = {"vue": self.view, "date": self.day.isoformat()}
        return urlencode(values | ({"annules": "1"} if self.with_cancelled else {}))


def parse_state(given: Mapping[str, str], *, today: date) -> AgendaState:
    """Return what the query string asks for; what it says badly, or not, is this week."""
    view = given.get("vue", "")
    return AgendaState(
        view=view if view in VIEWS else WEEK,
        day=parse_day(given.get("date", "")) or today,
        with_cancelled=given.get("annules") == "1",
    )


def parse_day(typed: str) -> date | None:
    """Return the ISO day, or None when it is none or far away."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
