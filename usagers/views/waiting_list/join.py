"""Wait for a créneau: somebody who found nothing leaves one address (A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.queries.public_slots import next_times
from planning.queries.waiting_list import waits_online
from rdv.common.rate_limits import TooManyAttempts
from usagers.forms.waiting_list import WaitingListForm
from usagers.models import Purpose
from usagers.services.contact_code import send_code
from usagers.views.booking.journey import Journey, load_journey
from usagers.views.booking.nothing import not_offered
from usagers.views.booking.offer import place_key
from usagers.views.waiting_list.pending import Pending, remember

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from usagers.views.booking.offer import Place

TOO_MANY = 429
ANYWHERE = "partout:"


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list_join(request: HttpRequest, **entry: str) -> HttpResponse:
    """Ask where and at which address; the answer never says whether the address is known."""
    journey = load_journey(request, **entry)
    places = _full_places(journey)
    if not places:
        # Nothing to wait for: either something is free, or nobody may wait.
        return redirect(journey.url("lieu")) if journey.choice else not_offered(request, journey)
    chosen = place_key(journey.place) if journey.place else ""
    form = WaitingListForm(request.POST or None, places=_choices(places), chosen=chosen)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            refusal = _send(request, journey, form, places)
            if not refusal:
                return redirect("usagers:waiting_list_code")
            form.add_error(None, refusal)
            status = TOO_MANY
    context = {"journey": journey, "form": form, "place": journey.place, "starts_at": None}
    return render(request, "usagers/waiting_list/join.html", context, status=status)


def _full_places(journey: Journey) -> list[Place]:
    """Return where nothing is free and people may wait: the chosen place, or all of them."""
    wanted = [journey.place] if journey.place else journey.places
    waiting = [place for place in wanted if place and waits_online(place.motif)]
    if not waiting:
        return []
    found = next_times(
        [(place.motif, place.lieu) for place in waiting],
        now=journey.now,
        visitor=journey.visitor,
        persons=1,
    )
    return [
        place
        for place in waiting
        if (place.motif.pk, place.lieu.pk if place.lieu else None) not in found
    ]


def _choices(places: list[Place]) -> list[tuple[str, str]]:
    """Return the places, and for the organisations with several lieux, all of them at once."""
    by_motif: dict[int, list[Place]] = {}
    for place in places:
        by_motif.setdefault(place.motif.pk, []).append(place)
    choices: list[tuple[str, str]] = []
    for group in by_motif.values():
        motif = group[0].motif
        if len(group) > 1:
            label = _("Tous les lieux : %(name)s") % {"name": motif.organisation.name}
            choices.append((f"{ANYWHERE}{motif.organisation.slug}", label))
        choices += [(place_key(place), _label(place)) for place in group]
    return choices


def _label(place: Place) -> str:
    if place.lieu is None:
        return str(place.motif.organisation.name)
    return f"{place.lieu.name}, {place.lieu.address}"


def _send(
    request: HttpRequest, journey: Journey, form: WaitingListForm, places: list[Place]
) -> str:
    """Send the code and remember what for; return why not, in French, or ""."""
    chosen = form.chosen
    slug = chosen.removeprefix(ANYWHERE) if chosen.startswith(ANYWHERE) else ""
    place = next(
        found
        for found in places
        if (slug and found.motif.organisation.slug == slug) or place_key(found) == chosen
    )
    try:
        code = send_code(
            purpose=Purpose.WAITING_LIST,
            language=get_language() or "fr",
            ip=get_adapter(request).get_client_ip(request),
            now=journey.now,
            organisation=place.motif.organisation,
            **form.address,
        )
    except TooManyAttempts as refusal:
        return refusal.message
    lieu_id = place.lieu.pk if place.lieu and not slug else None
    remember(request, Pending(str(code.uuid), place.motif.pk, lieu_id))
    return ""
