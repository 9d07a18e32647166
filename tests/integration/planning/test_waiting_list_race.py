"""Decision 28: offers made, taken, refused and expired at the same instant; exactly one result."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from notifications.models import OutboxMessage
from planning.models import AgentRdv, Outcome, Rdv, SlotHold, WaitingListEntry, WaitingListOffer
from planning.services import agenda_lock
from planning.services.rdv_book import SlotTaken, book_rdv
from planning.services.waiting_list_answer import (
    OfferOver,
    OfferTaken,
    accept_to_book,
    accept_to_move,
    decline_offer,
)
from planning.services.waiting_list_end import expire_offers
from planning.services.waiting_list_join import leave_waiting_list
from planning.services.waiting_list_offer import offer_waiting_list
from tests.factories import UsagerFactory
from tests.integration.planning.test_rdv_book_race import Rush
from tests.integration.planning.waiting_world import NOW, WaitingWorld, pending, told

pytestmark = pytest.mark.django_db(transaction=True)

MINUTE = timedelta(minutes=1)
FAR = datetime(2027, 4, 6, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _patient(monkeypatch):
    monkeypatch.setattr(agenda_lock, "PATIENCE", "60s")


def said(act, results):
    """Return an act whose refusal is noted: Rush knows those of booking only."""

    def tried():
        try:
            act()
        except (OfferOver, OfferTaken, SlotTaken) as refused:
            results.append(type(refused).__name__)
        else:
            results.append("done")

    return tried


def test_decision_28_several_workers_make_one_offer_of_each_creneau():
    world = WaitingWorld()
    for rank in range(4):
        world.wait(f"p{rank}@exemple.fr", at=NOW + rank * MINUTE)
    world.wait("p0@exemple.fr", at=NOW, lieu=None)  # waits twice, told once
    for rank in (0, 2, 4):
        world.free(rank)
    now = NOW + 10 * MINUTE
    with Rush(3) as rush:
        rush.run([lambda: offer_waiting_list(now=now)] * 3)
    offer_waiting_list(now=now)
    assert sorted(told()) == [f"p{rank}@exemple.fr" for rank in range(3)]
    assert SlotHold.objects.count() == WaitingListOffer.objects.count() == 3


def test_decision_28_accepting_as_it_expires_or_as_it_is_refused_ends_once():
    world = WaitingWorld()
    world.wait("ana@exemple.fr")
    world.free(0)
    rivals = [
        lambda key, end: expire_offers(now=end),
        lambda key, end: decline_offer(offer_id=key, now=end - MINUTE),
        lambda key, end: leave_waiting_list(entry_id=world_entry(), now=end - MINUTE),
    ]
    with Rush(2) as rush:
        for rival in rivals:
            WaitingListOffer.objects.all().delete()
            SlotHold.objects.all().delete()
            offer_waiting_list(now=NOW)
            offer, results = pending(), []
            at = offer.expires_at - MINUTE
            rush.run(
                [
                    said(lambda o=offer, t=at: accept_to_book(offer_id=o.pk, now=t), results),
                    lambda o=offer, r=rival: r(o.pk, o.expires_at),
                ]
            )
            offer.refresh_from_db()
            won = results == ["done"]
            assert won == (offer.outcome == Outcome.ACCEPTED)
            assert SlotHold.objects.count() == won


def world_entry() -> int:
    return WaitingListEntry.objects.get().pk


def test_decision_28_two_tabs_move_the_rdv_once():
    world = WaitingWorld()
    rdv = world.wait_with_rdv(FAR, email="ana@exemple.fr").participation.rdv
    world.free(0)
    offer_waiting_list(now=NOW)
    offer, results = pending(), []
    with Rush(3) as rush:
        act = said(lambda: accept_to_move(offer_id=offer.pk, now=NOW + MINUTE), results)
        rush.run([act] * 3)
    assert results == ["done"] * 3  # each sees the RDV where it is
    moved = Rdv.objects.get(pk=rdv.pk)
    assert (moved.starts_at, moved.version) == (world.starts[0], rdv.version + 1)
    mails = OutboxMessage.objects.filter(kind="rdv_changed", rdv=rdv, channel="email")
    assert mails.count() == 1


def test_decision_28_an_agent_books_the_held_time_as_it_is_accepted():
    """Agents are not bound: one RDV at that time, the loser keeps their place or is told."""
    world = WaitingWorld()
    far = world.wait_with_rdv(FAR, email="ana@exemple.fr").participation.rdv
    person = UsagerFactory(territoire=world.organisation.territoire)

    def book():
        book_rdv(
            motif_id=world.motif.pk,
            lieu_id=world.lieu.pk,
            starts_at=world.starts[0],
            usager_ids=[person.pk],
            actor=world.desk,
            now=NOW,
        )

    world.free(0)
    offer_waiting_list(now=NOW)
    offer, results = pending(), []
    with Rush(2) as rush:
        rush.run(
            [
                said(lambda: accept_to_move(offer_id=offer.pk, now=NOW + MINUTE), results),
                said(book, results),
            ]
        )
    assert results.count("done") == 1
    there = AgentRdv.objects.filter(starts_at=world.starts[0], holds_time=True)
    assert there.count() == 1
    entry = WaitingListEntry.objects.get()
    far.refresh_from_db()
    if far.starts_at == FAR:
        assert "OfferTaken" in results
        assert entry.ended_at is None
    else:
        assert "SlotTaken" in results
        assert entry.end == "served"
    assert not SlotHold.objects.exists()
