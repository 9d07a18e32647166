"""Read what will happen and who will be told, write the message, then confirm on purpose (E10)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from planning.forms.rdv_bulk import RdvBulkConfirmForm
from planning.queries.rdv_bulk import rdvs_by_uuid
from planning.queries.rdv_bulk_plan import new_lines, plan_of
from planning.queries.rdv_bulk_texts import grouped_texts
from planning.rules.rdv_bulk import DAY, MOST, parse_line
from planning.services.rdv_bulk_start import start_rdv_bulk
from planning.views.agent_space import require_agent
from planning.views.rdv_bulk import bulk_page, concerned_rdvs, show_choices, show_criteria
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from planning.rules.rdv_bulk import Choice, SeenLine
    from planning.views.rdv_bulk import BulkPage
    from rdv.common.http import Request

KEPT = ("rdv", "default_choice", "new_day")


@require_POST
def rdv_bulk_preview(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Show the plan; `back` returns to the choices, `confirm` starts the action."""
    page = bulk_page(request, organisation_uuid)
    if page.scope is None:
        return show_criteria(request, page, status=422)
    if "confirm" in request.POST:
        return _confirm(request, page)
    concerned = concerned_rdvs(request, page)
    options = page.options(request, concerned.rdvs)
    form = page.choices_form(request.POST, concerned, options)
    is_back = "back" in request.POST
    if not form.is_valid() or is_back:
        status = 422 if form.errors else 200
        return show_choices(request, page, concerned, options, form, status=status)
    rdvs = [rdv for rdv in concerned.rdvs if rdv.uuid in form.choices]
    return _show_plan(request, page, rdvs, form.choices, RdvBulkConfirmForm())


def _show_plan(
    request: Request,
    page: BulkPage,
    rdvs: Sequence[Rdv],
    choices: Mapping[UUID, Choice],
    form: RdvBulkConfirmForm,
) -> HttpResponse:
    options = page.options(request, rdvs, _days(choices.values()))
    actor = require_agent(request)
    plan = plan_of(rdvs, choices, options=options, actor=actor, now=page.now)
    context = {
        "organisation": page.organisation,
        "menu": "rdv_bulk",
        "plan": plan,
        "texts": grouped_texts(plan.possible, actor=actor, now=page.now),
        "form": form,
        "kept": _kept(request),
        "query": request.GET.urlencode(),
    }
    status = 422 if form.errors else 200
    return render(request, "planning/rdv_bulk_preview.html", context, status=status)


def _confirm(request: Request, page: BulkPage) -> HttpResponse:
    """Start what was read, RDV by RDV: nothing is looked up again from the criteria."""
    found = [parse_line(text) for text in request.POST.getlist("line")[:MOST]]
    seen: dict[UUID, SeenLine] = {line.rdv_uuid: line for line in found if line}
    rdvs = rdvs_by_uuid(seen, organisation=page.organisation, actor=request.actor)
    form = RdvBulkConfirmForm(request.POST)
    if form.is_valid():
        lines = new_lines(rdvs, seen, options=page.options(request, rdvs))
        try:
            bulk = start_rdv_bulk(
                uuid=form.cleaned_data["uuid"],
                organisation_id=page.organisation.pk,
                lines=lines,
                note=form.cleaned_data["note"],
                notifies=not form.cleaned_data["keeps_silent"],
                actor=require_agent(request),
                now=page.now,
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            _say_what_is_lost(request, len(found) - len(lines))
            url = reverse("planning:rdv_bulk_result", args=[page.organisation.uuid, bulk.uuid])
            return redirect(f"{url}?retrait={page.removed.uuid}" if page.removed else url)
    choices = {rdv.uuid: seen[rdv.uuid].choice for rdv in rdvs}
    return _show_plan(request, page, rdvs, choices, form)


def _say_what_is_lost(request: Request, count: int) -> None:
    if count:
        text = ngettext(
            "%(count)s RDV n’est plus accessible : il est laissé tel quel.",
            "%(count)s RDV ne sont plus accessibles : ils sont laissés tels quels.",
            count,
        )
        messages.warning(request, text % {"count": count})


def _kept(request: Request) -> list[tuple[str, str]]:
    """Return what to post again, so that the choices come back as they were."""
    names = [name for name in request.POST if name in KEPT or name.startswith("choice-")]
    pairs = [(name, value) for name in names for value in request.POST.getlist(name)]
    return [(name, value) for name, value in pairs if value]


def _days(choices: Iterable[Choice]) -> set[date]:
    return {date.fromisoformat(choice.target) for choice in choices if choice.act == DAY}
