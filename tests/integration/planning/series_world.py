"""A weekly plage and a weekly indisponibilité of the cast, and the acts of several people."""

from __future__ import annotations

from datetime import date, time, timedelta

from planning.models import Indisponibilite, PlageOuverture
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.services.indisponibilite_edit import IndisponibiliteFields
from planning.services.plage_ouverture_edit import PlageFields
from planning.slots.recurrence import civil_spans
from tests.factories.planning import MONDAY

WEEK = timedelta(days=7)


def make_weekly(row, **columns):
    """Every Monday, from 11 January 2027."""
    for name, value in {"frequency": "weekly", "weekdays": [0], **columns}.items():
        setattr(row, name, value)
    row.save()
    return row


def plage_fields(cast, **changes):
    values = {
        "motif_ids": (cast.motif.pk,),
        "lieu_id": cast.lieu.pk,
        "first_day": MONDAY,
        "start_time": time(9),
        "end_time": time(12),
        "title": "Permanence",
        "frequency": "weekly",
        "weekdays": (0,),
    }
    return PlageFields(**{**values, **changes})


def indisponibilite_fields(**changes):
    values = {
        "title": "Congés",
        "first_day": MONDAY,
        "end_day": MONDAY,
        "start_time": time(9),
        "end_time": time(18),
        "frequency": "weekly",
        "weekdays": (0,),
    }
    return IndisponibiliteFields(**{**values, **changes})


def days(row, last=MONDAY + 5 * WEEK):
    """Return (day, start hour) of the occurrences until `last`, read again from the tables."""
    model = type(row)
    row = model.objects.get(pk=row.pk)
    schedule = indisponibilite_schedule if model is Indisponibilite else plage_schedule
    spans = civil_spans(schedule(row), date(2026, 1, 1).toordinal(), last.toordinal())
    return sorted((date.fromordinal(span.day), span.start.hour) for span in spans)


def plages():
    return list(PlageOuverture.objects.order_by("pk"))
