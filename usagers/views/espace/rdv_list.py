"""« Mes rendez-vous »: those to come, then the past ones (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planning.queries.rdv_of_usager import upcoming_and_past
from usagers.views.espace.access import usager_required

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@usager_required
@require_safe
def rdv_list(request: Request) -> HttpResponse:
    coming, past = upcoming_and_past(request.actor, now=timezone.now())
    return render(request, "usagers/espace/rdv_list.html", {"coming": coming, "past": past})
