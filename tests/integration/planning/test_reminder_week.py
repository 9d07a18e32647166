"""Issue 4: 200 RDVs over 22–30 March 2027, clock change on the 28th, Easter Monday on the 29th."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, timedelta

import pytest

from agents.queries.actor import agent_actor
from notifications.models import OutboxMessage
from planning.models import Participation, Reminder
from planning.services.rdv_edit import move_rdv
from planning.services.rdv_status import set_rdv_status
from planning.services.reminder_send import send_due_reminders
from tests.integration.planning import reminder_week as week

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_C01_C06_each_participation_gets_exactly_one_reminder_at_the_right_time():
    lives = week.build()
    agents = {life.office["agent"] for life in lives}
    actors = {agent.pk: agent_actor(agent) for agent in agents}
    acts = sorted(plans(lives), key=lambda act: act[0])
    for now in ticks(lives):
        while acts and acts[0][0] <= now:
            _, act, life = acts.pop(0)
            act(life, actors[life.office["agent"].pk], now)
        if not any(stopped <= now < back for stopped, back in week.OUTAGES):
            assert send_due_reminders(now=now).failed == 0
    assert acts == []
    check(lives)


def ticks(lives):
    """Each hour, and each quarter at which something may be due: what leaves early or late shows.

    The task runs each minute; nothing changes between two of these instants.
    """
    hours = int((week.CLOCK_ENDS - week.CLOCK_STARTS) / HOUR)
    instants = {week.CLOCK_STARTS.astimezone(UTC) + HOUR * n for n in range(hours)}
    for life in lives:
        start = life.rdv.starts_at
        instants |= {life.due(start), life.due(start + DAY)}
    return sorted(instant for instant in instants if instant >= week.CLOCK_STARTS)


def plans(lives):
    """(instant, act, life): most before their reminder, some after it, one in each outage."""
    for number, life in enumerate(lives):
        soon = week.CLOCK_STARTS + timedelta(hours=9, minutes=15 * (number % 8))
        late = life.starts[0][0].astimezone(week.PARIS) - timedelta(hours=20)
        if life.kind == "moved":
            yield soon, move, life
        elif life.kind == "moved late":
            yield max(late, soon), move, life
        elif life.kind == "cancelled":
            yield (soon if number % 2 else max(late, soon)), cancel, life
        elif life.kind == "restored":
            yield soon, cancel, life
            yield (soon + 2 * DAY if number % 2 else soon + timedelta(hours=1)), restore, life


def move(life, actor, now):
    life.rdv.refresh_from_db()
    start = life.rdv.starts_at + DAY
    move_rdv(
        rdv_id=life.rdv.pk,
        starts_at=start,
        ends_at=life.rdv.ends_at + DAY,
        actor=actor,
        now=now,
        notifies=False,
        accepts_overlap=True,
    )
    life.set_start(start, now)


def cancel(life, actor, now):
    set_rdv_status(rdv_id=life.rdv.pk, status="revoked", actor=actor, now=now, notifies=False)
    life.end(now)


def restore(life, actor, now):
    if life.rdv.starts_at <= now:
        return
    set_rdv_status(rdv_id=life.rdv.pk, status="unknown", actor=actor, now=now, accepts_overlap=True)
    life.set_start(life.rdv.starts_at, now)


def check(lives):
    reminders = Reminder.objects.exclude(sent_at=None)
    found, people = {}, {}
    for row in Participation.objects.select_related("usager__responsable"):
        people.setdefault(row.rdv_id, []).append(row)
    for pk, start, sent in reminders.values_list("participation", "starts_at", "sent_at"):
        found.setdefault(pk, []).append((start, sent))
    mails = Counter(
        OutboxMessage.objects.filter(kind="rdv_reminder").values_list(
            "rdv", "recipient", "created_at"
        )
    )
    expected_mails = Counter()
    wrong = []
    for life in lives:
        expected = life.expected()
        for row in people[life.rdv.pk]:
            if sorted(found.get(row.pk, [])) != expected:
                wrong.append((life.kind, str(life.zone), expected, found.get(row.pk)))
            for _start, instant in expected:
                key = (life.rdv.pk, row.usager.to_notify.email, instant)
                expected_mails[key] = 1  # one for a family
    assert wrong == []
    assert mails == expected_mails
    assert sum(expected_mails.values()) > 200  # families count once
    assert not Reminder.objects.filter(sent_at=None, starts_at__lt=week.CLOCK_ENDS).exists()
