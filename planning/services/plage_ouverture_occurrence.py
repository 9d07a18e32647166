"""One occurrence of a recurring plage: left out, moved or changed, and given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from planning.services.occurrence_split import check_version, restore_occurrence, set_exception
from planning.services.plage_ouverture_edit import lock_plage
from planning.services.planning_announce import Change, announce_plages
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from agents.permissions import Actor
    from planning.models import PlageOuverture


@transaction.atomic
def skip_plage_occurrence(
    *, plage_id: int, day: date, actor: Actor | None, now: datetime
) -> PlageOuverture:
    """Leave out the occurrence of `day`. Raises PlageRefused or OccurrenceGone."""
    plage = lock_plage(plage_id, actor)
    set_exception(plage, day)
    return _changed(plage, actor, now)


@transaction.atomic
def change_plage_occurrence(
    *,
    plage_id: int,
    day: date,
    new_day: date,
    start_time: time,
    end_time: time,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> PlageOuverture:
    """Move the occurrence of `day`, or change its hours, this time only.

    Raises PlageRefused, OccurrenceGone, ChangedMeanwhile, or InvalidRow.
    """
    plage = lock_plage(plage_id, actor)
    check_version(plage, version)
    set_exception(plage, day, new_day=new_day, new_start_time=start_time, new_end_time=end_time)
    return _changed(plage, actor, now)


@transaction.atomic
def restore_plage_occurrence(
    *, plage_id: int, day: date, actor: Actor | None, now: datetime
) -> PlageOuverture:
    """Forget the exception of `day`. Raises PlageRefused or OccurrenceGone."""
    plage = lock_plage(plage_id, actor)
    restore_occurrence(plage, day)
    return _changed(plage, actor, now)


def _changed(plage: PlageOuverture, actor: Actor | None, now: datetime) -> PlageOuverture:
    plage.ics_sequence += 1
    save_checked(plage)
    announce_plages(Change.CHANGED, [plage], actor=actor, now=now)
    return plage
