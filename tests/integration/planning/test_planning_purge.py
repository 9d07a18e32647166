"""Decision 5: plages and indisponibilités that ended more than a year ago are deleted."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from planning.models import (
    Indisponibilite,
    IndisponibiliteException,
    PlageException,
    PlageOuverture,
)
from planning.services import planning_purge
from planning.services.planning_purge import purge_planning
from planning.tasks import purge_planning_task
from rdv.schedule import BEAT
from tests.factories import IndisponibiliteFactory, PlageOuvertureFactory
from tests.factories.planning import MONDAY
from tests.integration.planning.series_world import make_weekly

LATER = datetime(2028, 1, 14, 4, 0, tzinfo=UTC)  # a year and three days after the cast's rows
WEEKLY = {"frequency": "weekly", "weekdays": [0]}
HOURS = {"new_start_time": time(9), "new_end_time": time(10)}


def left():
    return set(PlageOuverture.objects.all()), set(Indisponibilite.objects.all())


def test_E02_E03_only_what_ended_more_than_a_year_ago_goes(cast):
    common = {"lieu": cast.lieu, "agent": cast.owner}
    endless = PlageOuvertureFactory(**common, **WEEKLY)
    recent = PlageOuvertureFactory(**common, first_day=date(2027, 1, 14))
    running = PlageOuvertureFactory(**common, **WEEKLY, recurrence_ends_on=date(2027, 3, 1))
    ended = PlageOuvertureFactory(**common, **WEEKLY, recurrence_ends_on=MONDAY)
    moved = PlageOuvertureFactory(**common, **WEEKLY, recurrence_ends_on=MONDAY)
    PlageException.objects.create(plage=moved, day=MONDAY, new_day=date(2027, 6, 1), **HOURS)
    PlageException.objects.create(plage=ended, day=MONDAY)
    long = IndisponibiliteFactory(
        agent=cast.owner,
        end_day=MONDAY + timedelta(days=20),
        **WEEKLY,
        recurrence_ends_on=MONDAY,
    )
    forever = IndisponibiliteFactory(agent=cast.owner, **WEEKLY)
    assert purge_planning(now=LATER) == 3  # those of the cast, and `ended`
    assert left() == ({endless, recent, running, moved}, {long, forever})
    assert list(PlageException.objects.values_list("plage", flat=True)) == [moved.pk]


def test_E03_exceptions_go_with_their_row(cast):
    row = make_weekly(cast.indisponibilite, recurrence_ends_on=MONDAY)
    IndisponibiliteException.objects.create(indisponibilite=row, day=MONDAY)
    purge_planning(now=LATER)
    assert not IndisponibiliteException.objects.exists()


@pytest.mark.parametrize("day", [date(2028, 1, 10), date(2028, 1, 11), date(2028, 1, 12)])
def test_E02_nothing_goes_a_day_too_early(cast, day):
    purge_planning(now=datetime.combine(day, time(11, 59), UTC))
    assert left() == ({cast.plage}, {cast.indisponibilite})


def test_E02_batches_finish_the_work(cast, monkeypatch):
    monkeypatch.setattr(planning_purge, "BATCH", 2)
    for _ in range(4):
        PlageOuvertureFactory(lieu=cast.lieu, agent=cast.owner)
    assert purge_planning(now=LATER) == 6
    assert left() == (set(), set())


def test_E02_the_task_follows_the_clock(cast):
    assert BEAT["purge_planning"]["task"] == "purge_planning"
    with time_machine.travel(LATER, tick=False):
        purge_planning_task()
    assert left() == (set(), set())
