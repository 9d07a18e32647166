from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.policies import staff_of_territoire_for
from agents.queries.agent_choices import service_codes_of, services_choices
from planning.forms.agent_services import AgentServicesForm
from planning.services.agent_services import change_services
from planning.views.agent_space import open_territoire
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_services(request: Request, territoire_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """« Espace admin »: the services of an agent (G03)."""
    territoire = open_territoire(request, territoire_uuid, Permission.AGENT_EDIT)
    agent = get_or_deny(
        lambda actor, wanted: staff_of_territoire_for(actor, wanted, territoire).select_related(
            "account"
        ),
        request.actor,
        Permission.AGENT_EDIT,
        uuid=agent_uuid,
    )
    form = AgentServicesForm(
        request.POST if request.method == "POST" else None,
        initial={"services": service_codes_of(agent, territoire)},
        services=services_choices(territoire),
    )
    if form.is_valid():
        try:
            change_services(
                agent_id=agent.pk,
                territoire_id=territoire.pk,
                services=tuple(form.cleaned_data["services"]),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Les services de %(name)s sont enregistrés.") % {"name": agent.full_name}
            )
            return redirect("agents:territoire_agent_detail", territoire.uuid, agent.uuid)
    context = {"form": form, "territoire": territoire, "menu": "agents", "agent": agent}
    status = 422 if form.errors else 200
    return render(request, "planning/agent_services.html", context, status=status)
