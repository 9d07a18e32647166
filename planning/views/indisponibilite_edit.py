from __future__ import annotations

from datetime import time, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

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
from planning.forms.recurrence import copy_initial, recurrence_initial
from planning.policies import indisponibilites_for
from planning.queries.indisponibilite_list import indisponibilite_rows
from planning.queries.occurrences import exceptions_of, occurrence_of
from planning.queries.schedule_words import words_of
from planning.services.indisponibilite_edit import (
    IndisponibiliteFields,
    create_indisponibilites,
    split_indisponibilite,
    update_indisponibilite,
)
from planning.services.occurrence_split import ChangedMeanwhile
from planning.views.agent_page import agent_page, is_own
from planning.views.agent_space import colleagues
from planning.views.series_page import FOLLOWING, asked_occurrence, asked_times, no_such_day
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Agent, Organisation
    from planning.models import Indisponibilite
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def indisponibilite_create(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    """`?jour=&debut=&fin=` fill the form, `?modele=` copies another one (« Dupliquer »)."""
    organisation, agent = agent_page(
        request, organisation_uuid, agent_uuid, Permission.INDISPONIBILITE_EDIT
    )
    others = colleagues(request.actor, Permission.INDISPONIBILITE_EDIT, organisation)
    form = IndisponibiliteForm(
        request.POST if request.method == "POST" else None,
        initial=_creation(request),
        today=timezone.localdate(),
        colleagues=others.exclude(pk=agent.pk),
    )
    if form.is_valid():
        try:
            rows = create_indisponibilites(
                organisation=organisation,
                agents=[agent, *form.cleaned_data.get("colleagues", ())],
                fields=_fields(form),
                actor=request.actor,
                now=timezone.now(),
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _created_words(len(rows)))
            return _saved(request, rows, organisation)
    return _page(request, form, organisation, agent)


@require_http_methods(["GET", "POST"])
def indisponibilite_edit(request: Request, indisponibilite_uuid: UUID) -> HttpResponse:
    """The whole of it; with `?occurrence=` of a series, the choice of what changes comes first.

    `&portee=suivantes` changes that occurrence and the following ones.
    """
    row = editable(request, indisponibilite_uuid)
    organisation = place_of(request, row)
    day = asked_occurrence(request, row)
    if day and request.GET.get("portee") != FOLLOWING:
        url = reverse("planning:indisponibilite_occurrence", args=[row.uuid, day.isoformat()])
        return redirect(f"{url}?organisation={organisation.uuid}")
    form = IndisponibiliteForm(
        request.POST if request.method == "POST" else None,
        initial=_initial(row, day),
        today=timezone.localdate(),
    )
    if form.is_valid():
        try:
            saved = _save(request, row, day, form)
        except ChangedMeanwhile as refusal:
            row = editable(request, indisponibilite_uuid)
            form.add_refusal(refusal)
            form.show_newer(row.ics_sequence)
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("L’indisponibilité est enregistrée."))
            return _saved(request, [saved], organisation)
    return _page(request, form, organisation, row.agent, row=row, day=day)


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


def edit_url(row: Indisponibilite, organisation: Organisation) -> str:
    url = reverse("planning:indisponibilite_edit", args=[row.uuid])
    return f"{url}?organisation={organisation.uuid}"


def editable(request: Request, indisponibilite_uuid: UUID | str) -> Indisponibilite:
    return get_or_deny(
        indisponibilites_for,
        request.actor,
        Permission.INDISPONIBILITE_EDIT,
        uuid=indisponibilite_uuid,
    )


def _save(
    request: Request, row: Indisponibilite, day: date | None, form: IndisponibiliteForm
) -> Indisponibilite:
    common: dict[str, Any] = {
        "indisponibilite_id": row.pk,
        "fields": _fields(form),
        "actor": request.actor,
        "now": timezone.now(),
        "version": form.cleaned_data["version"],
    }
    if day:
        return split_indisponibilite(day=day, **common)
    return update_indisponibilite(**common)


def _creation(request: Request) -> dict[str, Any]:
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
    if request.GET.get("modele"):
        initial |= copy_initial(_initial(editable(request, request.GET["modele"])), today)
    asked = asked_times(request.GET)
    if "first_day" in asked:
        asked["end_day"] = asked["first_day"]
    return {**initial, **asked}


def _initial(row: Indisponibilite, day: date | None = None) -> dict[str, Any]:
    """With `day`: the series as it goes on from that occurrence."""
    midnight = time()
    whole = row.start_time == row.end_time == midnight
    shift = day - row.first_day if day else timedelta()
    return {
        **recurrence_initial(row),
        "title": row.title,
        "is_whole_day": whole,
        "first_day": row.first_day + shift,
        "end_day": row.end_day + shift - (timedelta(days=1) if whole else timedelta()),
        "start_time": None if whole else row.start_time,
        "end_time": None if whole else row.end_time,
    }


def _fields(form: IndisponibiliteForm) -> IndisponibiliteFields:
    return IndisponibiliteFields(
        title=form.cleaned_data["title"],
        end_day=form.cleaned_data["end_day"],
        **form.recurrence(),
    )


def _saved(
    request: Request, rows: list[Indisponibilite], organisation: Organisation
) -> HttpResponse:
    """Go back to the list; when RDVs fall under it, to the page that lists them."""
    found = indisponibilite_rows(rows, actor=request.actor, now=timezone.now())
    count = sum(row.covered.count for row in found)
    if not count:
        return redirect("planning:indisponibilite_list", organisation.uuid, rows[0].agent.uuid)
    if len(rows) > 1:
        url = reverse("planning:indisponibilite_group", args=[organisation.uuid])
        return redirect(f"{url}?{urlencode([('i', row.uuid) for row in rows])}")
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
    return redirect(edit_url(rows[0], organisation))


def _created_words(count: int) -> str:
    return ngettext(
        "L’indisponibilité est créée.", "%(count)s indisponibilités sont créées.", count
    ) % {"count": count}


def _page(
    request: Request,
    form: IndisponibiliteForm,
    organisation: Organisation,
    agent: Agent,
    *,
    row: Indisponibilite | None = None,
    day: date | None = None,
) -> HttpResponse:
    now = timezone.now()
    rows = [row] if row and not day else []
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "indisponibilites",
        "agent": agent,
        "is_own": is_own(request, agent),
        "indisponibilite": row,
        "words": words_of(row, (row.end_day - row.first_day).days) if row else "",
        "no_such_day": no_such_day(request, row),
        "occurrence": occurrence_of(row, day) if row and day else None,
        "exceptions": exceptions_of(row, since=timezone.localdate()) if row and not day else [],
        "found": indisponibilite_rows(rows, actor=request.actor, now=now),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/indisponibilite_edit.html", context, status=status)
