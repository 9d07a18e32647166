from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.agent_join import AgentJoinForm
from agents.permissions import Permission
from agents.queries.agent_choices import level_choices, organisations_to_join
from agents.services.role_edit import add_to_organisation
from agents.views.staff_page import territoire_member
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_join(request: Request, territoire_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    """Add a colleague of the territoire to one organisation more (G03)."""
    territoire, agent = territoire_member(
        request, territoire_uuid, agent_uuid, Permission.AGENT_INVITE
    )
    organisations = list(organisations_to_join(request.actor, territoire, agent))
    form = AgentJoinForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations,
        levels=level_choices(request.actor, organisations),
    )
    if form.is_valid():
        try:
            add_to_organisation(
                agent_id=agent.pk,
                territoire=territoire,
                organisation_id=form.chosen.pk,
                level=form.cleaned_data["level"],
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request,
                _("%(name)s est maintenant dans %(organisation)s.")
                % {"name": agent.full_name, "organisation": form.chosen.name},
            )
            return redirect("agents:territoire_agent_detail", territoire.uuid, agent.uuid)
    context = {
        "form": form,
        "territoire": territoire,
        "menu": "agents",
        "agent": agent,
        "organisations": organisations,
    }
    status = 422 if form.errors else 200
    return render(request, "agents/agent_join.html", context, status=status)
