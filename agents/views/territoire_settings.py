from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.territoire_settings import TerritoireSettingsForm
from agents.permissions import Permission
from agents.queries.territoire_settings import has_planning
from agents.services.territoire_edit import TerritoireSettings, update_territoire
from agents.views.territoire_page import territoire_page
from rdv.common.phones import national

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Territoire
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def territoire_settings(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = TerritoireSettingsForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(territoire),
        has_planning=has_planning(territoire),
    )

    def save() -> None:
        update_territoire(
            territoire_id=territoire.pk,
            fields=TerritoireSettings(**form.cleaned_data),
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("Les réglages du territoire sont enregistrés."))
        return redirect("agents:territoire_settings", territoire.uuid)
    context = {"form": form, "territoire": territoire, "menu": "settings"}
    status = 422 if form.errors else 200
    return render(request, "agents/territoire_settings.html", context, status=status)


def _initial(territoire: Territoire) -> dict[str, object]:
    initial = {name: getattr(territoire, name) for name in TerritoireSettingsForm.base_fields}
    phone = str(territoire.phone_number or "")
    return {**initial, "phone_number": national(phone) if phone else ""}
