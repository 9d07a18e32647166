"""One occurrence of a recurring indisponibilité: left out, moved or changed, and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from planning.services.indisponibilite_edit import lock_indisponibilite
from planning.services.occurrence_split import check_version, restore_occurrence, set_exception
from planning.services.planning_announce import Change, announce_indisponibilites
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from agents.permissions import Actor
    from planning.models import Indisponibilite


@transaction.atomic
def skip_indisponibilite_occurrence(
    *, indisponibilite_id: int, day: date, actor: Actor | None, now: datetime
) -> Indisponibilite:
    """Leave out the occurrence of `day`. Raises IndisponibiliteRefused or OccurrenceGone."""
    row = lock_indisponibilite(indisponibilite_id, actor)
    set_exception(row, day)
    return _changed(row, actor, now)


@transaction.atomic
def change_indisponibilite_occurrence(
    *,
    indisponibilite_id: int,
    day: date,
    new_day: date,
    start_time: time,
    new_end_day: date,
    end_time: time,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> Indisponibilite:
    """Move the occurrence of `day`, or change its hours, this time only.

    Raises IndisponibiliteRefused, OccurrenceGone, ChangedMeanwhile, or InvalidRow.
    """
    row = lock_indisponibilite(indisponibilite_id, actor)
    check_version(row, version)
    set_exception(
        row,
        day,
        new_day=new_day,
        new_start_time=start_time,
        new_end_day=new_end_day,
        new_end_time=end_time,
    )
    return _changed(row, actor, now)


@transaction.atomic
def restore_indisponibilite_occurrence(
    *, indisponibilite_id: int, day: date, actor: Actor | None, now: datetime
) -> Indisponibilite:
    """Forget the exception of `day`. Raises IndisponibiliteRefused or OccurrenceGone."""
    row = lock_indisponibilite(indisponibilite_id, actor)
    restore_occurrence(row, day)
    return _changed(row, actor, now)


def _changed(row: Indisponibilite, actor: Actor | None, now: datetime) -> Indisponibilite:
    row.ics_sequence += 1
    save_checked(row)
    announce_indisponibilites(Change.CHANGED, [row], actor=actor, now=now)
    return row
