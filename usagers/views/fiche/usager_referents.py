"""Name a référent, or end it: one button each."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from rdv.common.errors import DomainError
from usagers.queries.referent_choices import nameable_agents
from usagers.services.referent_edit import add_referent, remove_referent
from usagers.views.fiche.space import open_fiche

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from rdv.common.http import Request


@require_POST
def usager_referents(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    organisation, usager = open_fiche(
        request, organisation_uuid, usager_uuid, Permission.USAGER_EDIT
    )
    ends = "retirer" in request.POST
    chosen = request.POST.get("retirer" if ends else "ajouter", "")
    if not chosen:
        messages.error(request, _("Choisissez l’agent à ajouter comme référent."))
        return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)
    agent = _agent(request, organisation, chosen)
    act = remove_referent if ends else add_referent
    try:
        act(
            usager_id=usager.pk,
            agent_id=agent.pk,
            organisation=organisation,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        messages.error(request, refusal.message)
    else:
        done = _("%(name)s n’est plus référent.") if ends else _("%(name)s est référent.")
        messages.success(request, done % {"name": agent.full_name})
    return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)


def _agent(request: Request, organisation: Organisation, value: str) -> Agent:
    try:
        agent = nameable_agents(request.actor, organisation).filter(uuid=UUID(value)).first()
    except ValueError:
        agent = None
    if agent is None:
        raise Http404
    return agent
