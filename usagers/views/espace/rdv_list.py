"""« Mes rendez-vous »: those to come, who follows the person, then the past ones (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from planning.queries.rdv_of_usager import upcoming_and_past
from usagers.queries.follow_up import follow_ups_of
from usagers.views.booking.follow_up import FOLLOW_UP
from usagers.views.espace.access import usager_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request
    from usagers.queries.follow_up import FollowUp


@usager_required
@require_safe
def rdv_list(request: Request) -> HttpResponse:
    coming, past = upcoming_and_past(request.actor, now=timezone.now())
    context = {
        "coming": coming,
        "past": past,
        "follow_ups": [(row, _booking_url(row)) for row in follow_ups_of(request.actor)],
    }
    return render(request, "usagers/espace/rdv_list.html", context)


def _booking_url(follow_up: FollowUp) -> str:
    assert follow_up.fiche is not None  # only of fiches
    address = reverse("usagers:booking_territoire", args=[follow_up.fiche.territoire.slug])
    return f"{address}?{FOLLOW_UP}"
