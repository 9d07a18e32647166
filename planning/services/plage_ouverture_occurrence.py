"""One date of a recurring plage, with its own hours, and its own motifs or lieu if need be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.models import PlageOuverture
from planning.services.occurrence_split import exception_of, require_occurrence, set_exception
from planning.services.plage_ouverture_edit import PlageFields, write_plage
from planning.services.series_occurrence import PLAGES, series_changing
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from agents.permissions import Actor


@dataclass(frozen=True)
class DateFields:
    """What a person chooses for one date. `lieu_id`: None when no motif needs one."""

    motif_ids: tuple[int, ...]
    lieu_id: int | None
    new_day: date
    start_time: time
    end_time: time


def change_plage_occurrence(
    *,
    plage_id: int,
    day: date,
    fields: DateFields,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> None:
    """Change the date of `day`, this time only.

    Day and hours are an exception of the series. With other motifs or another lieu, the series
    leaves the date out and an exceptional plage `replaces` it. Raises PlageRefused, OccurrenceGone,
    ChangedMeanwhile, or InvalidRow with the fields at fault.
    """
    with series_changing(PLAGES, plage_id, actor=actor, now=now, version=version) as told:
        plage = told[0]
        if _is_like(plage, fields):
            times = {"new_start_time": fields.start_time, "new_end_time": fields.end_time}
            set_exception(plage, day, actor=actor, now=now, new_day=fields.new_day, **times)
        else:
            told.append(_replace(plage, day, fields, actor))


def _is_like(plage: PlageOuverture, fields: DateFields) -> bool:
    motifs = set(plage.plage_motifs.values_list("motif_id", flat=True))
    return motifs == set(fields.motif_ids) and plage.lieu_id == fields.lieu_id


def _replace(
    plage: PlageOuverture, day: date, fields: DateFields, actor: Actor | None
) -> PlageOuverture:
    """Leave the date out of the series and write the plage that takes its place."""
    require_occurrence(plage, day)
    exception = exception_of(plage, day)
    exception.new_day = exception.new_start_time = exception.new_end_time = None
    save_checked(exception)
    found = PlageOuverture.objects.select_for_update(of=("self",)).filter(replaces=exception)
    row = found.first()
    if row is None:
        row = PlageOuverture(organisation=plage.organisation, agent=plage.agent, replaces=exception)
    else:
        row.ics_sequence += 1
    whole = PlageFields(
        motif_ids=fields.motif_ids,
        lieu_id=fields.lieu_id,
        first_day=fields.new_day,
        start_time=fields.start_time,
        end_time=fields.end_time,
        title=plage.title,
        opens_on_holidays=plage.opens_on_holidays,
        max_rdvs_per_day=plage.max_rdvs_per_day,
    )
    write_plage(row, whole, actor, like=row if row.pk else plage)
    return row
