"""E02: two people change one plage at the same instant, on two connections."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from planning.models import PlageException, PlageOuverture
from planning.services.occurrence_split import ChangedMeanwhile
from planning.services.plage_ouverture_edit import split_plage, update_plage
from planning.services.series_occurrence import PLAGES, skip_occurrence
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import WEEK, days, make_weekly, plage_fields

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts):
    """Run the acts at once and return what each did: « done » or the name of the refusal."""
    barrier = Barrier(len(acts))

    def one(act):
        try:
            barrier.wait(30)
            act()
        except ChangedMeanwhile as refusal:
            return type(refusal).__name__
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(one, acts))


def test_E02_of_two_updates_one_is_refused(cast):
    plage = make_weekly(cast.plage)

    def update(who):
        actor = cast.actor(who)
        fields = plage_fields(cast, title=who)
        return lambda: update_plage(
            plage_id=plage.pk, fields=fields, actor=actor, now=NOW, version=0
        )

    assert together(update("owner"), update("admin")) == ["ChangedMeanwhile", "done"]
    plage.refresh_from_db()
    assert (plage.title in {"owner", "admin"}, plage.ics_sequence) == (True, 1)


def test_E02_of_two_splits_of_one_day_one_is_refused(cast):
    plage = make_weekly(cast.plage)

    def split(who):
        actor, day = cast.actor(who), MONDAY + 2 * WEEK
        fields = plage_fields(cast, first_day=day, title=who)
        return lambda: split_plage(
            plage_id=plage.pk, day=day, fields=fields, actor=actor, now=NOW, version=0
        )

    # The second finds a series that ends before that day, or a newer version of it.
    done = together(split("owner"), split("admin"))
    assert done == ["ChangedMeanwhile", "done"]
    assert PlageOuverture.objects.count() == 2
    assert [day for day, _hour in days(plage)] == [MONDAY, MONDAY + WEEK]


def test_E02_exceptions_of_two_people_are_both_kept(cast):
    plage = make_weekly(cast.plage)

    def skip(who, day):
        actor = cast.actor(who)
        return lambda: skip_occurrence(
            series=PLAGES, row_id=plage.pk, day=day, actor=actor, now=NOW
        )

    assert together(skip("owner", MONDAY), skip("admin", MONDAY + WEEK)) == ["done", "done"]
    assert PlageException.objects.count() == 2
    plage.refresh_from_db()
    assert plage.ics_sequence == 2
