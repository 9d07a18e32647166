from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.plage_ouverture_edit import PlageOuvertureForm
from planning.forms.recurrence import recurrence_initial
from planning.policies import plages_for
from planning.queries.plage_choices import lieux_for_plage, motifs_for_plage
from planning.queries.plage_ouverture_list import plage_rows
from planning.services.plage_ouverture_edit import PlageFields, create_plage, update_plage
from planning.views.agent_page import agent_page, is_own
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from planning.models import PlageOuverture
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_create(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    organisation, agent = agent_page(request, organisation_uuid, agent_uuid, Permission.PLAGE_EDIT)
    form = _form(request, organisation, agent, None)
    if form.is_valid():
        try:
            plage = create_plage(
                organisation=organisation,
                agent=agent,
                fields=_fields(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("La plage d’ouverture est créée."))
            return _saved(request, plage)
    return _page(request, form, organisation, agent, None)


@require_http_methods(["GET", "POST"])
def plage_ouverture_edit(request: Request, plage_uuid: UUID) -> HttpResponse:
    plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
    organisation, agent = plage.organisation, plage.agent
    timezone.activate(organisation.territoire.zone)
    form = _form(request, organisation, agent, plage)
    if form.is_valid():
        try:
            plage = update_plage(
                plage_id=plage.pk,
                fields=_fields(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("La plage d’ouverture est enregistrée."))
            return _saved(request, plage)
    return _page(request, form, organisation, agent, plage)


def _form(
    request: Request, organisation: Organisation, agent: Agent, plage: PlageOuverture | None
) -> PlageOuvertureForm:
    today = timezone.localdate()
    return PlageOuvertureForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(plage)
        if plage
        else {
            "first_day": today,
            "start_time": time(9),
            "end_time": time(12),
            "frequency": "none",
            "interval": 1,
        },
        today=today,
        motifs=motifs_for_plage(request.actor, organisation=organisation, agent=agent, plage=plage),
        lieux=lieux_for_plage(request.actor, organisation),
    )


def _initial(plage: PlageOuverture) -> dict[str, Any]:
    return {
        **recurrence_initial(plage),
        "title": plage.title,
        "motifs": list(plage.plage_motifs.values_list("motif_id", flat=True)),
        "lieu": plage.lieu_id,
        "opens_on_holidays": plage.opens_on_holidays,
    }


def _fields(form: PlageOuvertureForm) -> PlageFields:
    lieu = form.cleaned_data["lieu"]
    return PlageFields(
        title=form.cleaned_data["title"],
        motif_ids=tuple(motif.pk for motif in form.cleaned_data["motifs"]),
        lieu_id=lieu.pk if lieu else None,
        opens_on_holidays=form.cleaned_data["opens_on_holidays"],
        **form.recurrence(),
    )


def _saved(request: Request, plage: PlageOuverture) -> HttpResponse:
    """Say at once what deserves a warning; it stays on the list."""
    rows = plage_rows([plage], actor=request.actor, agent=plage.agent, today=timezone.localdate())
    for warning in rows[0].warnings:
        messages.warning(request, warning)
    return redirect("planning:plage_ouverture_list", plage.organisation.uuid, plage.agent.uuid)


def _page(
    request: Request,
    form: PlageOuvertureForm,
    organisation: Organisation,
    agent: Agent,
    plage: PlageOuverture | None,
) -> HttpResponse:
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "plages",
        "agent": agent,
        "is_own": is_own(request, agent),
        "plage": plage,
    }
    status = 422 if form.errors else 200
    return render(request, "planning/plage_ouverture_edit.html", context, status=status)
