"""What the forms send, and the rows that they are about: values that the services accept."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from planning.models import RdvBulk
from planning.queries.week_copy import WeekChoice, week_plan
from tests.cast import Cast
from tests.factories import MotifFactory, RdvFactory
from tests.factories.planning import NOW


def motif_data(cast: Cast) -> dict[str, Any]:
    return {
        "name": "Nouveau motif",
        "service": cast.social.pk,
        "location_type": "sur_place",
        "duration_minutes": "30",
        "color_choice": "#000091",
        "max_persons": "1",
        "pause_minutes": "0",
        "booking_level": "agents",
        "min_delay_minutes": "30",
        "max_delay_minutes": "129600",
        "visibility": "visible_and_notified",
    }


def lieu_data(_cast: Cast) -> dict[str, Any]:
    return {"name": "Nouveau lieu", "address": "2 rue Haute, 62000 Arras"}


def the_workshop(cast: Cast) -> list[Any]:
    """A workshop of the cast's service, in the owner's agenda, with free seats."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=datetime(2027, 1, 12, 13, tzinfo=UTC),
        seats_total=5,
    )
    return [rdv.uuid]


def workshop_data(cast: Cast) -> dict[str, Any]:
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    return {
        "motif": motif.uuid,
        "day": "2027-01-12",
        "start": "14:00",
        "duration": "60",
        "agents": [cast.owner.uuid],
        "lieu": cast.lieu.uuid,
    }


def rdv_edit_data(cast: Cast) -> dict[str, Any]:
    return {
        "day": "2027-01-11",
        "time": "10:00",
        "duration": "30",
        "agents": [cast.owner.pk],
        "lieu": cast.lieu.pk,
        "context": "Note",
        "seen_version": "0",
    }


def plage_data(cast: Cast) -> dict[str, Any]:
    return {
        "motifs": [cast.motif.pk],
        "lieu": cast.lieu.pk,
        # Another day than the plage of the cast: an overlap is shown before it is accepted.
        "first_day": "2027-01-12",
        "start_time": "09:00",
        "end_time": "12:00",
        "frequency": "none",
    }


def week_data(cast: Cast) -> dict[str, Any]:
    plan = week_plan(
        cast.actor("owner"),
        WeekChoice(
            organisation=cast.organisation,
            source=cast.owner,
            targets=[cast.owner],
            week=date(2027, 1, 11),
            start=date(2027, 2, 1),
            weekly=False,
        ),
        today=date(2027, 1, 4),
    )
    return {
        "source": str(cast.owner.uuid),
        "week": "2027-01-11",
        "targets": [str(cast.owner.uuid)],
        "start": "2027-02-01",
        "repeats": "once",
        "plan": plan.digest,
    }


def weekly_plage(cast: Cast) -> list[Any]:
    return _weekly(cast.plage)


def weekly_indisponibilite(cast: Cast) -> list[Any]:
    return _weekly(cast.indisponibilite)


def _weekly(row: Any) -> list[Any]:
    row.frequency, row.weekdays = "weekly", [0]
    row.save()
    return [row.uuid, "2027-01-18"]


def indisponibilite_data(_cast: Cast) -> dict[str, Any]:
    return {
        "title": "Congés",
        "first_day": "2027-02-01",
        "end_day": "2027-02-05",
        "is_whole_day": "on",
        "frequency": "none",
    }


def the_bulk(cast: Cast) -> list[Any]:
    bulk = RdvBulk.objects.create(agent=cast.owner, organisation=cast.organisation, created_at=NOW)
    return [cast.organisation.uuid, bulk.uuid]
