"""H02: the counts of the statistics are those of the tables, whatever happened to the RDVs."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.models import OutboxMessage
from planning.models import (
    AgentRdv,
    Participation,
    Rdv,
    StatChange,
    StatMessage,
    StatRdv,
    StatRefresh,
    WaitingListOffer,
)
from planning.rules.status import ACTIVE, CANCELLED
from planning.services.stats_check import check_stats
from planning.services.stats_refresh import refresh_stats
from planning.tasks import check_stats_task, refresh_stats_task
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    TerritoireFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.constraints.public_side import offer
from usagers.models import Prescripteur

pytestmark = pytest.mark.django_db
STATUSES = (*ACTIVE, *CANCELLED)
HOUR = timedelta(hours=1)
# The last Sunday of October 2026: 25 hours in Paris; New Year's Eve, late, in Réunion already 2027.
STARTS = [
    datetime(2026, 10, 24, 21, 30, tzinfo=UTC),
    datetime(2026, 10, 24, 22, 0, tzinfo=UTC),
    datetime(2026, 10, 25, 22, 30, tzinfo=UTC),
    datetime(2026, 10, 25, 23, 0, tzinfo=UTC),
    datetime(2026, 12, 31, 20, 30, tzinfo=UTC),
    datetime(2026, 12, 31, 23, 30, tzinfo=UTC),
]


class World:
    """Two organisations, one in Réunion; acts write to the tables by every door there is."""

    def __init__(self):
        self.territoires = [TerritoireFactory(), TerritoireFactory(timezone="Indian/Reunion")]
        self.organisations = [OrganisationFactory(territoire=row) for row in self.territoires]
        self.motifs = [MotifFactory(organisation=row) for row in self.organisations for _ in "ab"]
        self.lieux = {row.pk: LieuFactory(organisation=row) for row in self.organisations}
        self.agents = [AgentFactory(organisations=self.organisations) for _ in "ab"]
        self.usagers = [UsagerFactory(territoire=row) for row in self.territoires for _ in "ab"]
        self.prescripteur = Prescripteur.objects.create(
            first_name="Paul", last_name="Roy", email="paul@example.fr"
        )

    def create(self, number, pick):
        motif = self.motifs[number % 4]
        rdv = RdvFactory(
            motif=motif,
            lieu=self.lieux[motif.organisation_id] if number % 3 else None,
            starts_at=STARTS[pick % 6],
            created_at=STARTS[pick % 6] - timedelta(hours=number * 7),
        )
        for agent in self.agents[: pick % 3]:
            AgentRdv.objects.create(rdv=rdv, agent=agent, overlap_accepted=True)

    def attend(self, number, pick):
        rdv = self.one(number)
        theirs = [u for u in self.usagers if u.territoire_id == rdv.organisation.territoire_id]
        author = (
            {"created_by_agent": self.agents[0]},
            {"created_by_usager": theirs[0]},
            {"prescripteur": self.prescripteur},
        )[pick % 3]
        Participation.objects.get_or_create(
            rdv=rdv, usager=theirs[pick % 2], defaults={"created_at": NOW, **author}
        )

    def move(self, number, pick):
        start = STARTS[pick % 6]
        Rdv.objects.filter(pk=self.one(number).pk).update(starts_at=start, ends_at=start + HOUR)

    def judge(self, number, pick):
        status = STATUSES[pick % 5]
        at = NOW if status in CANCELLED else None
        for rows in (Rdv.objects.filter(pk=self.one(number).pk), self.parts(number)):
            rows.update(status=status, cancelled_at=at)

    def parts(self, number):
        return Participation.objects.filter(rdv=self.one(number))

    def leave(self, number, pick):
        if pick % 2:
            self.parts(number).delete()
        else:
            AgentRdv.objects.filter(rdv=self.one(number)).delete()

    def replace_agent(self, number, pick):
        for row in AgentRdv.objects.filter(rdv=self.one(number))[:1]:
            with_both = AgentRdv.objects.filter(rdv=row.rdv_id).count() > 1
            if not with_both:
                AgentRdv.objects.filter(pk=row.pk).update(agent=self.agents[pick % 2])

    def hide(self, number, pick):
        Rdv.objects.filter(pk=self.one(number).pk).update(hidden_at=NOW if pick % 2 else None)

    def erase(self, number, _pick):
        self.one(number).delete()

    def wait(self, number, pick):
        rdv = self.one(number)
        known = WaitingListOffer.objects.filter(rdv=rdv).first()
        if known:
            known.rdv = None
            known.save()
        else:
            row = offer(outcome="accepted", starts_at=NOW + pick * HOUR)
            WaitingListOffer.objects.filter(pk=row.pk).update(rdv=rdv)

    def change_clock(self, number, pick):
        row = self.territoires[number % 2]
        row.timezone = ("Europe/Paris", "Indian/Reunion", "Pacific/Tahiti")[pick % 3]
        row.save(update_fields=["timezone"])

    def write(self, number, pick):
        message = OutboxMessage.objects.order_by("pk").last()
        if message and number % 2:
            state = ("sent", "failed", "abandoned")[pick % 3]
            message.close(state, at=NOW)
            message.save()
            return
        OutboxMessage.objects.create(
            kind="rdv_created",
            channel=("email", "sms")[pick % 2],
            dedup_key=f"{number} {pick} {OutboxMessage.objects.count()}",
            recipient="x",
            organisation=self.organisations[number % 2],
            available_at=NOW,
            created_at=STARTS[pick % 6],
        )

    def sweep(self, _number, _pick):
        refresh_stats(now=NOW)

    def one(self, number):
        rows = list(Rdv.objects.order_by("pk"))
        return rows[number % len(rows)]


ACTS = sorted(name for name in vars(World) if name not in {"one", "parts"} and name[0] != "_")


def counted():
    """Return what the tables of the statistics say, by day and by month."""
    said = Counter()
    for row in StatRdv.objects.all():
        key = (row.organisation_id, row.agent_id, row.is_month, row.day)
        key += (row.motif_id, row.lieu_id, row.origin)
        for name in (*STATUSES, "persons", "persons_seen", "persons_noshow"):
            said[(*key, name)] += getattr(row, name)
        for delay in row.delays:
            said[(*key, "delay", delay)] += 1
    for row in StatMessage.objects.all():
        said[row.organisation_id, row.is_month, row.day, row.channel, row.result] += row.messages
    return +said


def oracle():
    """Count one RDV and one message after the other, in Python."""
    said = Counter()
    for rdv in Rdv.objects.filter(hidden_at=None):
        zone = rdv.organisation.territoire.zone
        day = rdv.starts_at.astimezone(zone).date()
        people = list(rdv.participations.order_by("pk"))
        delay = max((day - rdv.created_at.astimezone(zone).date()).days, 0)
        for agent in (None, *rdv.agent_rdvs.values_list("agent", flat=True)):
            for is_month, when in ((False, day), (True, day.replace(day=1))):
                key = (rdv.organisation_id, agent, is_month, when)
                key += (rdv.motif_id, rdv.lieu_id, origin_of(rdv, people))
                said[(*key, rdv.status)] += 1
                said[(*key, "persons")] += sum(p.status in ACTIVE for p in people)
                said[(*key, "persons_seen")] += sum(p.status == "seen" for p in people)
                said[(*key, "persons_noshow")] += sum(p.status == "noshow" for p in people)
                said[(*key, "delay", delay)] += 1
    for message in OutboxMessage.objects.filter(grouped_in=None).exclude(organisation=None):
        day = message.created_at.astimezone(message.organisation.territoire.zone).date()
        result = {"queued": "pending", "sending": "pending"}.get(message.state, message.state)
        for is_month, when in ((False, day), (True, day.replace(day=1))):
            said[message.organisation_id, is_month, when, message.channel, result] += 1
    return +said


def origin_of(rdv, people):
    if rdv.waiting_list_offers.filter(outcome="accepted").exists():
        return "waiting_list"
    if people and people[0].prescripteur_id:
        return "prescripteur"
    return "internet" if people and people[0].created_by_usager_id else "agent"


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    acts=st.lists(
        st.tuples(st.sampled_from(ACTS), st.integers(0, 11), st.integers(0, 11)),
        min_size=8,
        max_size=24,
    )
)
def test_H02_counts_are_those_of_the_tables_after_any_history(acts):

    with transaction.atomic():
        world = World()
        for number in range(5):
            world.create(number, number)
            world.attend(number, number)
        for name, number, pick in acts:
            if name in {"create", "write", "sweep", "change_clock"} or Rdv.objects.exists():
                getattr(world, name)(number, pick)
        assert refresh_stats(now=NOW)
        assert counted() == oracle()
        assert not StatChange.objects.exists()
        transaction.set_rollback(True)


def test_H02_figures_say_when_they_were_counted_and_never_go_back():
    refresh_stats(now=NOW + HOUR)
    refresh_stats(now=NOW)
    assert StatRefresh.objects.get().done_at == NOW + HOUR


def test_H02_what_is_left_for_the_next_sweep_is_not_said_to_be_counted(monkeypatch, cast):
    monkeypatch.setattr("planning.services.stats_refresh.MOST_BATCHES", 1)
    monkeypatch.setattr("planning.services.stats_refresh.MOST_CHANGES", 1)
    assert not refresh_stats(now=NOW)
    assert not StatRefresh.objects.exists()


def test_H02_the_nightly_check_repairs_what_wrote_without_triggers(cast, caplog):
    world = World()
    world.create(1, 1)
    world.write(0, 0)
    refresh_stats_task()
    assert check_stats() == 0
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE planning_rdv SET status = 'seen', cancelled_at = NULL")
        cursor.execute("SET LOCAL session_replication_role = origin")
    StatMessage.objects.filter(is_month=True).update(messages=7)
    # A day that waits for the sweep is no drift.
    world.move(0, 4)
    with caplog.at_level(logging.WARNING):
        check_stats_task()
    assert "statistics: counts repaired" in caplog.text
    refresh_stats_task()
    assert counted() == oracle()
    assert check_stats() == 0
