"""The statistics as they are read: names beside counts, percentages, charts and links (H02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from planning.models import MessageChannel, MessageResult, Origin
from planning.queries.stats import Tally
from planning.rules.rdv_label import TO_FILL_IN, TODAY, UPCOMING
from planning.rules.stats import DAY, MONTH, percentage, shares
from planning.rules.stats_chart import Series, stacked_columns
from planning.rules.status import EXCUSED, NOSHOW, REVOKED, SEEN

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date

    from planning.queries.stats import Figures
    from planning.rules.stats_chart import Chart

# Lines of a table on the page; the file holds them all.
MOST_LINES = 30

# What a chart tells apart, from bottom to top; « à venir » holds today's, like the tiles.
STATES: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    (SEEN, gettext_lazy("Honorés"), (SEEN,)),
    (NOSHOW, gettext_lazy("Absences"), (NOSHOW,)),
    (EXCUSED, gettext_lazy("Annulés par l’usager"), (EXCUSED,)),
    (REVOKED, gettext_lazy("Annulés par le service"), (REVOKED,)),
    (TO_FILL_IN, gettext_lazy("À renseigner"), (TO_FILL_IN,)),
    (UPCOMING, gettext_lazy("À venir"), (UPCOMING, TODAY)),
)
ONLINE = (Origin.INTERNET, Origin.WAITING_LIST)


@dataclass(frozen=True)
class Line:
    """One line of a table. `url`: the RDVs that it counts, "" where one may not see the list."""

    label: str
    tally: Tally
    share: int
    bar: int
    url: str = ""

    @property
    def counts(self) -> list[int]:
        return [count_of(self.tally, keys) for _key, _label, keys in STATES]


@dataclass(frozen=True)
class Table:
    """`heading`: of the first column. The page shows the first lines, the file all of them."""

    key: str
    title: str
    heading: str
    lines: Sequence[Line]
    note: str = ""

    @property
    def shown(self) -> Sequence[Line]:
        return self.lines[:MOST_LINES]

    @property
    def rest(self) -> int:
        return max(len(self.lines) - MOST_LINES, 0)


@dataclass(frozen=True)
class Tile:
    key: str
    label: str
    count: int
    share: int
    url: str = ""


@dataclass(frozen=True)
class Evolution:
    chart: Chart
    lines: Sequence[Line]
    heading: str


@dataclass(frozen=True)
class MessageLine:
    channel: str
    counts: Sequence[int]
    total: int


def count_of(tally: Tally, keys: Iterable[str]) -> int:
    return sum(tally.states[key] for key in keys)


def tiles(figures: Figures, link: Callable[..., str]) -> list[Tile]:
    """Return the counter of each state, with percentages that sum to 100."""
    counts = [count_of(figures.total, keys) for _key, _label, keys in STATES]
    return [
        Tile(key, str(label), count, share, link(states=keys) if count else "")
        for (key, label, keys), count, share in zip(STATES, counts, shares(counts), strict=True)
    ]


def evolution(figures: Figures, step: str) -> Evolution:
    """Return the columns and the same figures in lines."""
    lines = table_lines(
        [(column_name(day, step), tally, "") for day, tally in figures.columns.items()],
        in_order=True,
    )
    series = [
        Series(
            label=_short_name(day, step),
            title=_said(line),
            parts=[
                (key, count)
                for (key, _label, _keys), count in zip(STATES, line.counts, strict=True)
            ],
        )
        for day, line in zip(figures.columns, lines, strict=True)
    ]
    heading = {DAY: _("Jour"), MONTH: _("Mois")}.get(step, _("Semaine du"))
    return Evolution(stacked_columns(series), lines, heading)


def _said(line: Line) -> str:
    parts = [
        f"{label} : {count}"
        for (_key, label, _keys), count in zip(STATES, line.counts, strict=True)
        if count
    ]
    return f"{line.label} – {line.tally.total} RDV" + (f" ({', '.join(parts)})" if parts else "")


def column_name(day: date, step: str) -> str:
    if step == MONTH:
        return date_format(day, "F Y")
    return date_format(day, "j F Y")


def _short_name(day: date, step: str) -> str:
    return date_format(day, "N Y" if step == MONTH else "j N")


def table_lines(rows: Iterable[tuple[str, Tally, str]], *, in_order: bool = False) -> list[Line]:
    """Return lines from (label, tally, url), the largest first unless `in_order`.

    Shares sum to 100; a bar is in % of the longest one.
    """
    known = list(rows)
    if not in_order:
        known.sort(key=lambda row: (-row[1].total, row[0]))
    parts = shares([tally.total for _label, tally, _url in known])
    longest = max((tally.total for _label, tally, _url in known), default=0)
    return [
        Line(label, tally, share, percentage(tally.total, longest) or 0, url)
        for (label, tally, url), share in zip(known, parts, strict=True)
    ]


def grouped(
    tallies: Mapping[Any, Tally], name_of: Callable[[Any], str], url_of: Callable[[Any], str]
) -> list[Line]:
    """Return one line for each name: keys of one name are added up, and then bear no link."""
    by_name: dict[str, list[Any]] = {}
    for key in tallies:
        by_name.setdefault(name_of(key), []).append(key)
    return table_lines(
        (name, added(tallies[key] for key in keys), url_of(keys[0]) if len(keys) == 1 else "")
        for name, keys in by_name.items()
    )


def added(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.states.update(tally.states)
        total.persons += tally.persons
        total.came += tally.came
        total.missed += tally.missed
    return total


def no_url(_key: Any) -> str:
    return ""


def origin_table(figures: Figures) -> Table:
    rows = [(str(label), figures.origins.get(key, Tally()), "") for key, label in Origin.choices]
    return Table("origins", _("Qui a pris le RDV"), _("Origine"), table_lines(rows, in_order=True))


def online_share(figures: Figures) -> int | None:
    """Return the RDVs that usagers took online, in % of all."""
    online = sum(figures.origins[key].total for key in ONLINE if key in figures.origins)
    return percentage(online, figures.total.total)


def message_lines(messages: dict[tuple[str, str], int]) -> list[MessageLine]:
    """Return one line a channel: counts in the order of MessageResult."""
    lines = []
    for channel, label in MessageChannel.choices:
        counts = [messages.get((channel, result), 0) for result in MessageResult.values]
        lines.append(MessageLine(str(label), counts, sum(counts)))
    return lines


def delay_text(days: int | None) -> str:
    """Return a delay in words: "le jour même", "1 jour", "12 jours"; "–" without any RDV."""
    if days is None:
        return "–"
    if days == 0:
        return _("le jour même")
    return ngettext("%(days)s jour", "%(days)s jours", days) % {"days": days}


# Up to how many days each line of the delays goes; the last has no end.
_DELAYS = (
    (0, gettext_lazy("Le jour même")),
    (2, gettext_lazy("1 ou 2 jours")),
    (7, gettext_lazy("3 à 7 jours")),
    (14, gettext_lazy("8 à 14 jours")),
    (30, gettext_lazy("15 à 30 jours")),
    (60, gettext_lazy("31 à 60 jours")),
    (None, gettext_lazy("Plus de 60 jours")),
)


def delay_lines(delays: Counter[int]) -> list[tuple[str, int, int, int]]:
    """Return (label, RDVs, share, bar) of each range of delays."""
    counts = [0] * len(_DELAYS)
    for days, count in delays.items():
        counts[_range_of(days)] += count
    longest = max(counts)
    return [
        (str(label), count, share, percentage(count, longest) or 0)
        for (_last, label), count, share in zip(_DELAYS, counts, shares(counts), strict=True)
    ]


def _range_of(days: int) -> int:
    return next(i for i, (last, _label) in enumerate(_DELAYS) if last is None or days <= last)
