"""What anybody may read of the statistics: no count under 11, nor any that leads to one (H02).

Each territoire publishes what `public_counts` lets through. The whole site is the sum of what the
territoires publish, and of nothing else: a hidden count cannot be found by comparing pages.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import F
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from motifs.models import LocationType
from planning.models import Origin, StatRdv
from planning.queries.stats import Tally, counted_at, in_spans, sums
from planning.rules.rdv_label import TO_FILL_IN, TODAY
from planning.rules.stats import (
    LEAST_PUBLIC,
    MONTH,
    PublicCount,
    columns,
    months_before,
    percentage,
    public_counts,
    shares,
    spans,
)
from planning.rules.stats_chart import Series, stacked_columns
from planning.rules.status import EXCUSED, NOSHOW, REVOKED, SEEN
from rdv.common.french import month_text
from rdv.common.text_keys import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime

    from planning.rules.stats_chart import Chart

MONTHS = 12
# With a sweep every five minutes, no figure is older than ten.
_CACHE_SECONDS = 300
_KEY = "stats_public"

STATES = {
    SEEN: gettext_lazy("Honorés"),
    NOSHOW: gettext_lazy("Personne absente"),
    EXCUSED: gettext_lazy("Annulés par l’usager"),
    REVOKED: gettext_lazy("Annulés par le service"),
    TO_FILL_IN: gettext_lazy("Issue pas encore connue"),
}
ORIGINS = {
    Origin.AGENT: gettext_lazy("Par un agent du service"),
    Origin.INTERNET: gettext_lazy("En ligne"),
    Origin.PRESCRIPTEUR: gettext_lazy("Par un partenaire"),
    Origin.WAITING_LIST: gettext_lazy("Par la liste d’attente"),
}
_ONLINE = (Origin.INTERNET, Origin.WAITING_LIST)


@dataclass
class Counts:
    """True counts of a territoire, by table; they never leave this module."""

    states: Counter[str] = field(default_factory=Counter)
    months: Counter[date] = field(default_factory=Counter)
    origins: Counter[str] = field(default_factory=Counter)
    types: Counter[str] = field(default_factory=Counter)
    services: Counter[str] = field(default_factory=Counter)
    came: int = 0
    missed: int = 0


TABLES = ("states", "months", "origins", "types", "services")


@dataclass
class Published:
    """What may be read. A table maps a key to its count; None: not published as a whole."""

    total: int | None = None
    tables: dict[str, dict[Any, PublicCount] | None] = field(default_factory=dict)
    came: int = 0
    missed: int = 0

    @property
    def absence(self) -> int | None:
        """Return absences in % of the people who were expected."""
        return percentage(self.missed, self.came + self.missed)

    @property
    def online(self) -> int | None:
        """Return what was taken online, in % of what is published; None where it is kept back."""
        table = self.tables.get("origins") or {}
        known = [table[key].count for key in _ONLINE if key in table]
        if None in known:
            return None
        return percentage(sum(n or 0 for n in known), sum(one.count or 0 for one in table.values()))


@dataclass(frozen=True)
class PublicLine:
    label: str
    count: int | None
    is_small: bool
    share: int | None
    bar: int


@dataclass(frozen=True)
class PublicTable:
    """`lines` is empty when the table is not published; `in_french`: the labels are data."""

    key: str
    title: str
    heading: str
    lines: list[PublicLine]
    in_french: bool = False


def published(today: date) -> tuple[dict[int, Published], datetime | None]:
    """Return what each territoire publishes, by key, and of when the counts are. Kept 5 minutes."""
    found: tuple[dict[int, Counts], datetime | None] | None = cache.get(_KEY)
    if found is None:
        found = (_counts(today), counted_at())
        cache.set(_KEY, found, _CACHE_SECONDS)
    counts, at = found
    return {key: publish(one) for key, one in counts.items()}, at


def publish(counts: Counts) -> Published:
    total = counts.states.total()
    if total < LEAST_PUBLIC:
        return Published()
    tables = {name: _published_table(getattr(counts, name)) for name in TABLES}
    shown = Published(total, tables)
    states = tables["states"] or {}
    judged = [states[key].count for key in (SEEN, NOSHOW) if key in states]
    if judged and None not in judged and min(counts.came, counts.missed) >= LEAST_PUBLIC:
        shown.came, shown.missed = counts.came, counts.missed
    return shown


def _published_table(counts: Mapping[Any, int]) -> dict[Any, PublicCount] | None:
    keys = [key for key, count in counts.items() if count]
    known = public_counts([counts[key] for key in keys])
    return None if known is None else dict(zip(keys, known, strict=True))


def together(parts: Iterable[Published]) -> Published:
    """Return the whole site: the sum of what is published, without a look at what is not."""
    whole = Published(0, {name: {} for name in TABLES})
    for part in parts:
        whole.total = (whole.total or 0) + (part.total or 0)
        whole.came += part.came
        whole.missed += part.missed
        for name in TABLES:
            table = whole.tables[name]
            assert table is not None
            for key, one in (part.tables.get(name) or {}).items():
                before = table.get(key, PublicCount(None, is_small=True))
                if one.count is not None:
                    table[key] = PublicCount((before.count or 0) + one.count)
                else:
                    table[key] = before
    return whole


def public_tables(shown: Published) -> list[PublicTable]:
    """Return the tables to print, but the months."""
    types = {key: label for key, label in LocationType.choices}  # noqa: C416 - typed
    services = {key: key for key in sorted(shown.tables.get("services") or {}, key=fold)}
    return [
        _table(shown, "states", _("Ce que les rendez-vous sont devenus"), _("Issue"), STATES),
        _table(shown, "origins", _("Comment ils ont été pris"), _("Prise du rendez-vous"), ORIGINS),
        _table(shown, "types", _("Où ils ont lieu"), _("Type"), types),
        _table(shown, "services", _("Pour quel service"), _("Service"), services, in_french=True),
    ]


def public_months(shown: Published, today: date) -> tuple[Chart, list[PublicLine]]:
    """Return the chart of the months and the same figures; a month kept back has no column."""
    known = shown.tables.get("months") or {}
    days = columns(first_day(today), today, MONTH)
    table = {day: known.get(day, PublicCount(0)) for day in days}
    lines = _lines(table, {day: month_text(day) for day in days})
    series = [
        Series(
            label=_short(day),
            title=f"{line.label} – {_('moins de 11') if line.count is None else line.count}",
            parts=[("all", line.count or 0)],
        )
        for day, line in zip(days, lines, strict=True)
    ]
    return stacked_columns(series), lines


def first_day(today: date) -> date:
    return months_before(today, MONTHS - 1)


def _less_than_11() -> str:
    return _("moins de 11")


def _short(day: date) -> str:
    return day.strftime("%m/%Y")


def _table(
    shown: Published,
    key: str,
    title: str,
    heading: str,
    labels: Mapping[Any, Any],
    *,
    in_french: bool = False,
) -> PublicTable:
    known = shown.tables.get(key) or {}
    ordered = {one: known[one] for one in labels if one in known}
    return PublicTable(key, title, heading, _lines(ordered, labels), in_french)


def _lines(table: Mapping[Any, PublicCount], labels: Mapping[Any, Any]) -> list[PublicLine]:
    """Shares are of what is printed: they say no more than the counts."""
    counts = [one.count or 0 for one in table.values()]
    longest = max(counts, default=0)
    return [
        PublicLine(
            label=str(labels[key]),
            count=one.count,
            is_small=one.is_small,
            share=None if one.count is None else share,
            bar=percentage(one.count or 0, longest) or 0,
        )
        for (key, one), share in zip(table.items(), shares(counts), strict=True)
    ]


def _counts(today: date) -> dict[int, Counts]:
    """Count the last twelve months, that of today included, of every territoire."""
    asked = spans(first_day(today), today, step=MONTH, today=today)
    rows = StatRdv.objects.filter(in_spans(asked), agent__isnull=True).annotate(
        territoire=F("organisation__territoire"), month=TruncMonth("day")
    )
    found: dict[int, Counts] = {}
    for row in sums(rows, today, "territoire", "month", "origin"):
        counts, tally = found.setdefault(row["territoire"], Counts()), Tally()
        tally.add(row)
        # Those of today are not over: like those whose end nobody has told yet.
        tally.states[TO_FILL_IN] += tally.states.pop(TODAY, 0)
        counts.states.update({key: tally.states[key] for key in STATES})
        counts.months[row["month"]] += tally.total
        counts.origins[row["origin"]] += tally.total
        counts.came += tally.came
        counts.missed += tally.missed
    for name, key in (("types", "motif__location_type"), ("services", "motif__service__name")):
        for row in sums(rows, today, "territoire", key):
            tally = Tally()
            tally.add(row)
            getattr(found[row["territoire"]], name)[row[key]] += tally.total
    return found
