from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.equipe_edit import EquipeForm
from agents.permissions import Permission
from agents.policies import equipes_for
from agents.queries.equipe_list import agents_of_territoire
from agents.services.equipe_edit import EquipeFields, create_equipe, update_equipe
from agents.views.territoire_page import territoire_page
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agents.models import Equipe, Territoire
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def equipe_create(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TEAM_EDIT)
    form = EquipeForm(
        request.POST if request.method == "POST" else None,
        agents=agents_of_territoire(territoire),
    )
    if form.is_valid():
        try:
            equipe = create_equipe(
                territoire=territoire,
                fields=fields_of(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’équipe « %(name)s » est créée.") % {"name": equipe.name})
            return redirect("agents:equipe_list", territoire.uuid)
    return _page(request, form, territoire, None)


@require_http_methods(["GET", "POST"])
def equipe_edit(request: Request, territoire_uuid: UUID, equipe_uuid: UUID) -> HttpResponse:
    territoire, equipe = managed_equipe(request, territoire_uuid, equipe_uuid)
    agents = agents_of_territoire(territoire)
    members = [str(agent.uuid) for agent in agents.filter(equipes=equipe)]
    form = EquipeForm(
        request.POST if request.method == "POST" else None,
        initial={"name": equipe.name, "agents": members},
        agents=agents,
    )
    if form.is_valid():
        try:
            update_equipe(
                equipe_id=equipe.pk,
                fields=fields_of(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’équipe est enregistrée."))
            return redirect("agents:equipe_list", territoire.uuid)
    return _page(request, form, territoire, equipe)


def managed_equipe(
    request: Request, territoire_uuid: UUID, equipe_uuid: UUID
) -> tuple[Territoire, Equipe]:
    """Return both rows; an équipe of another territoire is not there (404)."""
    territoire = territoire_page(request, territoire_uuid, Permission.TEAM_EDIT)
    equipe = get_or_deny(
        lambda actor, wanted: equipes_for(actor, wanted).filter(territoire=territoire),
        request.actor,
        Permission.TEAM_EDIT,
        uuid=equipe_uuid,
    )
    return territoire, equipe


def fields_of(form: EquipeForm) -> EquipeFields:
    typed = form.cleaned_data
    return EquipeFields(name=typed["name"], agents=tuple(UUID(value) for value in typed["agents"]))


def _page(
    request: Request, form: EquipeForm, territoire: Territoire, equipe: Equipe | None
) -> HttpResponse:
    context = {"form": form, "territoire": territoire, "menu": "equipes", "equipe": equipe}
    status = 422 if form.errors else 200
    return render(request, "agents/equipe_edit.html", context, status=status)
