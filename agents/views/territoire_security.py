from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.territoire_security import TerritoireSecurityForm
from agents.permissions import Permission
from agents.queries.second_factor import admins_without_second_factor
from agents.services.territoire_security import set_two_factor_rule
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def territoire_security(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    form = TerritoireSecurityForm(
        request.POST if request.method == "POST" else None,
        initial={"requires_two_factor": territoire.requires_two_factor},
    )
    if form.is_valid():
        try:
            set_two_factor_rule(
                territoire_id=territoire.pk,
                is_required=form.cleaned_data["requires_two_factor"],
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("La règle est enregistrée."))
            return redirect("agents:territoire_security", territoire.uuid)
    context = {
        "territoire": territoire,
        "menu": "security",
        "form": form,
        "without": admins_without_second_factor(territoire),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/territoire_security.html", context, status=status)
