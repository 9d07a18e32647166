"""Invite an agent: in one organisation, or in several of a territoire at once (G02)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.agent_invite import AgentInviteForm
from agents.models import Level
from agents.permissions import Permission
from agents.queries.agent_choices import (
    invitable_organisations,
    level_choices,
    services_choices,
)
from agents.queries.territoire_menu import may_in_territoire
from agents.services.agent_invite import InvitationFields, Outcome, invite_agent
from agents.views.intervenant_edit import intervenant_created
from agents.views.staff_page import holds, staff_organisation
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agents.models import Organisation, Territoire
    from agents.services.agent_invite import Invited
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_invite(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Or create an intervenant: the level decides."""
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_INVITE)
    may_edit = bool(holds(request.actor, Permission.AGENT_EDIT, [organisation]))
    form = _form(request, organisation.territoire, [organisation], with_intervenant=may_edit)
    if form.is_valid() and _done(request, organisation, form):
        return redirect("agents:agent_list", organisation.uuid)
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "agents",
        "may_services": may_in_territoire(
            request.actor, organisation.territoire, Permission.TERRITOIRE_EDIT
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "agents/agent_invite.html", context, status=status)


@require_http_methods(["GET", "POST"])
def territoire_agent_invite(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.AGENT_INVITE)
    organisations = list(invitable_organisations(request.actor, territoire))
    form = _form(request, territoire, organisations)
    if form.is_valid() and _invite(request, territoire, form):
        return redirect("agents:territoire_agent_list", territoire.uuid)
    context = {
        "form": form,
        "territoire": territoire,
        "menu": "agents",
        "organisations": organisations,
    }
    status = 422 if form.errors else 200
    return render(request, "agents/territoire_agent_invite.html", context, status=status)


def _form(
    request: Request,
    territoire: Territoire,
    organisations: list[Organisation],
    *,
    with_intervenant: bool = False,
) -> AgentInviteForm:
    levels = level_choices(request.actor, organisations)
    if with_intervenant:
        levels.append((str(Level.INTERVENANT), _("Intervenant, qui ne se connecte jamais")))
    return AgentInviteForm(
        request.POST if request.method == "POST" else None,
        organisations=organisations,
        levels=levels,
        services=services_choices(territoire),
    )


def _done(request: Request, organisation: Organisation, form: AgentInviteForm) -> bool:
    if form.is_intervenant:
        return intervenant_created(request, organisation, form)
    return _invite(request, organisation.territoire, form)


def _invite(request: Request, territoire: Territoire, form: AgentInviteForm) -> bool:
    typed = form.cleaned_data
    fields = InvitationFields(
        email=typed["email"],
        organisations=tuple(UUID(value) for value in form.chosen_organisations()),
        services=tuple(typed["services"]),
        level=typed["level"],
    )
    try:
        invited = invite_agent(
            territoire=territoire, fields=fields, actor=request.actor, now=timezone.now()
        )
    except DomainError as refusal:
        form.add_refusal(refusal)
        return False
    _say(request, invited, form)
    return True


def _say(request: Request, invited: Invited, form: AgentInviteForm) -> None:
    words = {
        Outcome.INVITED: _("L’invitation est partie à %(email)s. Son lien est valable 7 jours."),
        Outcome.JOINED: _("%(email)s travaille déjà dans le territoire : c’est fait, sans lien."),
        Outcome.ADDED: _("%(email)s a déjà une invitation : le même lien vaut aussi ici."),
    }
    messages.success(request, words[invited.outcome] % {"email": invited.email})
    if invited.kept_services:
        names = dict(form.fields["services"].choices)  # type: ignore[attr-defined]
        messages.warning(
            request,
            _(
                "Ses services restent %(kept)s, et non %(asked)s : un administrateur du "
                "territoire peut les changer."
            )
            % {
                "kept": ", ".join(invited.kept_services),
                "asked": ", ".join(str(names[code]) for code in form.cleaned_data["services"]),
            },
        )
