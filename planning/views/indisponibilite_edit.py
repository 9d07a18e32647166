from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from agents.policies import organisations_for
from planning.forms.indisponibilite_edit import IndisponibiliteForm
from planning.forms.recurrence import recurrence_initial
from planning.policies import indisponibilites_for
from planning.queries.indisponibilite_list import indisponibilite_rows
from planning.services.indisponibilite_edit import (
    IndisponibiliteFields,
    create_indisponibilite,
    update_indisponibilite,
)
from planning.views.agent_page import agent_page, is_own
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from planning.models import Indisponibilite
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_create(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    organisation, agent = agent_page(
        request, organisation_uuid, agent_uuid, Permission.INDISPONIBILITE_EDIT
    )
    form = _form(request, None)
    if form.is_valid():
        try:
            row = create_indisponibilite(
                organisation=organisation,
                agent=agent,
                fields=_fields(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’indisponibilité est créée."))
            return _saved(request, row, organisation)
    return _page(request, form, organisation, agent, None)


@require_http_methods(["GET", "POST"])
def indisponibilite_edit(request: Request, indisponibilite_uuid: UUID) -> HttpResponse:
    row = get_or_deny(
        indisponibilites_for,
        request.actor,
        Permission.INDISPONIBILITE_EDIT,
        uuid=indisponibilite_uuid,
    )
    organisation = place_of(request, row)
    form = _form(request, row)
    if form.is_valid():
        try:
            row = update_indisponibilite(
                indisponibilite_id=row.pk,
                fields=_fields(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’indisponibilité est enregistrée."))
            return _saved(request, row, organisation)
    return _page(request, form, organisation, row.agent, row)


def place_of(request: Request, row: Indisponibilite) -> Organisation:
    """Return the organisation whose menu surrounds the page: the one that one comes from.

    An indisponibilité belongs to none; `?organisation=` says where its link was.
    """
    places = organisations_for(request.actor, Permission.INDISPONIBILITE_EDIT).filter(
        roles__agent=row.agent
    )
    wanted = request.GET.get("organisation", "")
    place = next((place for place in places if str(place.uuid) == wanted), None)
    place = place or places.first()
    if place is None:
        raise PermissionDenied
    timezone.activate(row.territoire.zone)
    return place


def _form(request: Request, row: Indisponibilite | None) -> IndisponibiliteForm:
    today = timezone.localdate()
    tomorrow = today + timedelta(days=1)
    initial = {
        "first_day": tomorrow,
        "end_day": tomorrow,
        "start_time": time(9),
        "end_time": time(18),
        "frequency": "none",
        "interval": 1,
    }
    return IndisponibiliteForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(row) if row else initial,
        today=today,
    )


def _initial(row: Indisponibilite) -> dict[str, Any]:
    midnight = time()
    whole = row.start_time == row.end_time == midnight
    return {
        **recurrence_initial(row),
        "title": row.title,
        "is_whole_day": whole,
        "end_day": row.end_day - timedelta(days=1) if whole else row.end_day,
        "start_time": None if whole else row.start_time,
        "end_time": None if whole else row.end_time,
    }


def _fields(form: IndisponibiliteForm) -> IndisponibiliteFields:
    return IndisponibiliteFields(
        title=form.cleaned_data["title"],
        end_day=form.cleaned_data["end_day"],
        **form.recurrence(),
    )


def _saved(request: Request, row: Indisponibilite, organisation: Organisation) -> HttpResponse:
    """Go back to the list; to the page itself when RDVs fall under it, which it lists."""
    found = indisponibilite_rows([row], actor=request.actor, agent=row.agent, now=timezone.now())
    count = found[0].covered_count
    if count:
        messages.warning(
            request,
            ngettext(
                "Un RDV déjà pris tombe pendant cette indisponibilité. Il n’est pas annulé.",
                "%(count)s RDV déjà pris tombent pendant cette indisponibilité. "
                "Ils ne sont pas annulés.",
                count,
            )
            % {"count": count},
        )
        url = reverse("planning:indisponibilite_edit", args=[row.uuid])
        return redirect(f"{url}?organisation={organisation.uuid}")
    return redirect("planning:indisponibilite_list", organisation.uuid, row.agent.uuid)


def _page(
    request: Request,
    form: IndisponibiliteForm,
    organisation: Organisation,
    agent: Agent,
    row: Indisponibilite | None,
) -> HttpResponse:
    now = timezone.now()
    rows = [row] if row else []
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "indisponibilites",
        "agent": agent,
        "is_own": is_own(request, agent),
        "indisponibilite": row,
        "found": indisponibilite_rows(rows, actor=request.actor, agent=agent, now=now),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/indisponibilite_edit.html", context, status=status)
