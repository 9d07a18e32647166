from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.week_copy import WeekCopyForm
from planning.queries.week_copy import WeekChoice, week_plan
from planning.services.week_copy import copy_week
from planning.views.agent_space import colleagues, open_organisation
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def week_copy(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Copy a week: GET asks, then previews; POST creates what was previewed.

    `?de=` preselects the agent whose list one comes from.
    """
    organisation = open_organisation(request, organisation_uuid, Permission.PLAGE_EDIT)
    form = _form(request, organisation)
    plan = None
    if form.is_bound and form.is_valid():
        choice = _choice(form, organisation)
        if request.method == "POST":
            try:
                created = copy_week(
                    choice=choice,
                    plan_digest=request.POST.get("plan", ""),
                    actor=request.actor,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _created_words(len(created)))
                return redirect(
                    "planning:plage_ouverture_list", organisation.uuid, created[0].agent.uuid
                )
        plan = week_plan(request.actor, choice, today=timezone.localdate())
    context = {"organisation": organisation, "menu": "plages", "form": form, "plan": plan}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "planning/week_copy.html", context, status=status)


def _form(request: Request, organisation: Organisation) -> WeekCopyForm:
    today = timezone.localdate()
    typed = request.POST if request.method == "POST" else request.GET
    is_sent = request.method == "POST" or "source" in request.GET
    return WeekCopyForm(
        typed if is_sent else None,
        initial={
            "source": request.GET.get("de"),
            "week": today,
            "start": today,
            "repeats": "weekly",
        },
        today=today,
        sources=colleagues(request.actor, Permission.PLAGE_READ, organisation),
        targets=colleagues(request.actor, Permission.PLAGE_EDIT, organisation),
    )


def _choice(form: WeekCopyForm, organisation: Organisation) -> WeekChoice:
    data = form.cleaned_data
    return WeekChoice(
        organisation=organisation,
        source=data["source"],
        targets=list(data["targets"]),
        week=data["week"],
        start=data["start"],
        weekly=data["repeats"] == "weekly",
        until=data["until"],
    )


def _created_words(count: int) -> str:
    return ngettext(
        "La plage d’ouverture est créée.", "%(count)s plages d’ouverture sont créées.", count
    ) % {"count": count}
