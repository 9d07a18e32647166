"""Decision 28: one person at a time, first come first served, held, never twice, never at night."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import OutboxMessage
from planning.models import EntryEnd, Outcome, SlotHold, WaitingListEntry, WaitingListOffer
from planning.rules.holder import holder_digest
from planning.services import waiting_list_offer
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_history import record
from planning.services.slot_hold import hold_slot
from planning.services.waiting_list_answer import (
    OfferOver,
    OfferTaken,
    accept_to_book,
    accept_to_move,
    decline_offer,
)
from planning.services.waiting_list_end import expire_offers, purge_waiting_list
from planning.services.waiting_list_join import (
    WaitingRefused,
    leave_waiting_list,
    stop_waiting,
    wait_for_earlier,
)
from planning.services.waiting_list_offer import offer_waiting_list
from planning.tasks import (
    expire_waiting_offers_task,
    offer_waiting_list_task,
    purge_waiting_list_task,
)
from rdv.schedule import BEAT
from tests.factories import RdvFactory, UsagerFactory
from tests.integration.planning.waiting_world import (
    HALF_HOUR,
    NOW,
    WaitingWorld,
    actor_of,
    offers,
    pending,
    told,
)

pytestmark = pytest.mark.django_db

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ANA, BOB, EVE = "ana@exemple.fr", "bob@exemple.fr", "eve@exemple.fr"


@pytest.fixture
def world():
    return WaitingWorld()


def test_decision_28_one_person_at_a_time_in_the_order_of_the_demands(world):
    world.wait(BOB, at=NOW + MINUTE)
    world.wait(ANA)
    world.wait(EVE, at=NOW + 2 * MINUTE, lieu=None)
    later = NOW + 3 * MINUTE
    assert offer_waiting_list(now=later) == 0  # everything is taken
    start = world.free(now=later)
    assert offer_waiting_list(now=later) == 1
    assert told() == [ANA]
    offer = pending()
    assert (offer.starts_at, offer.agent, offer.lieu) == (start, world.agent, world.lieu)
    assert offer.expires_at == later + 2 * HOUR
    assert offer.hold.holder == holder_digest(f"waiting-list-offer:{offer.uuid}")
    assert offer.hold.expires_at == offer.expires_at
    with pytest.raises(SlotTaken):  # the public is bound meanwhile
        hold_slot(
            motif_id=world.motif.pk,
            lieu_id=world.lieu.pk,
            starts_at=start,
            visitor="somebody",
            now=later,
        )
    assert offer_waiting_list(now=later + MINUTE) == 0
    decline_offer(offer_id=offer.pk, now=later + HOUR)
    assert not SlotHold.objects.exists()
    assert offer_waiting_list(now=later + HOUR) == 1
    assert told() == [ANA, BOB]
    offer_waiting_list(now=later + 3 * HOUR + MINUTE)  # Bob does not answer
    assert told() == [ANA, BOB, EVE]
    assert [row.outcome for row in offers()] == ["declined", "expired", "pending"]
    # Everybody was told today, and this créneau was offered to everybody: never again.
    decline_offer(offer_id=offers()[2].pk, now=later + 4 * HOUR)
    for day in range(2):
        assert offer_waiting_list(now=later + 4 * HOUR + day * DAY) == 0


def test_decision_28_two_creneaux_two_people_and_one_notice_a_day(world):
    world.wait(ANA)
    world.wait(BOB, at=NOW + MINUTE)
    world.wait(ANA, at=NOW + 2 * MINUTE, lieu=None)  # waits twice: told once a day
    for rank in (2, 0, 4):
        world.free(rank)
    assert offer_waiting_list(now=NOW + 3 * MINUTE) == 2
    assert told() == [ANA, BOB]
    assert [row.starts_at for row in offers()] == [world.starts[0], world.starts[2]]
    # Ana refuses: the next one is for tomorrow.
    decline_offer(offer_id=offers()[0].pk, now=NOW + HOUR)
    assert offer_waiting_list(now=NOW + HOUR) == 0
    assert offer_waiting_list(now=NOW + DAY) == 2
    assert Counter(told()) == {ANA: 2, BOB: 2}
    keys = [(row.entry_id, row.starts_at) for row in offers()]
    assert len(set(keys)) == len(keys)


def test_decision_28_an_earlier_date_for_a_rdv_that_is_far_away(world):
    world.free(5)  # free before she asks: she sees it on the page of her RDV
    start = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)
    entry = world.wait_with_rdv(start, email=ANA, phone_number="+33639981234")
    assert offer_waiting_list(now=NOW) == 0
    world.free(1)
    assert offer_waiting_list(now=NOW) == 1
    assert set(told()) == {ANA, "+33639981234"}
    offer = pending()
    rdv = accept_to_move(offer_id=offer.pk, now=NOW + HOUR)
    assert (rdv.starts_at, rdv.pk) == (world.starts[1], entry.participation.rdv_id)
    assert accept_to_move(offer_id=offer.pk, now=NOW + HOUR) == rdv  # a second click
    entry.refresh_from_db()
    assert (entry.end, entry.ended_at) == (EntryEnd.SERVED, NOW + HOUR)
    offer.refresh_from_db()
    assert (offer.outcome, offer.rdv) == (Outcome.ACCEPTED, rdv)
    assert not SlotHold.objects.exists()
    kinds = set(OutboxMessage.objects.filter(rdv=rdv).values_list("kind", flat=True))
    assert {"rdv_changed", "rdv_changed_agent"} <= kinds


def test_decision_28_dates_too_near_the_rdv_or_too_soon_are_not_offered():
    world = WaitingWorld()
    start = datetime(2027, 3, 31, 7, 0, tzinfo=UTC)  # nine days later
    world.wait_with_rdv(start, email=ANA)
    near = world.starts[5] - 74 * MINUTE  # a delay of an hour, then less than 15 minutes
    world.free(5, now=near)
    world.wait(BOB)
    assert offer_waiting_list(now=near) == 0
    assert offer_waiting_list(now=near - MINUTE) == 1
    offer = pending()
    assert offer.expires_at == world.starts[5] - HOUR


@pytest.mark.parametrize("how", ["cancelled", "moved", "hidden", "near"])
def test_decision_28_a_rdv_that_changed_waits_no_more(world, how):
    start = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)
    entry = world.wait_with_rdv(start, email=ANA)
    world.free(0)
    offer_waiting_list(now=NOW)
    offer, rdv, at = pending(), entry.participation.rdv, NOW + MINUTE
    if how == "cancelled":
        cancel_rdv(rdv_id=rdv.pk, actor=actor_of(rdv), now=at)
    elif how == "moved":
        record(rdv, action="moved", actor=world.desk, at=at)
    elif how == "hidden":
        type(rdv).objects.filter(pk=rdv.pk).update(hidden_at=at)
    else:
        at = start - 2 * DAY
    offer_waiting_list(now=at)
    entry.refresh_from_db()
    offer.refresh_from_db()
    assert entry.end == EntryEnd.RDV_OVER
    assert offer.outcome in {Outcome.WITHDRAWN, Outcome.EXPIRED}
    with pytest.raises(OfferOver):
        accept_to_move(offer_id=offer.pk, now=at)
    assert not SlotHold.objects.exists()


def test_A09_who_books_by_any_way_waits_no_more_nor_who_is_too_old_nor_a_closed_motif(world):
    by_mail, by_phone = world.wait(ANA), world.wait("", phone_number="+33639981234")
    old = world.wait(BOB, at=NOW - 183 * DAY)
    usager = UsagerFactory(territoire=world.organisation.territoire, email=ANA)
    mobile = UsagerFactory(territoire=world.organisation.territoire, phone_number="+33639981234")
    for rank, person in enumerate((usager, mobile)):
        world.free(rank)
        RdvFactory(
            motif=world.motif,
            lieu=world.lieu,
            agents=[world.agent],
            usagers=[person],
            starts_at=world.starts[rank],
            created_at=NOW + MINUTE,
        )
    open_one = world.wait(EVE)
    offer_waiting_list(now=NOW + HOUR)
    ends = dict(WaitingListEntry.objects.values_list("pk", "end"))
    assert ends == {by_mail.pk: "served", by_phone.pk: "served", old.pk: "expired", open_one.pk: ""}
    world.motif.has_waiting_list = False
    world.motif.save()
    expire_waiting_offers_task()
    open_one.refresh_from_db()
    assert open_one.end == EntryEnd.CLOSED
    assert told() == []


def test_decision_28_an_agent_takes_the_held_time_the_person_keeps_their_place(world):
    entry = world.wait(ANA)
    start = world.free(0)
    offer_waiting_list(now=NOW)
    world.rdv(start)  # agents are not bound
    with pytest.raises(OfferTaken) as refused:
        accept_to_book(offer_id=pending().pk, now=NOW + MINUTE)
    assert "Vous gardez votre place" in refused.value.message
    assert [row.outcome for row in offers()] == ["withdrawn"]
    entry.refresh_from_db()
    assert entry.ended_at is None
    world.free(1)
    assert offer_waiting_list(now=NOW + DAY) == 1


def test_decision_28_exactly_at_the_end_the_offer_is_over(world):
    world.wait(ANA)
    world.free(0)
    offer_waiting_list(now=NOW)
    offer = pending()
    with pytest.raises(OfferOver):
        accept_to_book(offer_id=offer.pk, now=offer.expires_at)
    assert [row.outcome for row in offers()] == ["expired"]
    assert not decline_offer(offer_id=offer.pk, now=offer.expires_at)
    assert expire_offers(now=offer.expires_at) == 0


def test_decision_28_leaving_gives_the_creneau_to_the_next(world):
    entry = world.wait(ANA)
    world.wait(BOB, at=NOW + MINUTE)
    world.free(0)
    offer_waiting_list(now=NOW + HOUR)
    leave_waiting_list(entry_id=entry.pk, now=NOW + HOUR)
    leave_waiting_list(entry_id=entry.pk, now=NOW + 2 * HOUR)
    entry.refresh_from_db()
    assert (entry.end, entry.ended_at) == (EntryEnd.REMOVED, NOW + HOUR)
    assert offer_waiting_list(now=NOW + HOUR) == 1
    assert told() == [ANA, BOB]


def test_decision_28_only_one_s_own_rdv_and_asking_twice_is_once(world):
    start = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)
    entry = world.wait_with_rdv(start, email=ANA)
    rdv = entry.participation.rdv
    assert wait_for_earlier(rdv_id=rdv.pk, actor=actor_of(rdv), now=NOW) == entry
    stranger = actor_of(world.rdvs[0])
    with pytest.raises(WaitingRefused):
        stop_waiting(rdv_id=rdv.pk, actor=stranger, now=NOW)
    stop_waiting(rdv_id=rdv.pk, actor=actor_of(rdv), now=NOW)
    entry.refresh_from_db()
    assert entry.end == EntryEnd.REMOVED


def test_C04_killed_between_hold_and_message_nothing_is_lost_nor_said_twice(world, monkeypatch):
    """Hold, offer and message are one transaction: what dies in between never was."""
    world.wait(ANA)
    world.free(0)

    def die(*_args, **_kwargs):
        raise SystemExit(9)

    with monkeypatch.context() as patched:
        patched.setattr(waiting_list_offer, "announce_offer", die)
        with pytest.raises(SystemExit):
            offer_waiting_list(now=NOW)
    assert (SlotHold.objects.count(), WaitingListOffer.objects.count(), told()) == (0, 0, [])
    assert offer_waiting_list(now=NOW + MINUTE) == 1
    assert offer_waiting_list(now=NOW + MINUTE) == 0
    assert told() == [ANA]


def test_decision_28_a_week_with_a_holiday_an_outage_and_no_word_at_night():
    """22 March to 1 April: a run each two hours, but for an outage of a day and a half."""
    world = WaitingWorld(day=datetime(2027, 4, 2).date())
    people = [f"p{rank}@exemple.fr" for rank in range(6)]
    for rank, email in enumerate(people):
        world.wait(email, at=NOW + rank * MINUTE)
    freed = {
        datetime(2027, 3, 22, 22, 0, tzinfo=UTC): 0,
        datetime(2027, 3, 27, 9, 0, tzinfo=UTC): 3,
    }
    outage = (datetime(2027, 3, 24, 12, 0, tzinfo=UTC), datetime(2027, 3, 26, 0, 0, tzinfo=UTC))
    zone = world.organisation.territoire.zone
    hours = ((0, 0), (7, 59), (8, 0), *((hour, 5) for hour in range(10, 20, 2)), (20, 0), (23, 0))
    for day, (hour, minute) in itertools.product(range(11), hours):
        local = datetime(2027, 3, 22, hour, minute, tzinfo=zone) + day * DAY
        now = local.astimezone(UTC)
        for instant in [instant for instant in freed if instant <= now]:
            world.free(freed.pop(instant), now=now)
        if now >= NOW and not outage[0] <= now < outage[1]:
            offer_waiting_list(now=now)
    rows = offers()
    at_times = [row.offered_at.astimezone(zone) for row in rows]
    assert all(8 <= at.hour < 20 and at.weekday() < 5 for at in at_times)
    assert not any(at.date() == datetime(2027, 3, 29).date() for at in at_times)  # Easter Monday
    assert at_times[0] == datetime(2027, 3, 23, 8, 0, tzinfo=zone)  # freed at night: in the morning
    # Nobody answers: each créneau goes to each person, in their order, once.
    for start in (world.starts[0], world.starts[3]):
        assert [row.entry.email for row in rows if row.starts_at == start] == people
    assert len(rows) == len(told()) == 2 * len(people)
    by_day = Counter((row.entry.email, at.date()) for row, at in zip(rows, at_times, strict=True))
    assert set(by_day.values()) == {1}
    overlaps = [(a, b) for a in rows for b in rows if a.pk < b.pk and a.starts_at == b.starts_at
                and a.offered_at < b.offered_at < a.expires_at]  # fmt: skip
    assert not overlaps


def test_decision_28_statements_of_a_run(world, django_assert_max_num_queries):
    with django_assert_max_num_queries(6):
        assert offer_waiting_list(now=NOW) == 0  # nobody waits
    for rank in range(20):
        world.wait(f"p{rank}@exemple.fr", at=NOW + rank * MINUTE)
    night = datetime(2027, 3, 22, 23, 0, tzinfo=UTC)
    with django_assert_max_num_queries(7):
        assert offer_waiting_list(now=night) == 0
    with django_assert_max_num_queries(18):
        assert offer_waiting_list(now=NOW + HOUR) == 0  # one search for twenty people
    world.free(0)
    with django_assert_max_num_queries(150):
        assert offer_waiting_list(now=NOW + HOUR) == 1


def test_decision_5_ended_entries_are_kept_a_year(world):
    entry = world.wait(ANA)
    leave_waiting_list(entry_id=entry.pk, now=NOW)
    assert purge_waiting_list(now=NOW + 365 * DAY) == 0
    assert purge_waiting_list(now=NOW + 366 * DAY) == 1
    assert not WaitingListEntry.objects.exists()


def test_decision_28_the_tasks_are_in_the_beat(world):
    offer_waiting_list_task()
    purge_waiting_list_task()
    for name in ("offer_waiting_list", "expire_waiting_offers", "purge_waiting_list"):
        assert BEAT[name]["task"] == name


def test_decision_28_the_sms_is_short_plain_and_names_no_motif(world):
    world.wait("", phone_number="+33639981234", lieu=None)
    world.free(0)
    offer_waiting_list(now=NOW)
    message = OutboxMessage.objects.get(kind="waiting_list_offer")
    assert (message.channel, message.recipient) == ("sms", "+33639981234")
    assert message.sms_segments <= 2
    assert world.motif.name not in message.body
    assert world.lieu.name[:10] in message.body
    assert "mercredi 24/03 à 9h00" in message.body
    assert "avant 11h00" in message.body
    assert message.expires_at == pending().expires_at
    assert pending().ends_at - pending().starts_at == HALF_HOUR
