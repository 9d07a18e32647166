"""Invite the agents of a file: a trial says what each line would do, then the real run (G14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.forms.agent_import import AgentImportForm, keep, kept
from agents.permissions import Permission
from agents.queries.agent_choices import services_choices
from agents.services.agent_import import import_agents
from agents.views.account import agent_actor_or_403
from agents.views.staff_page import staff_organisation
from agents.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation, Territoire
    from agents.services.agent_import import ImportLine, LineReport
    from rdv.common.http import Request


@require_http_methods(["GET", "POST"])
def agent_import(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = staff_organisation(request, organisation_uuid, Permission.AGENT_INVITE)
    context = {"organisation": organisation, "layout": "layouts/agent.html"}
    return _answer(request, organisation.territoire, organisation, context)


@require_http_methods(["GET", "POST"])
def territoire_agent_import(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.AGENT_INVITE)
    context = {"territoire": territoire, "organisation": None, "layout": "layouts/territoire.html"}
    return _answer(request, territoire, None, context)


def _answer(
    request: Request,
    territoire: Territoire,
    organisation: Organisation | None,
    context: dict[str, Any],
) -> HttpResponse:
    owner = [agent_actor_or_403(request).agent_id, str((organisation or territoire).uuid)]
    page = {
        **context,
        "menu": "agents",
        "form": AgentImportForm(),
        "services": [name for _code, name in services_choices(territoire)],
        "reports": None,
        "plan": "",
    }
    if request.method != "POST":
        return render(request, "agents/agent_import.html", page)
    if "plan" in request.POST:
        lines = kept(request.POST["plan"], owner=owner)
        if lines is None:
            messages.error(
                request, _("Cette vérification date de trop longtemps. Renvoyez le fichier.")
            )
            return render(request, "agents/agent_import.html", page, status=422)
        page |= _told(_run(request, lines, territoire, organisation, is_trial=False))
        return render(request, "agents/agent_import.html", page)
    form = page["form"] = AgentImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "agents/agent_import.html", page, status=422)
    lines = form.cleaned_data["file"]
    page |= _told(_run(request, lines, territoire, organisation, is_trial=True))
    good = {report.number for report in page["reports"] if not report.refusal}
    page["plan"] = (
        keep([line for line in lines if line.number in good], owner=owner) if good else ""
    )
    page["form"] = AgentImportForm()
    return render(request, "agents/agent_import.html", page)


def _run(
    request: Request,
    lines: list[ImportLine],
    territoire: Territoire,
    organisation: Organisation | None,
    *,
    is_trial: bool,
) -> list[LineReport]:
    return import_agents(
        lines=lines,
        territoire=territoire,
        here=organisation,
        actor=request.actor,
        now=timezone.now(),
        is_trial=is_trial,
    )


def _told(reports: list[LineReport]) -> dict[str, Any]:
    refused = [report for report in reports if report.refusal]
    return {
        "reports": reports,
        "refused": len(refused),
        "accepted": len(reports) - len(refused),
    }
