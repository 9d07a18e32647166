"""What one date of a recurring plage deserves as warnings, before it is saved."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.models import PlageOuverture
from planning.queries.occurrences import occurrence_of
from planning.queries.plage_ouverture_list import plage_warnings, plages_of_agent
from planning.queries.schedules import plage_schedule
from planning.slots.overlap import first_common_day
from rdv.common.french import day_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from agents.permissions import Actor
    from motifs.models import Lieu, Motif
    from planning.queries.occurrences import Occurrence, Times
    from planning.queries.plage_ouverture_list import PlagesOfAgent


def date_motifs(plage: PlageOuverture, occurrence: Occurrence) -> list[Motif]:
    """Return what can be booked that day, as things stand."""
    return list((occurrence.replacement or plage).motifs.all())


def date_warnings(
    plage: PlageOuverture,
    day: date,
    times: Times,
    *,
    motifs: Sequence[Motif],
    lieu: Lieu | None,
    actor: Actor | None,
    today: date,
) -> list[str]:
    """Return what is worth a second look when the date of `day` becomes `times`.

    What is already true of that date is not said again.
    """
    occurrence = occurrence_of(plage, day)
    as_it_is = occurrence.replacement or plage
    world = _besides(plages_of_agent(actor, plage.agent, today), occurrence, plage)
    known: list[str] = []
    if occurrence.now:
        before = _alone(plage, occurrence.now, as_it_is.lieu)
        known = _warnings(before, date_motifs(plage, occurrence), world, plage, day)
    found = _warnings(_alone(plage, times, lieu), motifs, world, plage, day)
    return [warning for warning in found if warning not in known]


def _besides(world: PlagesOfAgent, occurrence: Occurrence, plage: PlageOuverture) -> PlagesOfAgent:
    """Leave out the series, which is compared apart, and what this date is now."""
    itself = {plage.pk} | ({occurrence.replacement.pk} if occurrence.replacement else set())
    return replace(world, others=[other for other in world.others if other.pk not in itself])


def _alone(plage: PlageOuverture, times: Times, lieu: Lieu | None) -> PlageOuverture:
    """Return the date as a plage of its own, not saved."""
    return PlageOuverture(
        organisation=plage.organisation,
        agent=plage.agent,
        lieu=lieu,
        first_day=times.day,
        start_time=times.start,
        end_time=times.end,
    )


def _warnings(
    alone: PlageOuverture,
    motifs: Sequence[Motif],
    world: PlagesOfAgent,
    plage: PlageOuverture,
    day: date,
) -> list[str]:
    warnings = plage_warnings(alone, motifs, world)
    series = plage_schedule(plage)
    rest = replace(series, excluded=series.excluded | {day})
    met = first_common_day(plage_schedule(alone), rest, world.today)
    if met:
        words = _("Chevauche une autre date de la même plage, le %(day)s.")
        warnings.append(words % {"day": day_text(met)})
    return warnings
