"""One occurrence of a series, a plage or an indisponibilité: left out, changed, given back."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from planning.services.indisponibilite_edit import lock_indisponibilite
from planning.services.occurrence_split import check_version, forget_exception, set_exception
from planning.services.plage_ouverture_edit import lock_plage
from planning.services.planning_announce import (
    Change,
    announce_indisponibilites,
    announce_plages,
)
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from agents.permissions import Actor


@dataclass(frozen=True)
class SeriesKind:
    """What plages and indisponibilités do each in their own way.

    `lock` returns the row that the actor may edit, or raises the refusal of its kind.
    """

    lock: Callable[[int, Actor | None], Any]
    announce: Callable[..., None]


PLAGES = SeriesKind(lock_plage, announce_plages)
INDISPONIBILITES = SeriesKind(lock_indisponibilite, announce_indisponibilites)


@contextmanager
def series_changing(
    series: SeriesKind,
    row_id: int,
    *,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> Iterator[list[Any]]:
    """Lock the row for the block, then give it a new version and tell its agent.

    Yields what the mail will speak of: the row, to which the block may add. `version`: the
    `ics_sequence` that the person saw. Raises ChangedMeanwhile, or the refusal of the series.
    """
    with transaction.atomic():
        row = series.lock(row_id, actor)
        check_version(row, version)
        told = [row]
        yield told
        row.ics_sequence += 1
        save_checked(row)
        series.announce(Change.CHANGED, told, actor=actor, now=now)


def skip_occurrence(
    *, series: SeriesKind, row_id: int, day: date, actor: Actor | None, now: datetime
) -> None:
    """Leave out the occurrence of `day`. Raises OccurrenceGone, or the refusal of the series."""
    with series_changing(series, row_id, actor=actor, now=now) as (row,):
        set_exception(row, day, actor=actor, now=now)


def change_occurrence(
    *,
    series: SeriesKind,
    row_id: int,
    day: date,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
    **times: Any,
) -> None:
    """Move the occurrence of `day`, or change its hours, this time only.

    `times`: the `new_…` columns of the exception. Raises like `skip_occurrence`, ChangedMeanwhile,
    or InvalidRow when the hours make no sense.
    """
    with series_changing(series, row_id, actor=actor, now=now, version=version) as (row,):
        set_exception(row, day, actor=actor, now=now, **times)


def restore_occurrence(
    *, series: SeriesKind, row_id: int, day: date, actor: Actor | None, now: datetime
) -> None:
    """Forget the exception of `day`. Raises like `skip_occurrence`."""
    with series_changing(series, row_id, actor=actor, now=now) as (row,):
        forget_exception(row, day, actor=actor, now=now)
