"""Import the usagers of a file: a trial says what each line would do, then the real run (G14)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.permissions import AgentActor, Permission
from usagers.forms.usager_import import UsagerImportForm, keep, kept
from usagers.services.usager_import import Outcome, columns_taken, import_usagers
from usagers.views.fiche.space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.services.usager_import import UsagerLine, UsagerReport

_LABELS = {
    "last_name": gettext_lazy("nom"),
    "first_name": gettext_lazy("prénom"),
    "birth_name": gettext_lazy("nom de naissance"),
    "birth_date": gettext_lazy("date de naissance"),
    "email": gettext_lazy("e-mail"),
    "phone_number": gettext_lazy("téléphone"),
    "address": gettext_lazy("adresse"),
    "post_code": gettext_lazy("code postal"),
    "city_name": gettext_lazy("commune"),
    "affiliation_number": gettext_lazy("numéro d’allocataire"),
    "case_number": gettext_lazy("numéro de dossier"),
    "notes": gettext_lazy("notes"),
}


@never_cache
@require_http_methods(["GET", "POST"])
def usager_import(request: Request, organisation_uuid: UUID) -> HttpResponse:
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_IMPORT)
    if not isinstance(request.actor, AgentActor):
        raise Http404
    owner = [request.actor.agent_id, str(organisation.uuid)]
    page: dict[str, Any] = {
        "organisation": organisation,
        "menu": "usagers",
        "form": UsagerImportForm(),
        "columns": [_LABELS[name] for name in columns_taken(organisation)],
        "reports": None,
        "plan": "",
    }
    if request.method != "POST":
        return _page(request, page)
    if "plan" in request.POST:
        lines = kept(request.POST["plan"], owner=owner)
        if lines is None:
            page["form"].cleaned_data = {}  # nothing was sent: add_error looks there
            page["form"].add_error(
                None, _("Cette vérification date de trop longtemps. Renvoyez le fichier.")
            )
            return _page(request, page, status=422)
        return _page(request, page | _told(_run(request, lines, organisation, is_trial=False)))
    form = page["form"] = UsagerImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, page, status=422)
    lines = form.cleaned_data["file"]
    page |= _told(_run(request, lines, organisation, is_trial=True))
    good = {row.number for row in page["reports"] if row.outcome == Outcome.NEW}
    chosen = [line for line in lines if line.number in good]
    page |= {"plan": keep(chosen, owner=owner) if chosen else "", "form": UsagerImportForm()}
    return _page(request, page)


def _page(request: Request, page: dict[str, Any], *, status: int = 200) -> HttpResponse:
    return render(request, "usagers/fiche/usager_import.html", page, status=status)


def _run(
    request: Request, lines: list[UsagerLine], organisation: Organisation, *, is_trial: bool
) -> list[UsagerReport]:
    return import_usagers(
        lines=lines,
        organisation=organisation,
        actor=request.actor,
        now=timezone.now(),
        is_trial=is_trial,
    )


def _told(reports: list[UsagerReport]) -> dict[str, Any]:
    accepted = sum(report.outcome == Outcome.NEW for report in reports)
    return {"reports": reports, "accepted": accepted, "left": len(reports) - accepted}
