from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from motifs.forms.motif_list import MotifFilterForm
from motifs.queries.motif_list import categories_of, motifs_of, services_of_motifs
from motifs.views.organisation_page import may, organisation_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 50


@require_safe
def motif_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Motifs in use, or archived ones (`?archives=1`)."""
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_READ)
    form = MotifFilterForm(
        request.GET,
        services=services_of_motifs(request.actor, organisation),
        categories=categories_of([organisation.territoire_id]),
    )
    wanted = form.wanted()
    archived = "archives" in request.GET
    today = timezone.localdate()
    motifs = motifs_of(request.actor, organisation, today=today, wanted=wanted, archived=archived)
    context = {
        "organisation": organisation,
        "menu": "motifs",
        "filter_form": form,
        "is_filtered": not wanted.is_empty,
        "archived": archived,
        "today": today,
        "page": Paginator(motifs, PER_PAGE).get_page(request.GET.get("page")),
        "may_edit": may(request, organisation, Permission.MOTIF_EDIT),
    }
    return render(request, "motifs/motif_list.html", context)
