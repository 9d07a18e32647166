"""Which days and agendas, in which view: what the URL of the page says (ux: state in the URL)."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

DAY = "jour"
WEEK = "semaine"
MONTH = "mois"
LIST = "liste"
VIEWS = (DAY, WEEK, MONTH, LIST)
FIRST_DAY, LAST_DAY = date(2018, 1, 1), date(2099, 12, 31)
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Defaults:
    """What the page shows when its URL does not say: the preferences of who looks."""

    view: str = WEEK
    with_saturdays: bool = False
    with_cancelled: bool = True


@dataclass(frozen=True)
class AgendaState:
    """`others` and `equipes`: agendas shown beside that of the page's agent."""

    view: str
    day: date
    with_cancelled: bool = True
    with_saturdays: bool = False
    others: tuple[UUID, ...] = ()
    equipes: tuple[UUID, ...] = ()

    @property
    def first(self) -> date:
        """Return the day, or the Monday: a month begins with its first whole week."""
        if self.view == DAY:
            return self.day
        start = self.day.replace(day=1) if self.view == MONTH else self.day
        return start - timedelta(days=start.weekday())

    @property
    def last(self) -> date:
        if self.view == DAY:
            return self.day
        if self.view != MONTH:
            return self.first + timedelta(days=6)
        end = self.day.replace(day=monthrange(self.day.year, self.day.month)[1])
        return end + timedelta(days=6 - end.weekday())

    @property
    def after(self) -> date:
        """Return the day that follows the last one."""
        return self.last + timedelta(days=1)

    def moved(self, steps: int) -> AgendaState:
        """Return the state that many days, weeks or months later; a month is asked by its 1st."""
        if self.view == MONTH:
            months = self.day.year * MONTHS_A_YEAR + self.day.month - 1 + steps
            year, month = divmod(months, MONTHS_A_YEAR)
            return replace(self, day=date(year, month + 1, 1))
        return replace(self, day=self.day + timedelta(days=steps * (1 if self.view == DAY else 7)))

    def at(self, day: date) -> AgendaState:
        return replace(self, day=day)

    def viewed(self, view: str) -> AgendaState:
        return replace(self, view=view)

    def beside(self, others: tuple[UUID, ...]) -> AgendaState:
        """Return the state with these agendas beside, and its équipes."""
        return replace(self, others=others)

    def alone(self) -> AgendaState:
        return replace(self, others=(), equipes=())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return names and values of the query string; all are said, so that it can be shared."""
        return [
            ("vue", self.view),
            ("date", self.day.isoformat()),
            ("annules", "1" if self.with_cancelled else "0"),
            ("samedis", "1" if self.with_saturdays else "0"),
            *(("avec", str(uuid)) for uuid in self.others),
            *(("equipe", str(uuid)) for uuid in self.equipes),
        ]

    @property
    def query(self) -> str:
        """Return the query string that `parse_state` reads back."""
        return urlencode(self.pairs)

    @property
    def query_without_day(self) -> str:
        """Return the query string to which a template adds `&date=`."""
        return urlencode([pair for pair in self.pairs if pair[0] != "date"])


def parse_state(given: QueryDict, *, today: date, defaults: Defaults | None = None) -> AgendaState:
    """Return what the query string asks for; what it says badly, or not, is as `defaults` say."""
    defaults = defaults or Defaults()
    view = given.get("vue", "")
    return AgendaState(
        view=view if view in VIEWS else defaults.view,
        day=parse_day(given.get("date", "")) or today,
        with_cancelled=_flag(given.get("annules"), default=defaults.with_cancelled),
        with_saturdays=_flag(given.get("samedis"), default=defaults.with_saturdays),
        others=parse_uuids(given.getlist("avec")),
        equipes=parse_uuids(given.getlist("equipe")),
    )


def _flag(given: str | None, *, default: bool) -> bool:
    return given == "1" if given in {"0", "1"} else default


def parse_uuids(given: Iterable[str]) -> tuple[UUID, ...]:
    """Return the identifiers, each once and in order; nonsense is left out."""
    found: dict[UUID, None] = {}
    for text in given:
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return tuple(found)


def parse_day(typed: str) -> date | None:
    """Return the ISO day, or None when it is none or far away."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None
