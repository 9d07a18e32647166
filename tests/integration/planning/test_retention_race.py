"""Decision 5 and H02: two workers at once do the work once; without the locks they would not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet

from agents.models import AuditEntry, RetentionReport, Step
from agents.services.retention_report import run_step
from notifications.models import BlockedAddress, OutboxMessage
from planning.models import Indisponibilite, Participation, Rdv, RdvEvent, StatRdv
from planning.services import stats_check as stats_check_module
from planning.services import stats_refresh
from planning.services import stats_sql as sql_of
from planning.services.planning_purge import purge_planning
from planning.services.prescripteur_purge import purge_prescripteurs
from planning.services.stats_check import check_stats
from planning.services.stats_refresh import refresh_stats
from planning.services.usager_retention import anonymise_quiet_usagers
from planning.services.waiting_list_end import purge_waiting_list
from planning.tasks import STEPS
from rdv.accounts.models import Account
from tests.cast import the_cast
from tests.factories import AgentFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.constraints.public_side import entry_by_phone
from tests.integration.planning.test_retention import DUE, OLD, PAST, aged, block, message
from tests.integration.two_workers import stopped, two_workers
from usagers.models import Prescripteur, Usager

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
EVERY_STEP = {
    **STEPS,
    Step.PLANNING: purge_planning,
    Step.PRESCRIPTEURS: purge_prescripteurs,
    Step.WAITING_LIST: purge_waiting_list,
}
# What each step finds in `something_due`.
FOUND = dict.fromkeys(Step, 1) | {Step.USAGERS: 2, Step.RDVS: 2}


@pytest.fixture
def cast(transactional_db):
    return the_cast()


def something_due(cast):
    """One thing to forget for each step, two for some."""
    people_due(cast)
    rdv_due(cast)
    message("sent", PAST, state="sent", sent_at=PAST)
    block(1, PAST)
    Indisponibilite.objects.filter(pk=cast.indisponibilite.pk).update(
        frequency="none", first_day=PAST.date(), end_day=PAST.date(), recurrence_ends_on=None
    )
    waiting = entry_by_phone()
    type(waiting).objects.filter(pk=waiting.pk).update(
        created_at=OLD, ended_at=OLD + DAY, end="removed"
    )


def people_due(cast):
    told, proche = UsagerFactory(territoire=cast.territoire), None
    proche = UsagerFactory(territoire=cast.territoire, email=None, responsable=told)
    aged(PAST, told, proche)
    Usager.objects.filter(pk=told.pk).update(retention_notice_at=DUE - 32 * DAY)
    warned = UsagerFactory(territoire=cast.territoire)
    aged(PAST + 10 * DAY, warned)
    lone = Account.objects.create_account(kind="usager", email="seule@exemple.fr")
    Account.objects.filter(pk=lone.pk).update(created_at=PAST)
    for noticed in (None, DUE - 31 * DAY):
        agent = AgentFactory(organisations=[cast.organisation])
        agent.created_at, agent.inactivity_notice_at = PAST, noticed
        agent.save()
        Account.objects.filter(pk=agent.account_id).update(created_at=PAST)


def rdv_due(cast):
    partner = {"first_name": "Paul", "last_name": "Durand", "email": "paul@exemple.fr"}
    Prescripteur.objects.create(**partner)
    Prescripteur.objects.update(created_at=OLD)
    Participation.objects.filter(rdv=cast.rdv).update(needs=["interpreter"])
    Rdv.objects.filter(pk=cast.rdv.pk).update(
        starts_at=OLD, ends_at=OLD + timedelta(minutes=30), context="Dettes"
    )
    author = {"author_kind": "system", "author_name": "Paul Durand"}
    changes = {"context": ["", "Dettes"]}
    RdvEvent.objects.create(rdv=cast.rdv, at=OLD, action="edited", changes=changes, **author)


def both(step):
    """Return the reports of two workers at one step."""
    return two_workers(lambda: run_step(step, EVERY_STEP[step], now=DUE))


def test_decision_5_two_workers_at_every_step_erase_and_count_each_thing_once(cast):
    something_due(cast)
    for step in EVERY_STEP:
        reports = both(step)
        assert [report.error for report in reports] == ["", ""], step
        assert sum(report.rows for report in reports) == FOUND[step], step
        assert sum(report.kept for report in reports) == 0, step
    assert RetentionReport.objects.count() == 2 * len(EVERY_STEP)
    assert AuditEntry.objects.filter(action="usager_expired").count() == 2
    assert AuditEntry.objects.filter(action="agent_expired").count() == 1
    assert OutboxMessage.objects.filter(kind="retention_notice").count() == 1
    assert OutboxMessage.objects.filter(kind="inactivity_agent").count() == 1
    assert not BlockedAddress.objects.exists()


def test_decision_5_without_the_locks_both_would_do_and_count_everything(cast, monkeypatch):
    """Why each step holds its rows: somebody would be told, and written down, twice."""
    something_due(cast)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **_: self)
    for step in EVERY_STEP:
        assert sum(report.rows for report in both(step)) > FOUND[step], step
    assert AuditEntry.objects.filter(action="usager_expired").count() == 4


def test_decision_5_a_booking_made_while_the_worker_takes_hold_keeps_the_family(cast):
    """It changes no fiche: only a second look, once the family is held, sees the RDV."""
    parent = UsagerFactory(territoire=cast.territoire, email=None)
    child = UsagerFactory(territoire=cast.territoire, email=None, responsable=parent)
    aged(PAST, parent, child)
    takes_hold = "FOR NO KEY UPDATE"
    with stopped(lambda: anonymise_quiet_usagers(now=DUE), at=lambda sql: takes_hold in sql) as end:
        RdvFactory(motif=cast.motif, usagers=[child])
    assert end.result() == 0
    assert Usager.objects.living().filter(pk__in=(parent.pk, child.pk)).count() == 2


def booked(cast, day=0):
    starts_at = datetime(2027, 2, 1, 9, 0, tzinfo=UTC) + day * DAY
    return RdvFactory(motif=cast.motif, usagers=[cast.usager], starts_at=starts_at)


def counted():
    rows = StatRdv.objects.filter(agent=None, day__year=2027, day__month=2)
    return [sum(row.unknown for row in rows.filter(is_month=month)) for month in (False, True)]


def is_counting(sql):
    return sql == sql_of.COUNT_RDVS.lstrip()


def sweep():
    return refresh_stats(now=NOW)


def test_H02_two_sweeps_at_once_count_what_is_there(cast):
    booked(cast)
    more = lambda: [booked(cast), booked(cast, day=1)]  # noqa: E731 (they come while one counts)
    assert two_workers(sweep, at=is_counting, meanwhile=more) == [True, True]
    assert counted() == [3, 3]
    assert check_stats() == 0


@pytest.mark.parametrize("is_locked", [True, False])
def test_H02_the_nightly_check_and_a_sweep_never_count_the_same_day_at_once(
    cast, monkeypatch, is_locked
):
    """Without the lock the slower one writes a day that the other one has just counted: refused."""
    booked(cast)
    assert sweep()
    StatRdv.objects.all().delete()  # as a restored table would be: nothing is marked
    if not is_locked:
        for module in (stats_refresh, stats_check_module):
            monkeypatch.setattr(module, "lock_counts", lambda: None)
    ends = two_workers(check_stats, other=sweep, at=is_counting, meanwhile=lambda: booked(cast))
    assert isinstance(ends[0], IntegrityError) != is_locked
    assert ends[1] is True
    assert counted() == [2, 2]
    assert bool(check_stats()) != is_locked  # what the refused check did not repair
    assert check_stats() == 0
