from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.fiche_fields import FicheFieldsForm
from agents.permissions import Permission
from agents.services.territoire_edit import FicheFields, update_territoire
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def fiche_fields(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = FicheFieldsForm(
        request.POST if request.method == "POST" else None,
        initial={"usager_fields": territoire.usager_fields},
    )

    def save() -> None:
        update_territoire(
            territoire_id=territoire.pk,
            fields=FicheFields(**form.cleaned_data),
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("Les champs des fiches sont enregistrés."))
        return redirect("agents:fiche_fields", territoire.uuid)
    context = {"form": form, "territoire": territoire, "menu": "fiches"}
    status = 422 if form.errors else 200
    return render(request, "agents/fiche_fields.html", context, status=status)
