"""Change a lieu; another address asks whether to tell the people of its RDVs (G10, G13)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.forms.lieu_edit import LieuForm, lieu_initial
from motifs.policies import editable_lieux_for
from motifs.services.lieu_edit import LieuFields
from planning.forms.closing import LieuTellForm
from planning.queries.closing import coming_of
from planning.services.lieu_change import change_lieu
from planning.views.agent_space import require_agent
from rdv.common.access import get_or_deny
from rdv.common.addresses import place_of
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from motifs.models import Lieu
    from planning.queries.closing import Coming
    from rdv.common.http import Request

SHOWN = 20


@require_http_methods(["GET", "POST"])
def lieu_edit(request: Request, lieu_uuid: UUID) -> HttpResponse:
    require_agent(request)
    lieu = get_or_deny(editable_lieux_for, request.actor, Permission.LIEU_EDIT, uuid=lieu_uuid)
    timezone.activate(lieu.organisation.territoire.zone)
    data = request.POST if request.method == "POST" else None
    form = LieuForm(data, initial=lieu_initial(lieu))
    if not form.is_valid():
        return _page(request, lieu, form)
    tells = False
    if form.cleaned_data["address"] != lieu.address:
        coming = coming_of(lieu, actor=request.actor, now=timezone.now())
        if coming.count:
            tell = LieuTellForm(request.POST if "asked" in request.POST else None)
            if not tell.is_valid():
                return _page(request, lieu, form, tell, coming)
            tells = tell.cleaned_data["tell"] == "yes"
    return _save(request, lieu, form, tells=tells)


def _save(request: Request, lieu: Lieu, form: LieuForm, *, tells: bool) -> HttpResponse:
    try:
        bulk = change_lieu(
            lieu=lieu,
            fields=LieuFields(**form.cleaned_data, **place_of(form.cleaned_data["address"])),
            tells=tells,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_refusal(refusal)
        return _page(request, lieu, form)
    messages.success(request, _("Le lieu est enregistré."))
    if bulk is not None:
        return redirect("planning:rdv_bulk_result", lieu.organisation.uuid, bulk.uuid)
    return redirect("motifs:lieu_list", lieu.organisation.uuid)


def _page(
    request: Request,
    lieu: Lieu,
    form: LieuForm,
    tell: LieuTellForm | None = None,
    coming: Coming | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "organisation": lieu.organisation,
        "menu": "lieux",
        "lieu": lieu,
        "tell": tell,
        "coming": coming,
        "rdvs": coming.shown[:SHOWN] if coming else [],
        "page": None,
    }
    status = 422 if form.errors or (tell and tell.errors) else 200
    return render(request, "planning/lieu_edit.html", context, status=status)
