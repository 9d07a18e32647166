"""Zones of a file: a trial says what it would do, then the real run (G15)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from agents.forms.sector_import import SectorImportForm, keep, kept
from agents.permissions import Permission
from agents.services.sector_import import import_zones
from agents.views.account import agent_actor_or_403
from agents.views.sector_list import MENU
from agents.views.territoire_page import territoire_page
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Territoire
    from agents.services.sector_import import ZoneImport, ZoneLine
    from rdv.common.http import Request

SHOWN = 200


@require_http_methods(["GET", "POST"])
def sector_import(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    owner = [agent_actor_or_403(request).agent_id, str(territoire.uuid)]
    if request.method != "POST":
        return _page(request, territoire, SectorImportForm())
    if "plan" in request.POST:
        return _for_good(request, territoire, kept(request.POST["plan"], owner=owner))
    form = SectorImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, territoire, form)
    lines = form.cleaned_data["file"]
    try:
        report = _run(request, territoire, lines, is_trial=True)
    except DomainError as refusal:
        form.add_refusal(refusal)
        return _page(request, territoire, form)
    plan = "" if report.errors else keep(lines, owner=owner)
    return _page(request, territoire, SectorImportForm(), report=report, plan=plan)


def _for_good(
    request: Request, territoire: Territoire, lines: list[ZoneLine] | None
) -> HttpResponse:
    form = SectorImportForm({})
    if lines is None:
        form.add_error(None, _("Cette vérification date de trop longtemps. Renvoyez le fichier."))
        return _page(request, territoire, form)
    try:
        report = _run(request, territoire, lines, is_trial=False)
    except DomainError as refusal:
        form.add_refusal(refusal)
        return _page(request, territoire, form)
    if report.errors:  # something changed since the trial
        return _page(request, territoire, SectorImportForm(), report=report)
    told = ngettext("%(n)s zone enregistrée.", "%(n)s zones enregistrées.", report.total)
    messages.success(request, told % {"n": report.total})
    return redirect("agents:sector_list", territoire.uuid)


def _run(
    request: Request, territoire: Territoire, lines: list[ZoneLine], *, is_trial: bool
) -> ZoneImport:
    return import_zones(
        lines=lines,
        territoire_id=territoire.pk,
        actor=request.actor,
        now=timezone.now(),
        is_trial=is_trial,
    )


def _page(
    request: Request,
    territoire: Territoire,
    form: SectorImportForm,
    *,
    report: ZoneImport | None = None,
    plan: str = "",
) -> HttpResponse:
    errors = report.errors if report else ()
    context: dict[str, Any] = {
        "territoire": territoire,
        "menu": MENU,
        "form": form,
        "report": report,
        "errors": errors[:SHOWN],
        "error_count": len(errors),
        "plan": plan,
    }
    status = 422 if errors or form.errors else 200
    return render(request, "agents/sector_import.html", context, status=status)
