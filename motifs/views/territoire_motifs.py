"""The motifs of every organisation of a territoire, to change several at once (G07)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from motifs.forms.motif_list import MotifFilterForm
from motifs.queries.motif_list import (
    categories_of,
    motifs_of,
    organisations_of_motifs,
    services_of_motifs,
)
from motifs.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 100


@require_safe
def territoire_motifs(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.MOTIF_EDIT)
    form = MotifFilterForm(
        request.GET,
        services=services_of_motifs(request.actor, territoire),
        categories=categories_of([territoire.pk]),
        organisations=organisations_of_motifs(request.actor, territoire),
    )
    wanted = form.wanted()
    today = timezone.localdate()
    motifs = motifs_of(request.actor, territoire, today=today, wanted=wanted)
    context = {
        "territoire": territoire,
        "menu": "motifs",
        "filter_form": form,
        "is_filtered": not wanted.is_empty,
        "today": today,
        "page": Paginator(motifs, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "motifs/territoire_motifs.html", context)
