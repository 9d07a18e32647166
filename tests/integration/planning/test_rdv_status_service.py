"""Statuses through their services: rows, time, history, messages (E06, E12; decisions 7, 10)."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection

from agents.permissions import SystemActor
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, Rdv, RdvEvent
from planning.services.participation_arrival import mark_arrival
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_lock import AgendaBusy, RdvRefused
from planning.services.rdv_status import (
    StatusRefused,
    set_participation_status,
    set_rdv_status,
)
from tests.cast import the_cast
from tests.factories import MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW

HOUR = timedelta(hours=1)


def set_status(cast, status, *, who="owner", now=NOW, **options):
    return set_rdv_status(
        rdv_id=cast.rdv.pk, status=status, actor=cast.actor(who), now=now, **options
    )


def set_part(cast, row, status, *, who="owner", now=NOW, **options):
    return set_participation_status(
        participation_id=row.pk, status=status, actor=cast.actor(who), now=now, **options
    )


def add(cast, status="unknown", **columns):
    return Participation.objects.create(
        rdv=cast.rdv,
        usager=UsagerFactory(territoire=cast.territoire, **columns),
        status=status,
        cancelled_at=NOW if status in {"excused", "revoked"} else None,
        created_by_agent=cast.owner,
        created_at=NOW,
    )


def statuses(rdv):
    return list(rdv.participations.order_by("pk").values_list("status", flat=True))


def told(*kinds):
    rows = OutboxMessage.objects.order_by("pk")
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return list(rows.values_list("kind", "channel", "recipient", "state"))


@pytest.fixture
def begun(cast):
    return cast.rdv.starts_at + timedelta(minutes=5)


def take_the_time(cast, **options):
    return RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at,
        **options,
    )


@pytest.mark.parametrize("status", ["seen", "noshow"])
def test_E06_filled_in_with_its_people_and_nobody_is_told(cast, begun, status):
    rdv = set_status(cast, status, now=begun)
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == (status, None, 0)
    assert statuses(rdv) == [status]
    assert not rdv.participations.filter(cancelled_at__isnull=False).exists()
    assert AgentRdv.objects.get(rdv=rdv).holds_time
    event = RdvEvent.objects.get(rdv=rdv)
    participation = rdv.participations.get()
    assert (event.action, event.author_agent) == ("status", cast.owner)
    assert event.changes == {
        "status": ["unknown", status],
        f"participation:{participation.pk}": ["unknown", status],
    }
    assert told() == []


@pytest.mark.parametrize(("status", "again"), [("excused", "noshow"), ("revoked", "seen")])
def test_E06_an_outcome_never_follows_another(cast, begun, status, again):
    set_status(cast, status)
    with pytest.raises(StatusRefused, match="n’est pas possible"):
        set_status(cast, again, now=begun)
    assert Rdv.objects.get().status == status


def test_E06_too_early(cast):
    with pytest.raises(StatusRefused, match="pas encore eu lieu"):
        set_status(cast, "noshow")
    with pytest.raises(StatusRefused):
        set_status(cast, "unknown")
    with pytest.raises(StatusRefused):
        set_status(cast, "anything")


def test_decision_3_honored_on_the_day_of_the_territoire(cast):
    """10:00 in Paris on the 11th; at 19:00 on the 10th there, it is already the 11th further."""
    evening = cast.rdv.starts_at - 12 * HOUR
    with pytest.raises(StatusRefused):
        set_status(cast, "seen", now=evening)
    cast.territoire.timezone = "Pacific/Noumea"
    cast.territoire.save()
    assert set_status(cast, "seen", now=evening).status == "seen"


@pytest.mark.parametrize("status", ["excused", "revoked"])
def test_E06_cancelled_by_the_menu_as_by_its_page(cast, status):
    rdv = set_status(cast, status, who="admin")
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == (status, NOW, 1)
    assert statuses(rdv) == [status]
    assert not AgentRdv.objects.get(rdv=rdv).holds_time
    assert [row[:2] for row in told()] == [
        ("rdv_cancelled", "email"),
        ("rdv_cancelled", "sms"),
        ("rdv_cancelled_agent", "email"),
    ]
    body = OutboxMessage.objects.get(kind="rdv_cancelled", channel="email").body
    assert ("comme vous l’avez demandé" in body) == (status == "excused")


def test_E06_cancelled_without_a_word(cast):
    set_status(cast, "revoked", notifies=False)
    assert told() == []


def test_E06_what_has_begun_is_filled_in_silently(cast, begun):
    set_status(cast, "excused", now=begun)
    set_status(cast, "unknown", now=begun)
    assert told() == []


# Restoring


def test_E12_a_restored_rdv_takes_its_time_and_is_confirmed_again(cast):
    set_status(cast, "revoked", who="admin")
    rdv = set_status(cast, "unknown", who="admin")
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == ("unknown", None, 2)
    assert statuses(rdv) == ["unknown"]
    assert AgentRdv.objects.get(rdv=rdv).holds_time
    # The cancellation that had not left is withdrawn.
    assert {row[3] for row in told("rdv_cancelled", "rdv_cancelled_agent")} == {"abandoned"}
    assert [row[:2] for row in told("rdv_created", "rdv_created_agent")] == [
        ("rdv_created", "email"),
        ("rdv_created", "sms"),
        ("rdv_created_agent", "email"),
    ]
    assert "SEQUENCE:2" in OutboxMessage.objects.get(kind="rdv_created_agent").ics


def test_E12_taken_time_is_refused_by_name(cast):
    set_status(cast, "revoked")
    other = take_the_time(cast)
    with pytest.raises(AgendaBusy) as refused:
        set_status(cast, "unknown")
    assert cast.owner.full_name in refused.value.message
    assert cast.other_usager.full_name in refused.value.message
    assert "lundi 11 janvier 2027, de 10 h à 10 h 30" in refused.value.message
    assert [conflict.rdv for conflict in refused.value.conflicts] == [other]
    assert Rdv.objects.get(pk=cast.rdv.pk).status == "revoked"


def test_E12_what_the_agent_may_not_read_is_not_named(cast):
    """An agent of two organisations: their colleague here learns that the time is taken."""
    set_status(cast, "revoked")
    elsewhere = RdvFactory(
        motif=MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social),
        agents=[cast.owner],
        usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at,
    )
    with pytest.raises(AgendaBusy) as refused:
        set_status(cast, "unknown", who="same_service")
    assert cast.other_usager.full_name not in refused.value.message
    assert elsewhere.motif.name not in refused.value.message
    assert cast.owner.full_name in refused.value.message


def test_E12_confirmed_on_purpose_the_row_says_so(cast):
    set_status(cast, "revoked")
    take_the_time(cast)
    rdv = set_status(cast, "unknown", accepts_overlap=True)
    row = AgentRdv.objects.get(rdv=rdv)
    assert (row.holds_time, row.overlap_accepted) == (True, True)
    # Once the other one is gone, restoring again gives the guard back.
    set_status(cast, "revoked")
    Rdv.objects.exclude(pk=rdv.pk).update(status="revoked", cancelled_at=NOW)
    set_status(cast, "unknown")
    assert not AgentRdv.objects.get(rdv=rdv).overlap_accepted


def test_E12_a_knowing_overlap_counts_as_busy(cast):
    """The constraint alone would let it through."""
    set_status(cast, "revoked")
    take_the_time(cast, agents__overlap_accepted=True)
    with pytest.raises(AgendaBusy):
        set_status(cast, "unknown")


def test_E06_who_had_excused_themselves_does_not_come_back(cast):
    other = add(cast, email="autre@exemple.fr", phone_number="")
    cancel_rdv(rdv_id=cast.rdv.pk, actor=cast.actor("usager"), now=NOW)
    set_status(cast, "revoked", now=NOW + HOUR)
    OutboxMessage.objects.all().delete()
    set_status(cast, "unknown", now=NOW + 2 * HOUR)
    assert statuses(cast.rdv) == ["excused", "unknown"]
    assert [row[2] for row in told("rdv_created")] == ["autre@exemple.fr"]
    other.refresh_from_db()
    assert other.cancelled_at is None


def test_E06_the_usager_calls_back(cast):
    cancel_rdv(rdv_id=cast.rdv.pk, actor=cast.actor("usager"), now=NOW)
    rdv = set_status(cast, "unknown", now=NOW + HOUR)
    assert (rdv.status, statuses(rdv)) == ("unknown", ["unknown"])


@pytest.mark.parametrize("status", ["seen", "noshow"])
def test_E06_a_mistake_is_undone(cast, begun, status):
    set_status(cast, status, now=begun)
    rdv = set_status(cast, "unknown", now=begun)
    assert (rdv.status, statuses(rdv)) == ("unknown", ["unknown"])
    assert RdvEvent.objects.filter(rdv=rdv).count() == 2
    assert told() == []


# One person


def test_E06_one_who_came_makes_the_rdv_honored(cast, begun):
    row = add(cast)
    set_part(cast, row, "seen", now=begun)
    cast.rdv.refresh_from_db()
    assert (cast.rdv.status, statuses(cast.rdv)) == ("seen", ["unknown", "seen"])
    set_part(cast, row, "unknown", now=begun)
    cast.rdv.refresh_from_db()
    assert cast.rdv.status == "unknown"
    assert told() == []


def test_E06_one_excused_is_told_the_others_are_not(cast):
    row = add(cast, email="autre@exemple.fr", phone_number="")
    set_part(cast, row, "excused", who="admin")
    cast.rdv.refresh_from_db()
    assert (cast.rdv.status, cast.rdv.version) == ("unknown", 1)
    assert AgentRdv.objects.get(rdv=cast.rdv).holds_time
    assert [row[:3] for row in told()] == [
        ("rdv_cancelled", "email", "autre@exemple.fr"),
        ("participation_cancelled_agent", "email", cast.owner.email),
    ]
    set_part(cast, row, "unknown", who="admin")
    assert [row[2] for row in told("rdv_created")] == ["autre@exemple.fr"]
    assert statuses(cast.rdv) == ["unknown", "unknown"]


def test_E06_the_rdv_goes_with_the_last_person(cast):
    row = cast.rdv.participations.get()
    set_part(cast, row, "excused", who="admin")
    cast.rdv.refresh_from_db()
    assert (cast.rdv.status, cast.rdv.cancelled_at) == ("excused", NOW)
    assert not AgentRdv.objects.get(rdv=cast.rdv).holds_time
    assert RdvEvent.objects.get(rdv=cast.rdv).action == "cancelled"
    assert [row[0] for row in told("rdv_cancelled_agent")] == ["rdv_cancelled_agent"]
    with pytest.raises(StatusRefused, match="rétablissez-le"):
        set_part(cast, row, "unknown")


def test_E07_a_workshop_stands_when_people_leave(cast):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    workshop = RdvFactory(
        motif=motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.usager],
        starts_at=cast.rdv.starts_at + HOUR,
    )  # fmt: skip
    set_part(cast, workshop.participations.get(), "excused")
    workshop.refresh_from_db()
    assert workshop.status == "unknown"
    with pytest.raises(StatusRefused):
        set_rdv_status(rdv_id=workshop.pk, status="excused", actor=cast.actor("owner"), now=NOW)


# « Arrivé »


def arrive(cast, row, *, here=True, who="owner", now=None):
    return mark_arrival(
        participation_id=row.pk,
        has_arrived=here,
        actor=cast.actor(who),
        now=now or cast.rdv.starts_at - timedelta(minutes=10),
    )


def test_decision_35_arrived_is_a_time_and_not_a_status(cast):
    row = cast.rdv.participations.get()
    first = arrive(cast, row).arrived_at
    again = arrive(cast, row, now=cast.rdv.starts_at)
    assert first == again.arrived_at
    assert (again.status, again.rdv.status) == ("unknown", "unknown")
    assert arrive(cast, row, here=False).arrived_at is None
    assert RdvEvent.objects.count() == 2


def test_G05_the_agents_are_told_who_waits_where_the_territoire_wants_it(cast):
    row = cast.rdv.participations.get()
    arrive(cast, row, who="secretary")
    arrive(cast, row, who="secretary", here=False)
    assert not OutboxMessage.objects.filter(kind="arrival_agent").exists()
    cast.territoire.mails_arrivals = True
    cast.territoire.save()
    arrive(cast, row, who="secretary")
    message = OutboxMessage.objects.get(kind="arrival_agent")
    assert (message.recipient, message.ics) == (cast.owner.email, "")
    assert cast.usager.full_name in message.body
    assert message.expires_at == cast.rdv.ends_at
    arrive(cast, row, here=False)
    arrive(cast, row)  # by themselves: they know
    assert OutboxMessage.objects.filter(kind="arrival_agent").count() == 1


def test_E06_nobody_arrives_on_another_day_or_to_a_cancelled_rdv(cast):
    row = cast.rdv.participations.get()
    with pytest.raises(RdvRefused, match="jour du RDV"):
        arrive(cast, row, now=NOW)
    set_status(cast, "revoked")
    with pytest.raises(RdvRefused, match="déjà renseigné"):
        arrive(cast, row)


# Who may


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager", "nobody"])
def test_G01_who_may_not_touch_the_rdv_changes_nothing(cast, begun, who):
    row = cast.rdv.participations.get()
    for act in (
        lambda: set_status(cast, "seen", who=who, now=begun),
        lambda: set_part(cast, row, "seen", who=who, now=begun),
        lambda: arrive(cast, row, who=who),
    ):
        with pytest.raises(RdvRefused):
            act()
    assert (Rdv.objects.get().status, RdvEvent.objects.count()) == ("unknown", 0)


def test_G01_background_work_sets_no_status(cast, begun):
    with pytest.raises(RdvRefused):
        set_rdv_status(rdv_id=cast.rdv.pk, status="seen", actor=SystemActor(), now=begun)


@pytest.mark.django_db(transaction=True)
def test_E06_two_agents_at_once_one_status():
    """One says honoré, the other absent: the second reads what the first has written."""
    cast = the_cast()
    begun = cast.rdv.starts_at + timedelta(minutes=5)
    start, ends = threading.Barrier(6), []

    def work(status):
        try:
            start.wait()
            ends.append(set_status(cast, status, now=begun).status)
        except StatusRefused:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[s]) for s in ["seen", "noshow"] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ends.count("refused") == 5
    rdv = Rdv.objects.get()
    assert statuses(rdv) == [rdv.status]
    assert RdvEvent.objects.count() == 1
