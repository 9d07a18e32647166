from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.forms.motif_edit import MotifForm, motif_initial
from motifs.models import Motif
from motifs.policies import motifs_for
from motifs.queries.motif_list import services_for_motif
from motifs.rules.colors import PALETTE
from motifs.services.motif_edit import MotifFields, create_motif, update_motif
from motifs.views.organisation_page import organisation_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def motif_create(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_page(request, organisation_uuid, Permission.MOTIF_EDIT)
    form = _form(request, organisation, None)
    if form.is_valid():
        try:
            motif = create_motif(
                organisation=organisation,
                fields=MotifFields(**form.values()),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le motif « %(name)s » est créé.") % {"name": motif.name})
            return redirect("motifs:motif_list", organisation.uuid)
    return _page(request, form, organisation, None)


@require_http_methods(["GET", "POST"])
def motif_edit(request: Request, motif_uuid: UUID) -> HttpResponse:
    motif = get_or_deny(motifs_for, request.actor, Permission.MOTIF_EDIT, uuid=motif_uuid)
    if motif.archived_at:
        raise Http404
    organisation = motif.organisation
    timezone.activate(organisation.territoire.zone)
    form = _form(request, organisation, motif)
    if form.is_valid():
        try:
            update_motif(
                motif_id=motif.pk,
                fields=MotifFields(**form.values()),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le motif est enregistré."))
            return redirect("motifs:motif_list", organisation.uuid)
    return _page(request, form, organisation, motif)


def _form(request: Request, organisation: Organisation, motif: Motif | None) -> MotifForm:
    return MotifForm(
        request.POST if request.method == "POST" else None,
        initial=motif_initial(motif or Motif(organisation=organisation, color=PALETTE[0][0])),
        services=services_for_motif(organisation, motif),
        motif=motif,
    )


def _page(
    request: Request, form: MotifForm, organisation: Organisation, motif: Motif | None
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "organisation": organisation,
        "menu": "motifs",
        "motif": motif,
        "is_used": motif is not None and motif.rdvs.exists(),
        "has_contact": bool(organisation.phone_number or organisation.email),
    }
    status = 422 if form.errors else 200
    return render(request, "motifs/motif_edit.html", context, status=status)
