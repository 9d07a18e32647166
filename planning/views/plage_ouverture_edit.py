from __future__ import annotations

import copy
from datetime import time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.plage_ouverture_edit import PlageOuvertureForm
from planning.forms.recurrence import copy_initial, recurrence_initial
from planning.models import PlageOuverture
from planning.policies import plages_for
from planning.queries.occurrences import exceptions_of, occurrence_of
from planning.queries.plage_choices import lieux_for_plage, motifs_for_plage
from planning.queries.plage_ouverture_list import plage_warnings, plages_of_agent
from planning.queries.schedule_words import words_of
from planning.services.occurrence_split import ChangedMeanwhile
from planning.services.plage_ouverture_edit import (
    PlageFields,
    create_plages,
    split_plage,
    update_plage,
)
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
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def plage_ouverture_create(
    request: Request, organisation_uuid: UUID, agent_uuid: UUID
) -> HttpResponse:
    """`?jour=&debut=&fin=` fill the form, `?modele=` copies another plage (« Dupliquer »)."""
    organisation, agent = agent_page(request, organisation_uuid, agent_uuid, Permission.PLAGE_EDIT)
    form = _form(request, organisation, agent, initial=_creation(request, organisation))
    if form.is_valid():
        agents = [agent, *form.cleaned_data.get("colleagues", ())]
        drafts = [PlageOuverture(organisation=organisation, agent=each) for each in agents]
        if form.accepts(_warnings(request, form, drafts)):
            try:
                created = create_plages(
                    organisation=organisation,
                    wanted=[(each, _fields(form)) for each in agents],
                    actor=request.actor,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _created_words(len(created)))
                return redirect("planning:plage_ouverture_list", organisation.uuid, agent.uuid)
    return _page(request, form, organisation, agent)


@require_http_methods(["GET", "POST"])
def plage_ouverture_edit(request: Request, plage_uuid: UUID) -> HttpResponse:
    """The whole plage; with `?occurrence=` of a series, the choice of what changes comes first.

    `&portee=suivantes` changes that occurrence and the following ones. What replaces a date of a
    series is changed as that date.
    """
    plage = get_or_deny(plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid)
    if plage.replaces:
        series, date = plage.replaces.plage, plage.replaces.day
        return redirect("planning:plage_ouverture_occurrence", series.uuid, date.isoformat())
    organisation, agent = plage.organisation, plage.agent
    timezone.activate(organisation.territoire.zone)
    day = asked_occurrence(request, plage)
    if day and request.GET.get("portee") != FOLLOWING:
        return redirect("planning:plage_ouverture_occurrence", plage.uuid, day.isoformat())
    form = _form(request, organisation, agent, plage=plage, initial=_initial(plage, day))
    if form.is_valid():
        draft = _like(plage) if day else copy.copy(plage)
        if form.accepts(_warnings(request, form, [draft], before=plage)):
            try:
                _save(request, plage, day, form)
            except ChangedMeanwhile as refusal:
                plage = get_or_deny(
                    plages_for, request.actor, Permission.PLAGE_EDIT, uuid=plage_uuid
                )
                form.add_refusal(refusal)
                form.show_newer(plage.ics_sequence)
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("La plage d’ouverture est enregistrée."))
                return redirect("planning:plage_ouverture_list", organisation.uuid, agent.uuid)
    return _page(request, form, organisation, agent, plage=plage, day=day)


def _save(
    request: Request, plage: PlageOuverture, day: date | None, form: PlageOuvertureForm
) -> None:
    common: dict[str, Any] = {
        "plage_id": plage.pk,
        "fields": _fields(form),
        "actor": request.actor,
        "now": timezone.now(),
        "version": form.cleaned_data["version"],
    }
    if day:
        split_plage(day=day, **common)
    else:
        update_plage(**common)


def _form(
    request: Request,
    organisation: Organisation,
    agent: Agent,
    *,
    initial: dict[str, Any],
    plage: PlageOuverture | None = None,
) -> PlageOuvertureForm:
    others = colleagues(request.actor, Permission.PLAGE_EDIT, organisation).exclude(pk=agent.pk)
    return PlageOuvertureForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        today=timezone.localdate(),
        motifs=motifs_for_plage(request.actor, organisation=organisation, agent=agent, plage=plage),
        lieux=lieux_for_plage(request.actor, organisation),
        colleagues=None if plage else others,
    )


def _creation(request: Request, organisation: Organisation) -> dict[str, Any]:
    today = timezone.localdate()
    initial: dict[str, Any] = {
        "first_day": today,
        "start_time": time(9),
        "end_time": time(12),
        "frequency": "none",
        "interval": 1,
    }
    lieux = list(lieux_for_plage(request.actor, organisation)[:2])
    if len(lieux) == 1:  # nothing to choose
        initial["lieu"] = lieux[0].pk
    if request.GET.get("modele"):
        model = get_or_deny(
            plages_for,
            request.actor,
            Permission.PLAGE_READ,
            uuid=request.GET["modele"],
            organisation=organisation,
        )
        initial |= copy_initial(_initial(model), today)
    return {**initial, **asked_times(request.GET)}


def _initial(plage: PlageOuverture, day: date | None = None) -> dict[str, Any]:
    """With `day`: the series as it goes on from that occurrence."""
    return {
        **recurrence_initial(plage),
        **({"first_day": day} if day else {}),
        "title": plage.title,
        "motifs": list(plage.plage_motifs.values_list("motif_id", flat=True)),
        "lieu": plage.lieu_id,
        "opens_on_holidays": plage.opens_on_holidays,
        "max_rdvs_per_day": plage.max_rdvs_per_day,
    }


def _fields(form: PlageOuvertureForm) -> PlageFields:
    return PlageFields(
        title=form.cleaned_data["title"],
        motif_ids=form.motif_ids(),
        lieu_id=form.lieu_id(),
        opens_on_holidays=form.cleaned_data["opens_on_holidays"],
        max_rdvs_per_day=form.cleaned_data["max_rdvs_per_day"],
        **form.recurrence(),
    )


def _like(plage: PlageOuverture) -> PlageOuverture:
    return PlageOuverture(organisation=plage.organisation, agent=plage.agent)


def _warnings(
    request: Request,
    form: PlageOuvertureForm,
    drafts: list[PlageOuverture],
    before: PlageOuverture | None = None,
) -> list[str]:
    """Return what deserves a second look, by agent when there are several. Nothing is saved.

    `before`: the plage that changes; what was already true of it is not said again.
    """
    found = []
    for draft in drafts:
        for name, value in form.recurrence().items():
            setattr(draft, name, value)
        draft.lieu = form.cleaned_data["lieu"]
        world = plages_of_agent(request.actor, draft.agent, timezone.localdate(), besides=before)
        known = plage_warnings(before, list(before.motifs.all()), world) if before else []
        warnings = plage_warnings(draft, list(form.cleaned_data["motifs"]), world)
        prefix = f"{draft.agent.full_name} : " if len(drafts) > 1 else ""
        found += [f"{prefix}{warning}" for warning in warnings if warning not in known]
    return found


def _created_words(count: int) -> str:
    return ngettext(
        "La plage d’ouverture est créée.", "%(count)s plages d’ouverture sont créées.", count
    ) % {"count": count}


def _page(
    request: Request,
    form: PlageOuvertureForm,
    organisation: Organisation,
    agent: Agent,
    *,
    plage: PlageOuverture | None = None,
    day: date | None = None,
) -> HttpResponse:
    context = {
        "form": form,
        "organisation": organisation,
        "menu": "plages",
        "agent": agent,
        "is_own": is_own(request, agent),
        "plage": plage,
        "words": words_of(plage) if plage else "",
        "no_such_day": no_such_day(request, plage),
        "occurrence": occurrence_of(plage, day) if plage and day else None,
        "exceptions": exceptions_of(plage, since=timezone.localdate()) if plage and not day else [],
    }
    status = 422 if form.errors or form.warnings else 200
    return render(request, "planning/plage_ouverture_edit.html", context, status=status)
