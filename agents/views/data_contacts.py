from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.data_contacts import DataContactsForm
from agents.permissions import Permission
from agents.services.territoire_edit import DataContacts, update_territoire
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def data_contacts(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = DataContactsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(territoire, name) for name in DataContactsForm.base_fields},
    )

    def save() -> None:
        update_territoire(
            territoire_id=territoire.pk,
            fields=DataContacts(**form.cleaned_data),
            actor=request.actor,
            now=timezone.now(),
        )

    if request.method == "POST" and form.saves(save):
        messages.success(request, _("Les contacts sont enregistrés."))
        return redirect("agents:data_contacts", territoire.uuid)
    context = {"form": form, "territoire": territoire, "menu": "data"}
    status = 422 if form.errors else 200
    return render(request, "agents/data_contacts.html", context, status=status)
