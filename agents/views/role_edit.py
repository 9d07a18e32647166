from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.role_edit import RoleEditForm
from agents.models import Level
from agents.permissions import Permission
from agents.queries.agent_choices import level_choices, role_of
from agents.services.role_edit import change_level
from agents.services.staff_lock import is_oneself
from agents.views.staff_page import holds, staff_member, staff_organisation
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def role_edit(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_EDIT)
    agent = staff_member(request, organisation, agent_uuid, Permission.AGENT_EDIT)
    role = role_of(agent, organisation)
    if role is None or role.level == Level.INTERVENANT:
        raise Http404
    form = RoleEditForm(
        request.POST if request.method == "POST" else None,
        initial={"level": role.level},
        levels=level_choices(request.actor, [organisation]),
    )
    if form.is_valid():
        try:
            change_level(
                agent_id=agent.pk,
                organisation_id=organisation.pk,
                level=form.cleaned_data["level"],
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request, _("Le niveau de %(name)s est enregistré.") % {"name": agent.full_name}
            )
            return redirect("agents:agent_list", organisation.uuid)
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "agents",
        "agent": agent,
        "is_oneself": is_oneself(request.actor, agent.pk),
        "may_remove": bool(holds(request.actor, Permission.AGENT_REMOVE, [organisation])),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/role_edit.html", context, status=status)
