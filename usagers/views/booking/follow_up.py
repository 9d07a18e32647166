"""RDV de suivi: the ordinary journey, for who is signed in, with their référents only.

The URL says `suivi=1` and never who: the référents are read from the fiche of the session.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse

from agents.permissions import UsagerActor
from motifs.rules.contact import whom_to_call
from usagers.queries.follow_up import FollowUp, follow_up_of, organisations_to_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from agents.models import Territoire
    from agents.permissions import Actor
    from usagers.views.booking.journey import Journey

PARAM = "suivi"
FOLLOW_UP = f"{PARAM}=1"


def asks_who_follows(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Ask to sign in before a RDV de suivi, then come back; an agent has none (404)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.GET.get(PARAM) == "1":
            if not request.user.is_authenticated:
                target = urlencode({"next": request.get_full_path()})
                return redirect(f"{reverse('usagers:sign_in')}?{target}")
            if not isinstance(_actor(request), UsagerActor):
                raise Http404
        return view(request, *args, **kwargs)

    return inner


def read_follow_up(
    request: HttpRequest, params: dict[str, str], territoire: Territoire
) -> FollowUp | None:
    """Return who follows the person, None in the ordinary journey, whose URL forgets `suivi`."""
    if params.get(PARAM) != "1":
        params.pop(PARAM, None)
        return None
    params.pop("prescripteur", None)
    return follow_up_of(_actor(request), territoire)


def nobody_follows(request: HttpRequest, journey: Journey, *, status: int = 200) -> HttpResponse:
    """Say plainly why nothing can be booked with a référent, and whom to call."""
    follow_up = journey.follow_up or FollowUp(None)
    organisations = organisations_to_call(follow_up) if follow_up.fiche else []
    contacts = [whom_to_call(row, journey.territoire) for row in organisations]
    context = {
        "journey": journey,
        "follow_up": follow_up,
        "place": journey.place,
        "contacts": [journey.place.contact] if journey.place else contacts or [journey.contact],
    }
    return render(request, "usagers/booking/follow_up.html", context, status=status)


def _actor(request: HttpRequest) -> Actor | None:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]  # ActorMiddleware
    return actor
