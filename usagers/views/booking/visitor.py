"""A visitor's key, random and in their session only, and the créneau kept under it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter

from planning.services.slot_hold import (
    hand_over_hold,
    hold_slot,
    hold_slot_to_move,
    release_hold,
)
from rdv.common.rate_limits import Limit, count

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from planning.models import Rdv, SlotHold
    from usagers.services.booking_draft_save import Choice

SESSION_VISITOR = "booking_visitor"
# Generous: a whole town hall shares one address. It stops a program that would hold everything.
PER_IP = Limit("slot-hold-ip", times=120, seconds=3600)

SEARCHES_PER_IP = Limit("booking-search-ip", times=3000, seconds=3600)


def count_search(request: HttpRequest) -> None:
    """Count a page that computes créneaux. Raises TooManyAttempts: the 429 page."""
    count(SEARCHES_PER_IP, get_adapter(request).get_client_ip(request))


def visitor_of(request: HttpRequest) -> str:
    """Return the key of this browser, "" while it has held nothing."""
    key: str = request.session.get(SESSION_VISITOR, "")
    return key


def become_visitor(request: HttpRequest, key: str = "") -> str:
    """Give this browser a key, that of its draft if `key` is given; return it.

    What was held under another key goes with it: one créneau a visitor, and no gap in which
    somebody else takes it.
    """
    known = visitor_of(request)
    wanted = key or known or secrets.token_urlsafe(24)
    if wanted != known:
        hand_over_hold(visitor=known, to=wanted)
        request.session[SESSION_VISITOR] = wanted
    return wanted


def hold_for(
    request: HttpRequest,
    choice: Choice,
    *,
    now: datetime,
    key: str = "",
    usager_ids: frozenset[int] = frozenset(),
) -> SlotHold:
    """Keep the créneau ten minutes. Raises TooManyAttempts, and as `hold_slot`."""
    count(PER_IP, get_adapter(request).get_client_ip(request))
    return hold_slot(
        motif_id=choice.motif_id,
        lieu_id=choice.lieu_id,
        starts_at=choice.starts_at,
        visitor=become_visitor(request, key),
        now=now,
        chosen_at=choice.chosen_at,
        persons=choice.persons,
        usager_ids=usager_ids,
        sector_ids=frozenset(choice.sector_ids),
    )


def hold_to_move(
    request: HttpRequest, rdv: Rdv, *, lieu_id: int | None, starts_at: datetime, now: datetime
) -> SlotHold:
    """Keep the créneau `rdv` would move to ten minutes. Raises as `hold_for`."""
    count(PER_IP, get_adapter(request).get_client_ip(request))
    visitor = become_visitor(request)
    return hold_slot_to_move(
        rdv=rdv, lieu_id=lieu_id, starts_at=starts_at, visitor=visitor, now=now
    )


def release(request: HttpRequest) -> None:
    """Give back what this browser holds, and forget its key."""
    release_hold(visitor=request.session.pop(SESSION_VISITOR, ""))
