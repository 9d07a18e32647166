from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from motifs.forms.lieu_edit import LieuForm
from motifs.services.lieu_edit import LieuFields, create_lieu
from motifs.views.organisation_page import organisation_page
from rdv.common.addresses import place_of
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def lieu_create(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = organisation_page(request, organisation_uuid, Permission.LIEU_EDIT)
    form = LieuForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            lieu = create_lieu(
                organisation=organisation,
                fields=LieuFields(**form.cleaned_data, **place_of(form.cleaned_data["address"])),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le lieu « %(name)s » est créé.") % {"name": lieu.name})
            return redirect("motifs:lieu_list", organisation.uuid)
    return _page(request, form, organisation)


def _page(request: Request, form: LieuForm, organisation: Organisation) -> HttpResponse:
    context = {"form": form, "organisation": organisation, "menu": "lieux", "lieu": None}
    status = 422 if form.errors else 200
    return render(request, "motifs/lieu_edit.html", context, status=status)
