from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.agent_equipes import AgentEquipesForm
from agents.permissions import Permission
from agents.policies import equipes_for
from agents.queries.agent_choices import equipes_of
from agents.services.agent_equipes import change_equipes
from agents.views.staff_page import territoire_member
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_equipes(request: Request, territoire_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    territoire, agent = territoire_member(
        request, territoire_uuid, agent_uuid, Permission.TEAM_EDIT
    )
    equipes = equipes_for(request.actor, Permission.TEAM_EDIT).filter(territoire=territoire)
    form = AgentEquipesForm(
        request.POST if request.method == "POST" else None,
        initial={"equipes": [str(row.uuid) for row in equipes_of(agent, territoire)]},
        equipes=equipes,
    )
    if form.is_valid():
        try:
            change_equipes(
                agent_id=agent.pk,
                territoire_id=territoire.pk,
                equipes=tuple(UUID(value) for value in form.cleaned_data["equipes"]),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Les équipes de %(name)s sont enregistrées.") % {"name": agent.full_name}
            )
            return redirect("agents:territoire_agent_detail", territoire.uuid, agent.uuid)
    context = {"form": form, "territoire": territoire, "menu": "agents", "agent": agent}
    status = 422 if form.errors else 200
    return render(request, "agents/agent_equipes.html", context, status=status)
