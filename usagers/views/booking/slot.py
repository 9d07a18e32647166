"""When: the créneaux, week by week, after what must be read was accepted (A02, A03)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planning.queries.public_slots import Who, first_time, week_agents, week_times
from rdv.common.timezones import local_day
from usagers.views.booking.follow_up import asks_who_follows
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.nothing import not_offered, nothing_free
from usagers.views.booking.restriction import ask_to_read
from usagers.views.booking.visitor import count_search

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.offer import Place


WEEK = timedelta(days=7)


@login_not_required
@require_safe
@asks_who_follows
def booking_slot(request: HttpRequest, **entry: str) -> HttpResponse:
    count_search(request)
    journey = load_journey(request, **entry)
    place = journey.place
    if place is None or journey.persons is None or journey.choice is None:
        return _before_place(request, journey)
    if journey.choice.is_collective:
        return redirect(journey.workshop_url)
    if not journey.has_accepted:
        return ask_to_read(request, journey, place, "slot")
    who = journey.who
    soonest = first_time(place.motif, place.lieu, now=journey.now, **who)
    if soonest is None:
        return nothing_free(request, journey, "slot")
    last = local_day(
        journey.now + timedelta(minutes=place.motif.max_delay_minutes), journey.territoire.zone
    )
    first = _first_day(journey, soonest, last)
    times = week_times(place.motif, place.lieu, first_day=first, now=journey.now, **who)
    following = None
    if not times:
        following = first_time(
            place.motif, place.lieu, from_day=first + WEEK, now=journey.now, **who
        )
    context = {
        "journey": journey,
        "place": place,
        "steps": journey.steps("slot"),
        "first_day": first,
        "last_day": first + WEEK - timedelta(days=1),
        "days": _by_day(journey, times, _receivers(journey, place, first, who)),
        "soonest": soonest,
        "soonest_url": _week_url(journey, soonest),
        "following": following,
        "following_url": _week_url(journey, following) if following else "",
        "before_url": _before(journey, first),
        "after_url": _after(journey, first, last),
    }
    return render(request, "usagers/booking/slot.html", context)


def _before_place(request: HttpRequest, journey: Journey) -> HttpResponse:
    """Lead to the question that was left out; the link may also be too old."""
    if journey.choice and journey.choice.is_collective:
        return redirect(journey.workshop_url)
    if journey.choice and journey.persons is None:
        return redirect(journey.persons_url)
    asked = journey.params.get("lieu") or journey.params.get("structure")
    if journey.choice is None or asked:
        return not_offered(request, journey)
    return redirect(journey.lieu_url)


def _first_day(journey: Journey, soonest: datetime, last: date) -> date:
    """Return the day asked for, no later than the last bookable one.

    The soonest one when none was asked for, today when it is unreadable.
    """
    asked = journey.params.get("date")
    if not asked:
        return local_day(soonest, journey.territoire.zone)
    try:
        return min(max(date.fromisoformat(asked), journey.today), last)
    except ValueError:
        return journey.today


def _receivers(journey: Journey, place: Place, first: date, who: Who) -> dict[datetime, str]:
    """Return who receives at each time, when several agents follow; other RDVs name no agent."""
    if journey.follow_up is None or journey.receiver:
        return {}
    agents = week_agents(place.motif, place.lieu, first_day=first, now=journey.now, **who)
    return {at: journey.follow_up.name_of(agent) for at, agent in agents.items()}


def _by_day(
    journey: Journey, times: list[datetime], receivers: dict[datetime, str]
) -> list[tuple[date, list[tuple[datetime, str, str]]]]:
    zone = journey.territoire.zone
    return [
        (day, [(at, journey.slot_url(at), receivers.get(at, "")) for at in group])
        for day, group in groupby(times, key=lambda at: timezone.localtime(at, zone).date())
    ]


def _week_url(journey: Journey, instant: datetime) -> str:
    return journey.url("slot", date=local_day(instant, journey.territoire.zone).isoformat())


def _before(journey: Journey, first: date) -> str:
    if first <= journey.today:
        return ""
    return journey.url("slot", date=max(first - WEEK, journey.today).isoformat())


def _after(journey: Journey, first: date, last: date) -> str:
    return journey.url("slot", date=(first + WEEK).isoformat()) if first + WEEK <= last else ""
