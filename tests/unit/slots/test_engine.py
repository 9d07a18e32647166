"""The engine against the oracle, and what must hold whatever the agenda."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planning.slots.engine import add_months, bookable_slots, find_slots, next_slot
from planning.slots.types import (
    Absence,
    Audience,
    Busy,
    Change,
    Frequency,
    Interval,
    Opening,
    Recurrence,
    Schedule,
    Slot,
    SlotRequest,
)
from tests.unit.slots.oracle import EPOCH, MINUTE, Oracle, minutes_of
from tests.unit.slots.strategies import requests

PARIS = ZoneInfo("Europe/Paris")
MONDAY = date(2025, 2, 3)
MORNING = Schedule(Recurrence(MONDAY), time(9), time(12))


def at(hour: int, minute: int = 0, *, day: date = MONDAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS)


def ask(**changes) -> SlotRequest:
    """One agent, Monday 3 February 2025 from 9 to 12, RDVs of one hour, asked two days before."""
    basis = SlotRequest(
        zone=PARIS,
        now=at(12, day=date(2025, 2, 1)),
        first=MONDAY,
        last=MONDAY,
        audience=Audience.AGENT,
        motif=1,
        duration=timedelta(hours=1),
        openings=(Opening(1, 1, MORNING, motifs=frozenset({1})),),
    )
    return replace(basis, **changes)


def plain(slot: Slot) -> tuple[int, int, int | None, int]:
    return minutes_of(slot.start), slot.agent, slot.lieu, slot.opening


@given(requests())
def test_engine_answers_as_the_oracle(request):
    assert [plain(slot) for slot in find_slots(request)] == Oracle(request).slots()


@given(requests())
def test_next_slot_answers_as_the_oracle(request):
    slot = next_slot(request)
    assert (plain(slot) if slot else None) == Oracle(request).next()


@given(requests(), st.data())
def test_bookable_answers_as_the_oracle(request, data):
    openings = [each for each in request.openings if request.motif in each.motifs]
    assume(openings)
    oracle = Oracle(replace(request, lieu=None, agents=None))
    spans = [span for opening in openings for span in oracle.open(opening)]
    assume(spans)
    opened, closed = data.draw(st.sampled_from(spans))
    start = data.draw(st.integers(opened, closed - 1))
    moment = EPOCH + start * MINUTE
    request = replace(request, lieu=None, agents=None, now=moment - timedelta(days=2))
    request = replace(request, min_delay=timedelta(days=2), max_delay=timedelta(days=2))
    expected = {each.agent for each in openings if oracle.can_book(start, each)}
    slots = bookable_slots(request, moment)
    assert {slot.agent for slot in slots} == expected
    assert len(slots) == len(expected)


@given(requests())
def test_a_slot_meets_nothing_busy_and_lies_inside_an_opening(request):
    oracle = Oracle(request)
    openings = {opening.id: opening for opening in request.openings}
    for slot in find_slots(request):
        assert oracle.can_book(minutes_of(slot.start), openings[slot.opening])
        assert slot.end.astimezone(UTC) - slot.start.astimezone(UTC) == request.duration
        assert slot.start.astimezone(UTC) >= request.now


@given(requests(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(request: SlotRequest, random: Random):
    def shuffled(rows):
        return tuple(random.sample(rows, len(rows)))

    again = replace(
        request,
        openings=shuffled(request.openings),
        absences=shuffled(request.absences),
        busy=shuffled(request.busy),
    )
    assert find_slots(again) == find_slots(request)
    assert next_slot(again) == next_slot(request)


@given(requests())
def test_every_offered_slot_can_be_booked(request):
    for slot in find_slots(request):
        assert slot in bookable_slots(
            replace(request, agents=frozenset({slot.agent})), slot.start
        ) or (slot.agent in {each.agent for each in bookable_slots(request, slot.start)})


def test_first_registered_plage_wins_for_an_usager():
    openings = (
        Opening(1, 7, MORNING, lieu=1, order=5, motifs=frozenset({1})),
        Opening(3, 9, MORNING, lieu=3, order=2, motifs=frozenset({1})),
        Opening(2, 8, MORNING, lieu=2, order=2, motifs=frozenset({1})),
    )
    request = ask(openings=openings, audience=Audience.USAGER)
    assert {(slot.agent, slot.opening, slot.lieu) for slot in find_slots(request)} == {(8, 2, 2)}
    assert next_slot(request).agent == 8
    assert [slot.agent for slot in bookable_slots(request, at(9))] == [8, 9, 7]


def test_no_list_of_agents_is_everybody_and_an_empty_one_is_nobody():
    assert len(find_slots(ask(agents=None))) == 3
    assert find_slots(ask(agents=frozenset())) == ()
    assert next_slot(ask(agents=frozenset())) is None
    assert bookable_slots(ask(agents=frozenset()), at(9)) == ()


def test_a_plage_may_be_open_on_holidays():
    closed = ask(holidays=frozenset({MONDAY}))
    opening = replace(closed.openings[0], open_on_holidays=True)
    assert find_slots(closed) == ()
    assert len(find_slots(replace(closed, openings=(opening,)))) == 3


def test_one_second_late_costs_the_slot():
    opening = replace(ask().openings[0], schedule=replace(MORNING, end=time(10)))
    assert len(find_slots(ask(openings=(opening,), now=at(9)))) == 1
    late = at(9) + timedelta(microseconds=1)
    assert find_slots(ask(openings=(opening,), now=late)) == ()


def test_busy_seconds_are_never_given_away():
    seconds = timedelta(seconds=30, microseconds=5)
    busy = (Busy(1, Interval(at(9), at(9, 30) + seconds)),)
    starts = [slot.start for slot in find_slots(ask(busy=busy))]
    assert starts == [at(9, 30) + timedelta(seconds=31), at(10, 30) + timedelta(seconds=31)]


def test_decision_18_a_time_off_the_grid_stays_bookable():
    assert bookable_slots(ask(), at(9, 7))[0].start == at(9, 7)
    assert bookable_slots(ask(), at(11))
    assert bookable_slots(ask(), at(11, 1)) == ()
    assert bookable_slots(ask(), at(8, 59)) == ()
    assert bookable_slots(ask(busy=(Busy(1, Interval(at(10), at(10, 5))),)), at(9, 30)) == ()
    assert bookable_slots(ask(busy=(Busy(1, Interval(at(10), at(10, 5))),)), at(9))


@pytest.mark.parametrize(
    ("now", "chosen_at", "allowed"),
    [
        (at(8), None, True),
        (at(8, 1), None, False),
        (at(8, 29), at(8), True),
        (at(8, 30), at(8), True),
        (at(8, 31), at(8), False),
        (at(8, 1), at(8, 1), False),
        (at(8, 10), at(8) + timedelta(seconds=1), False),
        (at(7, 59), at(8, 30), True),
    ],
)
def test_decision_18_the_minimum_delay_counts_from_the_choice(now, chosen_at, allowed):
    request = ask(now=now, audience=Audience.USAGER, min_delay=timedelta(hours=1))
    assert bool(bookable_slots(request, at(9), chosen_at=chosen_at)) is allowed


def test_decision_18_never_after_the_start():
    usager = ask(audience=Audience.USAGER, min_delay=timedelta())
    assert bookable_slots(replace(usager, now=at(9)), at(9), chosen_at=at(8, 45))
    assert not bookable_slots(replace(usager, now=at(9, 1)), at(9), chosen_at=at(8, 45))
    assert not bookable_slots(ask(now=at(9, 1)), at(9))


def test_maximum_delay_closes_the_confirmation_too():
    request = ask(audience=Audience.USAGER, max_delay=timedelta(hours=45))
    assert bookable_slots(request, at(9))
    assert not bookable_slots(request, at(9, 1))


def test_both_delays_are_inclusive_to_the_second():
    request = ask(
        audience=Audience.USAGER, min_delay=timedelta(hours=45), max_delay=timedelta(hours=47)
    )
    assert [slot.start for slot in find_slots(request)] == [at(9), at(10), at(11)]
    second = timedelta(seconds=1)
    later = replace(request, now=request.now + second)
    assert [slot.start for slot in find_slots(later)] == [at(10), at(11)]
    earlier = replace(request, now=request.now - second)
    assert [slot.start for slot in find_slots(earlier)] == [at(9), at(10)]


@given(requests())
def test_next_slot_is_the_same_whatever_the_length_of_its_steps(request):
    with patch("planning.slots.engine.CHUNK", 1800):
        stepped = next_slot(request)
    assert stepped == next_slot(request)


def test_next_slot_far_away_costs_few_steps_and_respects_the_horizon():
    far = date(2025, 8, 1)
    opening = Opening(1, 1, Schedule(Recurrence(far), time(9), time(12)), motifs=frozenset({1}))
    request = ask(openings=(opening,), first=date(2025, 2, 1), last=None)
    assert next_slot(request).start == at(9, day=far)
    assert next_slot(replace(request, first=date(2025, 1, 31))) is None


def test_last_left_open_lists_up_to_the_maximum_delay():
    weekly = Schedule(Recurrence(MONDAY, Frequency.WEEKLY), time(9), time(10))
    opening = Opening(1, 1, weekly, motifs=frozenset({1}))
    request = ask(
        openings=(opening,), last=None, max_delay=timedelta(days=9), audience=Audience.USAGER
    )
    assert [slot.start for slot in find_slots(request)] == [at(9), at(9, day=date(2025, 2, 10))]


def test_a_moved_occurrence_over_another_of_its_plage_gives_each_start_once():
    rule = Recurrence(MONDAY, Frequency.WEEKLY, weekdays=frozenset({0, 1}))
    tuesday = MONDAY + timedelta(days=1)
    schedule = Schedule(
        rule, time(9), time(12), changed=(Change(tuesday, MONDAY, time(10), time(13)),)
    )
    opening = Opening(1, 1, schedule, motifs=frozenset({1}))
    for audience in Audience:
        slots = find_slots(ask(openings=(opening,), audience=audience))
        assert [slot.start.hour for slot in slots] == [9, 10, 11, 12]


def test_several_days_of_absence_that_come_back():
    rule = Recurrence(date(2025, 1, 30), Frequency.WEEKLY, interval=2)
    absence = Absence(1, Schedule(rule, time(18), time(10), days=4))
    weekly = Opening(
        1, 1, replace(MORNING, rule=Recurrence(MONDAY, Frequency.WEEKLY)), motifs=frozenset({1})
    )
    request = ask(openings=(weekly,), absences=(absence,), last=date(2025, 2, 17))
    assert [slot.start.strftime("%d %H") for slot in find_slots(request)] == [
        "03 10", "03 11", "10 09", "10 10", "10 11", "17 10", "17 11",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "duration", [timedelta(), timedelta(minutes=-5), timedelta(microseconds=1)]
)
def test_a_duration_is_whole_and_positive(duration):
    with pytest.raises(ValueError, match="duration"):
        ask(duration=duration)


def test_months_are_added_to_the_calendar():
    assert add_months(date(2025, 8, 31), 6) == date(2026, 2, 28)
    assert add_months(date(2025, 1, 6), 6) == date(2025, 7, 6)
    assert add_months(date(2025, 12, 1), 1) == date(2026, 1, 1)
