from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.agent_rights import AgentRightsForm
from agents.permissions import AgentActor, Permission
from agents.queries.agent_choices import droit_of
from agents.services.agent_rights import Rights, change_rights, rights_of
from agents.views.staff_page import territoire_member
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Territoire
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_rights(request: Request, territoire_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    territoire, agent = territoire_member(
        request, territoire_uuid, agent_uuid, Permission.RIGHTS_EDIT
    )
    held = rights_of(droit_of(agent.pk, territoire))
    form = AgentRightsForm(
        request.POST if request.method == "POST" else None,
        initial=asdict(held),
        locked=_locked(request, agent, territoire, held),
    )
    if form.is_valid():
        try:
            change_rights(
                agent_id=agent.pk,
                territoire_id=territoire.pk,
                rights=Rights(**form.cleaned_data),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Les droits de %(name)s sont enregistrés.") % {"name": agent.full_name}
            )
            return redirect("agents:territoire_agent_detail", territoire.uuid, agent.uuid)
    context = {"form": form, "territoire": territoire, "menu": "agents", "agent": agent}
    status = 422 if form.errors else 200
    return render(request, "agents/agent_rights.html", context, status=status)


def _locked(request: Request, agent: Agent, territoire: Territoire, held: Rights) -> list[str]:
    """What the reader may not change: shown greyed; the service refuses it whatever is posted."""
    assert isinstance(request.actor, AgentActor)
    own = asdict(rights_of(droit_of(request.actor.agent_id, territoire)))
    if held.is_admin and not own["is_admin"]:
        return list(own)
    on_oneself = agent.pk == request.actor.agent_id
    current = asdict(held)
    return [name for name in own if not own[name] or (on_oneself and not current[name])]
