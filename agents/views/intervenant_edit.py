"""Intervenants of an organisation: create one, change the name (§3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.intervenant_edit import IntervenantForm, IntervenantNameForm
from agents.permissions import Permission
from agents.queries.agent_choices import services_choices
from agents.services.intervenant_edit import create_intervenant, rename_intervenant
from agents.views.staff_page import holds, staff_member, staff_organisation
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from rdv.common.forms import DsfrForm
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def intervenant_create(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_EDIT)
    form = IntervenantForm(
        request.POST if request.method == "POST" else None,
        services=services_choices(organisation.territoire),
    )
    if form.is_valid() and intervenant_created(request, organisation, form):
        return redirect("agents:agent_list", organisation.uuid)
    return _page(request, form, organisation, None)


def intervenant_created(request: Request, organisation: Organisation, form: DsfrForm) -> bool:
    """Create the intervenant of a valid form, of its `last_name` and `services`, and say so."""
    try:
        agent = create_intervenant(
            organisation_id=organisation.pk,
            last_name=form.cleaned_data["last_name"],
            services=tuple(form.cleaned_data["services"]),
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_refusal(refusal)
        return False
    messages.success(request, _("L’intervenant %(name)s est créé.") % {"name": agent.full_name})
    return True


@require_http_methods(["GET", "POST"])
def intervenant_edit(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_EDIT)
    agent = staff_member(request, organisation, agent_uuid, Permission.AGENT_EDIT)
    if agent.account is not None:
        raise Http404
    form = IntervenantNameForm(
        request.POST if request.method == "POST" else None, initial={"last_name": agent.last_name}
    )
    if form.is_valid():
        try:
            rename_intervenant(
                agent_id=agent.pk,
                organisation_id=organisation.pk,
                last_name=form.cleaned_data["last_name"],
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("Le nom est enregistré."))
            return redirect("agents:agent_list", organisation.uuid)
    return _page(request, form, organisation, agent)


def _page(
    request: Request,
    form: IntervenantNameForm,
    organisation: Organisation,
    agent: Agent | None,
) -> HttpResponse:
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "agents",
        "agent": agent,
        "may_remove": bool(holds(request.actor, Permission.AGENT_REMOVE, [organisation])),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/intervenant_edit.html", context, status=status)
