"""Give an account to an intervenant, or take that of an agent (§3.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.intervenant_edit import IntervenantAccountForm
from agents.permissions import Permission
from agents.queries.agent_choices import level_choices
from agents.services.intervenant_convert import AccountFields, give_account, take_account
from agents.views.staff_page import staff_member, staff_organisation
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def intervenant_account(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_EDIT)
    agent = staff_member(request, organisation, agent_uuid, Permission.AGENT_EDIT)
    if agent.account is not None:
        raise Http404
    form = IntervenantAccountForm(
        request.POST if request.method == "POST" else None,
        initial={"last_name": agent.last_name},
        levels=level_choices(request.actor, [organisation]),
    )
    if form.is_valid():
        try:
            invitation = give_account(
                agent_id=agent.pk,
                organisation_id=organisation.pk,
                fields=AccountFields(**form.cleaned_data),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(
                request,
                _("L’invitation est partie à %(email)s. Son lien est valable 7 jours.")
                % {"email": invitation.email},
            )
            return redirect("agents:agent_list", organisation.uuid)
    context = {"form": form, "organisation": organisation, "menu": "agents", "agent": agent}
    status = 422 if form.errors else 200
    return render(request, "agents/intervenant_account.html", context, status=status)


@require_http_methods(["GET", "POST"])
def intervenant_back(request: Request, organisation_uuid: UUID, agent_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_EDIT)
    agent = staff_member(request, organisation, agent_uuid, Permission.AGENT_EDIT)
    if agent.account is None:
        raise Http404
    if request.method == "POST":
        try:
            take_account(
                agent_id=agent.pk,
                organisation_id=organisation.pk,
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(
                request, _("%(name)s est maintenant intervenant.") % {"name": agent.full_name}
            )
        return redirect("agents:agent_list", organisation.uuid)
    context = {"organisation": organisation, "menu": "agents", "agent": agent}
    return render(request, "agents/intervenant_back.html", context)
