from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.queries.second_factor import refusal_to_forget
from agents.services.second_factor_forget import forget_second_factor
from agents.views.staff_page import territoire_member
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def second_factor_forget(request: Request, territoire_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    territoire, agent = territoire_member(
        request, territoire_uuid, agent_uuid, Permission.TERRITOIRE_EDIT
    )
    if request.method == "POST":
        try:
            forget_second_factor(
                agent_id=agent.pk,
                territoire_id=territoire.pk,
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request,
                _("La double authentification de %(name)s est effacée. Un e-mail le lui dit.")
                % {"name": agent.full_name},
            )
        return redirect("agents:territoire_agent_detail", territoire.uuid, agent.uuid)
    context = {
        "territoire": territoire,
        "menu": "agents",
        "agent": agent,
        "refusal": refusal_to_forget(agent, request.actor),
    }
    return render(request, "agents/second_factor_forget.html", context)
