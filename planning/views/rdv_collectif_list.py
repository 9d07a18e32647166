from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.policies import organisations_for
from planning.forms.rdv_collectif import WorkshopFilterForm
from planning.queries.rdv_collectif import collective_motifs, listed_workshops, workshops
from planning.views.agent_space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

PER_PAGE = 25


@require_safe
def rdv_collectif_list(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Workshops from today on, or from the day of the URL; their seats."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_READ)
    now = timezone.now()
    motifs = collective_motifs(request.actor, organisation)
    form = WorkshopFilterForm(request.GET, motifs=motifs, today=timezone.localdate(now))
    creatable = organisations_for(request.actor, Permission.RDV_CREATE)
    context = {
        "organisation": organisation,
        "menu": "rdv_collectifs",
        "form": form,
        "is_filtered": bool(request.GET.keys() - {"page"}),
        "has_motif": motifs.exists(),
        "may_create": creatable.filter(pk=organisation.pk).exists(),
    }
    if form.is_valid():
        rdvs = listed_workshops(
            request.actor,
            organisation,
            first_day=form.cleaned_data["debut"],
            motif=form.cleaned_data["motif"],
            with_seats=form.cleaned_data["places"],
        )
        page = Paginator(rdvs, PER_PAGE).get_page(request.GET.get("page"))
        context |= {"page": page, "workshops": workshops(page.object_list, now=now)}
    status = 422 if form.errors else 200
    return render(request, "planning/rdv_collectif_list.html", context, status=status)
