"""The créneau is gone: say so, offer the nearest others, keep what was typed (A06)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.shortcuts import render

from planning.queries.public_slots import Who, nearest_times
from usagers.services.booking_draft_save import Choice
from usagers.views.booking.chosen import sign_choice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.offer import Place


@dataclass(frozen=True)
class Other:
    """Another créneau, one click away. `signed` is the créneau as its button posts it."""

    place: Place
    starts_at: datetime
    url: str
    signed: str


def lost_slot(
    request: HttpRequest,
    *,
    choice: Choice,
    place: Place,
    places: Sequence[Place],
    url_for: Callable[[Place, datetime], str],
    now: datetime,
    visitor: str = "",
    usager_ids: frozenset[int] = frozenset(),
    **context: object,
) -> HttpResponse:
    """Answer 409 with up to 3 créneaux at the same place, then up to 3 elsewhere.

    `context`: `takes` is "book" when a click books, "keep" when it goes on with what was typed, ""
    when nothing was yet; `is_kept` when what was typed is; `carried` are answers that the buttons
    send again; `again_url` leads to the whole list.
    """
    by_key = {(p.motif.pk, p.lieu.pk if p.lieu else None): p for p in places}

    def others(found: list[tuple[int, int | None, datetime]]) -> list[Other]:
        return [_other(by_key[motif, lieu], at, url_for, choice, now) for motif, lieu, at in found]

    here, elsewhere = nearest_times(
        (place.motif, place.lieu),
        [(p.motif, p.lieu) for p in places],
        choice.starts_at,
        now=now,
        **_who(choice, visitor, usager_ids),
    )
    filled = {
        "place": place,
        "starts_at": choice.starts_at,
        "here": others(here),
        "elsewhere": others(elsewhere),
        "contact": place.contact,
        "carried": (),
        **context,
    }
    return render(request, "usagers/booking/lost.html", filled, status=409)


def _who(choice: Choice, visitor: str, usager_ids: frozenset[int]) -> Who:
    return Who(
        visitor=visitor,
        persons=choice.persons,
        usager_ids=usager_ids,
        sector_ids=frozenset(choice.sector_ids),
    )


def _other(
    place: Place,
    at: datetime,
    url_for: Callable[[Place, datetime], str],
    lost: Choice,
    now: datetime,
) -> Other:
    lieu_id = place.lieu.pk if place.lieu else None
    choice = Choice(place.motif.pk, lieu_id, at, now, lost.persons, sector_ids=lost.sector_ids)
    return Other(place, at, url_for(place, at), sign_choice(choice))
