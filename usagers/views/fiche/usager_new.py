"""« Créer un usager » (F01): likely duplicates are shown while typing, and before saving."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from rdv.common.errors import DomainError
from usagers.forms.usager_create import ALONE, PROCHE, UsagerCreateForm
from usagers.policies import fiches_of
from usagers.queries.usager_duplicates import Duplicate, Identity, likely_duplicates
from usagers.queries.usager_search import in_full, search_usagers
from usagers.services.usager_create import NewUsager, create_usager
from usagers.views.fiche.space import open_organisation, record_masked, row_of, today_of

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.models import Usager
    from usagers.queries.usager_search import FoundUsager

IDENTITY = ("first_name", "last_name", "birth_date", "email", "phone_number")
OF_RESPONSABLE = "responsable_"
OWN_NAMES = tuple(NewUsager.__dataclass_fields__)


@require_http_methods(["GET", "HEAD", "POST"])
def usager_new(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """The form; `chercher` looks for a responsable and saves nothing, htmx asks for duplicates.

    `?responsable=` prepares the fiche of a proche.
    """
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_EDIT)
    if request.method != "POST":
        return _blank(request, organisation)
    form = _form(request, organisation, request.POST)
    if request.htmx:  # type: ignore[attr-defined]
        return _preview(request, organisation, form)
    if "chercher" in request.POST:
        return _page(request, organisation, form, [], is_search=True)
    duplicates: list[Duplicate] = []
    if form.is_valid():
        duplicates = _duplicates(request, organisation, form)
        seen = set(request.POST.get("seen", "").split())
        is_new = {str(found.person.uuid) for found in duplicates} <= seen
        if is_new or not duplicates:
            created = _create(request, organisation, form)
            if created is not None:
                return created
    return _page(request, organisation, form, duplicates)


def _blank(request: Request, organisation: Organisation) -> HttpResponse:
    rows = fiches_of(request.actor, Permission.USAGER_EDIT, organisation)
    head = row_of(rows.filter(responsable=None, is_known=True), request.GET.get("responsable"))
    initial = {"kind": ALONE}
    if head is not None:
        initial = {"kind": PROCHE, "responsable": str(head.uuid), "last_name": head.last_name}
    found = [in_full(head)] if head is not None else []
    form = _form(request, organisation, initial=initial, found=found)
    return _page(request, organisation, form, [])


def _form(
    request: Request,
    organisation: Organisation,
    *args: Any,
    found: list[FoundUsager] | None = None,
    **kwargs: Any,
) -> UsagerCreateForm:
    return UsagerCreateForm(
        *args,
        switches=organisation.territoire.usager_fields,
        today=today_of(organisation),
        found=_responsables(request, organisation) if found is None else found,
        **kwargs,
    )


def _responsables(request: Request, organisation: Organisation) -> list[FoundUsager]:
    """Return those that may be chosen: the one chosen before, then those found, known here."""
    rows = fiches_of(request.actor, Permission.USAGER_EDIT, organisation)
    rows = rows.filter(responsable=None, is_known=True).select_related("responsable")
    chosen = row_of(rows, request.POST.get("responsable"))
    text = request.POST.get("responsable_search", "").strip()
    found = search_usagers(text, actor=request.actor, organisation=organisation) if text else []
    heads = [person for person in found if not person.is_masked and not person.responsable]
    if chosen is None:
        return heads
    return [in_full(chosen), *(person for person in heads if person.uuid != chosen.uuid)]


def _duplicates(
    request: Request, organisation: Organisation, form: UsagerCreateForm
) -> list[Duplicate]:
    typed = form.cleaned_data
    values = {name: typed[name] for name in IDENTITY if name in typed}
    identity = Identity(**{"first_name": "", "last_name": "", **values})
    found = likely_duplicates(identity, actor=request.actor, organisation=organisation)
    if any(one.person.is_masked for one in found):
        record_masked(request, organisation, timezone.now())
    return found


def _preview(request: Request, organisation: Organisation, form: UsagerCreateForm) -> HttpResponse:
    """Answer what is already likely, of a form that is still being filled in."""
    form.full_clean()
    context = {
        "organisation": organisation,
        "duplicates": _duplicates(request, organisation, form),
        "is_preview": True,
    }
    return render(request, "usagers/fiche/_duplicates.html", context)


def _create(
    request: Request, organisation: Organisation, form: UsagerCreateForm
) -> HttpResponse | None:
    typed = form.cleaned_data
    responsable, new_responsable = None, None
    if typed["kind"] == PROCHE:
        responsable = _chosen(request, organisation, typed["responsable"])
        if responsable is None:
            new_responsable = _new_responsable(typed)
    fields = NewUsager(
        **{name: typed[name] for name in OWN_NAMES if name in typed},
        responsable_id=responsable.pk if responsable else None,
    )
    try:
        usager = create_usager(
            organisation=organisation,
            fields=fields,
            new_responsable=new_responsable,
            actor=request.actor,
            now=timezone.now(),
        )
    except DomainError as refusal:
        form.add_refusal(refusal)
        return None
    messages.success(request, _("La fiche de %(name)s est créée.") % {"name": usager.full_name})
    return redirect("usagers:usager_detail", organisation.uuid, usager.uuid)


def _chosen(request: Request, organisation: Organisation, uuid: str) -> Usager | None:
    rows = fiches_of(request.actor, Permission.USAGER_EDIT, organisation)
    return row_of(rows.filter(responsable=None, is_known=True), uuid)


def _new_responsable(typed: dict[str, Any]) -> NewUsager:
    names = ("last_name", "first_name", "phone_number", "email")
    return NewUsager(**{name: typed[f"{OF_RESPONSABLE}{name}"] for name in names})


def _page(
    request: Request,
    organisation: Organisation,
    form: UsagerCreateForm,
    duplicates: list[Duplicate],
    *,
    is_search: bool = False,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "form": form,
        "is_search": is_search,
        "duplicates": duplicates,
        "is_preview": False,
        "is_blocked": any(found.is_blocking for found in duplicates),
        "seen": " ".join(str(one.person.uuid) for one in duplicates if not one.is_blocking),
    }
    status = 422 if not is_search and (form.errors or duplicates) else 200
    return render(request, "usagers/fiche/usager_new.html", context, status=status)
