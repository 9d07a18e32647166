"""Change a fiche (F02): what is certified, or the person's own, is shown and locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from rdv.common.errors import DomainError
from rdv.common.phones import national
from usagers.forms.usager_edit import UsagerEditForm
from usagers.queries.usager_detail import notes_of
from usagers.queries.usager_duplicates import fiche_of_email
from usagers.services.usager_edit import FicheChanged, update_usager, version_of
from usagers.services.usager_fields import COLUMNS, EmailTaken, NewUsager
from usagers.views.fiche.space import open_fiche, record_look_at, record_masked, today_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.models import Usager
    from usagers.queries.usager_duplicates import Duplicate


@require_http_methods(["GET", "HEAD", "POST"])
def usager_edit(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    organisation, usager = open_fiche(
        request, organisation_uuid, usager_uuid, Permission.USAGER_EDIT
    )
    record_look_at(request, organisation, usager, timezone.now())
    form = _form(request, organisation, usager)
    duplicates: list[Duplicate] = []
    if form.is_valid():
        try:
            _save(request, organisation, usager, form)
        except EmailTaken as refusal:
            duplicates = _same_address(request, organisation, form.cleaned_data["email"])
            form.add_refusal(refusal)
        except FicheChanged as refusal:
            form.add_refusal(refusal)
            usager.refresh_from_db()
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            messages.success(request, _("La fiche est enregistrée."))
            return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "usager": usager,
        "form": form,
        "version": version_of(usager),
        "duplicates": duplicates,
        "is_preview": False,
    }
    status = 422 if form.errors else 200
    return render(request, "usagers/fiche/usager_edit.html", context, status=status)


def _form(request: Request, organisation: Organisation, usager: Usager) -> UsagerEditForm:
    notes = notes_of(usager, organisation)
    initial: dict[str, Any] = {name: getattr(usager, name) for name in COLUMNS}
    initial["phone_number"] = national(str(usager.phone_number)) if usager.phone_number else ""
    return UsagerEditForm(
        request.POST if request.method == "POST" else None,
        initial={**initial, "notes": notes or ""},
        usager=usager,
        switches=organisation.territoire.usager_fields,
        today=today_of(organisation),
        has_notes=notes is not None,
    )


def _save(
    request: Request, organisation: Organisation, usager: Usager, form: UsagerEditForm
) -> None:
    """A proche's preferences, which the form does not hold, stay as they are."""
    kept = {name: getattr(usager, name) for name in ("notifies_by_email", "notifies_by_sms")}
    fields = NewUsager(**{**kept, **form.cleaned_data})
    update_usager(
        usager_id=usager.pk,
        organisation=organisation,
        fields=fields,
        seen=request.POST.get("seen", ""),
        actor=request.actor,
        now=timezone.now(),
    )


def _same_address(request: Request, organisation: Organisation, email: str) -> list[Duplicate]:
    found = fiche_of_email(email, actor=request.actor, organisation=organisation)
    if found is not None and found.person.is_masked:
        record_masked(request, organisation, timezone.now())
    return [found] if found else []
