"""E15: the pause after a RDV, the maximum of RDVs a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from planning.models import AgentRdv, Rdv, Status
from planning.queries.availability import Search, bookable, found_slots, next_slot
from planning.services.rdv_book import SlotTaken, book_rdv
from tests.factories import MotifFactory, PlageOuvertureFactory, RdvFactory, UsagerFactory
from tests.integration.planning.test_availability import MONDAY, NINE, NOW, search, site

pytestmark = pytest.mark.django_db


def hours(question: Search) -> list[str]:
    return [f"{slot[0]:%H:%M}" for slot in found_slots(question, MONDAY, MONDAY)]


def taken(plage, *, at=NINE, minutes=30, motif=None, **fields):
    """Return a RDV of the agent of `plage`, of a motif without pause unless it is given."""
    return RdvFactory(
        motif=motif or MotifFactory(organisation=plage.organisation),
        agents=[plage.agent],
        starts_at=at,
        ends_at=at + timedelta(minutes=minutes),
        **fields,
    )


def test_E15_without_a_pause_the_grid_is_the_motif_s():
    motif, plage = site()
    taken(plage)
    assert hours(search(motif)) == ["09:30", "10:00", "10:30", "11:00", "11:30"]


def test_E15_the_agent_is_free_after_the_pause_of_the_rdv():
    motif, plage = site()
    taken(plage, motif=MotifFactory(organisation=plage.organisation, pause_minutes=10))
    assert hours(search(motif)) == ["09:40", "10:10", "10:40", "11:10"]
    question = search(motif)
    assert bookable(question, NINE + timedelta(minutes=30), plage.lieu_id) == []
    assert bookable(question, NINE + timedelta(minutes=40), plage.lieu_id)


def test_E15_a_rdv_leaves_room_for_its_own_pause_before_the_next_one():
    motif, plage = site(pause_minutes=10)
    taken(plage, at=NINE + timedelta(hours=1))
    # 9:30 would end as the RDV of 10:00 begins; nothing follows 11:30, at the end of the plage.
    assert hours(search(motif)) == ["09:00", "10:30", "11:00", "11:30"]
    assert bookable(search(motif), NINE + timedelta(minutes=30), plage.lieu_id) == []


def test_E15_the_pause_of_a_day_long_rdv_is_seen_the_day_after():
    motif, plage = site()
    long = MotifFactory(organisation=plage.organisation, pause_minutes=240)
    taken(plage, motif=long, at=NINE - timedelta(hours=26), minutes=24 * 60 - 1)
    assert hours(search(motif))[0] == "10:59"


def test_E15_booking_obeys_the_pause(cast):
    motif, plage = site(pause_minutes=15)
    usager = UsagerFactory(territoire=plage.organisation.territoire)
    taken(plage, at=NINE + timedelta(hours=1))
    actor = cast.actor("owner")
    order = {"motif_id": motif.pk, "lieu_id": plage.lieu_id, "usager_ids": [usager.pk]}
    with pytest.raises(SlotTaken):
        book_rdv(**order, starts_at=NINE + timedelta(minutes=20), actor=actor, now=NOW)
    rdv = book_rdv(**order, starts_at=NINE, actor=actor, now=NOW)
    assert rdv.agent_rdvs.get().free_at == rdv.ends_at + timedelta(minutes=15)


def test_E15_free_at_follows_the_rdv():
    _motif, plage = site()
    rdv = taken(plage, motif=MotifFactory(organisation=plage.organisation, pause_minutes=20))
    Rdv.objects.filter(pk=rdv.pk).update(ends_at=NINE + timedelta(hours=2))
    assert AgentRdv.objects.get(rdv=rdv).free_at == NINE + timedelta(hours=2, minutes=20)


def test_E15_a_full_day_of_a_plage_gives_nothing_more():
    motif, plage = site()
    type(plage).objects.update(max_rdvs_per_day=2)
    taken(plage)
    assert len(hours(search(motif))) == 5
    second = taken(plage, at=NINE + timedelta(minutes=60))
    assert hours(search(motif)) == []
    assert bookable(search(motif), NINE + timedelta(minutes=30), plage.lieu_id) == []
    Rdv.objects.filter(pk=second.pk).update(status=Status.REVOKED, cancelled_at=NOW)
    assert len(hours(search(motif))) == 5


def test_E15_the_maximum_counts_by_occurrence():
    motif, plage = site()
    type(plage).objects.update(max_rdvs_per_day=1, frequency="weekly", weekdays=[0])
    taken(plage)
    taken(plage, at=NINE - timedelta(minutes=30))  # begins before the plage: not one of its RDVs
    found = next_slot(search(motif), MONDAY)
    assert found is not None
    assert found[0].date() == MONDAY + timedelta(days=7)


def test_E15_another_plage_of_the_day_has_its_own_maximum():
    motif, plage = site()
    type(plage).objects.update(max_rdvs_per_day=1)
    PlageOuvertureFactory(
        lieu=plage.lieu, agent=plage.agent, motifs=[motif], start_time="14:00", end_time="15:00"
    )
    taken(plage)
    assert hours(search(motif)) == ["14:00", "14:30"]


def test_E15_motifs_of_two_pauses_are_two_searches():
    first, _plage = site()
    second = MotifFactory(organisation=first.organisation, pause_minutes=5)
    with pytest.raises(ValueError, match="pause"):
        found_slots(search(first, second), MONDAY, MONDAY)
