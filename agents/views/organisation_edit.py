from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.organisation_edit import OrganisationForm
from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.organisation_edit import OrganisationFields, update_organisation
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError
from rdv.common.phones import national

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def organisation_edit(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = get_or_deny(
        organisations_for, request.actor, Permission.ORGANISATION_EDIT, uuid=organisation_uuid
    )
    phone = str(organisation.phone_number or "")
    form = OrganisationForm(
        request.POST if request.method == "POST" else None,
        initial={
            "name": organisation.name,
            "kind": organisation.kind,
            "phone_number": national(phone) if phone else "",
            "email": organisation.email,
            "website": organisation.website,
            "opening_hours": organisation.opening_hours,
        },
    )
    if form.is_valid():
        try:
            update_organisation(
                organisation_id=organisation.pk,
                fields=OrganisationFields(**form.cleaned_data),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’organisation est enregistrée."))
            return redirect("agents:organisation_edit", organisation.uuid)
    context = {"form": form, "organisation": organisation, "menu": "organisation"}
    status = 422 if form.errors else 200
    return render(request, "agents/organisation_edit.html", context, status=status)
