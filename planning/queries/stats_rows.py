"""The figures of a page as rows of a file: the same numbers, every line of every table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.models import MessageResult
from planning.queries.stats_page import STATES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from planning.queries.stats_page import Line, MessageLine, Table


def file_rows(
    *,
    about: Sequence[tuple[str, str]],
    evolution: Sequence[Line],
    tables: Sequence[Table],
    messages: Sequence[MessageLine],
) -> Iterator[list[str | int | None]]:
    """Yield what the file is about, then a header and a line for each group of each table."""
    for label, value in about:
        yield [label, value]
    yield []
    states = [str(label) for _key, label, _keys in STATES]
    yield [_("Tableau"), _("Ligne"), _("RDV"), *states, _("Personnes"), _("Taux d’absence (%)")]
    yield from _lines(_("Évolution"), evolution)
    for table in tables:
        yield from _lines(table.title, table.lines)
    if messages:
        yield []
        yield [_("Messages"), _("Canal"), _("Total"), *map(str, MessageResult.labels)]
        for row in messages:
            yield [_("Messages"), row.channel, row.total, *row.counts]


def _lines(title: str, lines: Sequence[Line]) -> Iterator[list[str | int | None]]:
    for line in lines:
        tally = line.tally
        yield [title, line.label, tally.total, *line.counts, tally.persons, tally.absence]
