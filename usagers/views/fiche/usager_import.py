"""Import the usagers of a file: choose it; the page of its report follows (G14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from rdv.common.errors import DomainError
from usagers.forms.usager_import import UsagerImportForm
from usagers.queries.usager_import_report import recent_imports
from usagers.services.usager_import_lines import columns_taken
from usagers.services.usager_import_run import start_import
from usagers.views.fiche.space import open_organisation

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request

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
    form = UsagerImportForm()
    if request.method == "POST":
        form = UsagerImportForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                sent = start_import(
                    lines=form.cleaned_data["file"],
                    organisation=organisation,
                    actor=request.actor,
                    now=timezone.now(),
                )
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                return redirect("usagers:usager_import_report", organisation.uuid, sent.uuid)
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "form": form,
        "recent": recent_imports(request.actor, organisation),
        "columns": [_LABELS[name] for name in columns_taken(organisation)],
    }
    status = 422 if form.errors else 200
    return render(request, "usagers/fiche/usager_import.html", context, status=status)
