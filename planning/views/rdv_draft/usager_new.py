"""Step 2, for somebody whom nobody knows yet: create the fiche and add the person (F01)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planning.queries.rdv_draft import USAGERS
from planning.services.rdv_draft_save import add_usager
from planning.views.agent_space import require_agent
from planning.views.rdv_draft.page import (
    already_booked,
    go_on,
    open_draft,
    step_context,
    to_step,
)
from planning.views.rdv_draft.posted import row_of
from rdv.common.errors import DomainError
from usagers.forms.usager_edit import UsagerForm
from usagers.policies import usagers_bookable
from usagers.queries.usager_duplicates import Duplicate, Identity, likely_duplicates
from usagers.services.usager_create import NewUsager, create_usager

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.queries.rdv_draft import Draft
    from rdv.common.http import Request
    from usagers.models import Usager

# A search typed "dupont léa": the last name comes first there.
NAMES = ("last_name", "first_name")


@require_http_methods(["GET", "POST"])
def rdv_draft_usager_new(
    request: Request, organisation_uuid: UUID, draft_uuid: UUID
) -> HttpResponse:
    """The blank form; `prefill` posts what was searched; a plain POST creates."""
    draft = open_draft(request, organisation_uuid, draft_uuid)
    booked = already_booked(request, draft)
    if booked:
        return booked
    responsable = _responsable(request, draft)
    if request.method == "GET" or "prefill" in request.POST:
        form = _form(draft, initial=_initial(request, responsable))
        return _page(request, draft, form, responsable, [])
    form = _form(draft, request.POST)
    duplicates: list[Duplicate] = []
    if form.is_valid():
        duplicates = _duplicates(request, draft, form)
        seen = set(request.POST.get("seen", "").split())
        if {str(found.person.uuid) for found in duplicates} <= seen:
            created = _create(request, draft, form, responsable)
            if created is not None:
                return created
    return _page(request, draft, form, responsable, duplicates)


def _form(draft: Draft, *args: Any, **kwargs: Any) -> UsagerForm:
    territoire = draft.organisation.territoire
    return UsagerForm(
        *args,
        switches=territoire.usager_fields,
        today=timezone.localdate(timezone=territoire.zone),
        has_notes=False,  # the page is short: somebody waits
        **kwargs,
    )


def _create(
    request: Request, draft: Draft, form: UsagerForm, responsable: Usager | None
) -> HttpResponse | None:
    now, actor = timezone.now(), require_agent(request)
    fields = NewUsager(**form.cleaned_data, responsable_id=responsable.pk if responsable else None)
    try:
        usager = create_usager(organisation=draft.organisation, fields=fields, actor=actor, now=now)
    except DomainError as refusal:
        form.add_refusal(refusal)
        return None
    add_usager(draft_id=draft.row.pk, usager_id=usager.pk, actor=actor, now=now)
    messages.success(request, _("La fiche de %(name)s est créée.") % {"name": usager.full_name})
    return to_step(draft, USAGERS) if draft.usagers else go_on(request, draft)


def _duplicates(request: Request, draft: Draft, form: UsagerForm) -> list[Duplicate]:
    names = ("first_name", "last_name", "birth_date", "email", "phone_number")
    typed = form.cleaned_data
    identity = Identity(**{name: typed[name] for name in names if name in typed})
    return likely_duplicates(identity, actor=request.actor, organisation=draft.organisation)


def _responsable(request: Request, draft: Draft) -> Usager | None:
    """Return the responsable that the page named; one that may not be is as if none was."""
    known = usagers_bookable(request.actor, draft.organisation).filter(is_known=True)
    found: Usager | None = row_of(known.filter(responsable=None), request.POST.get("responsable"))
    return found


def _initial(request: Request, responsable: Usager | None) -> dict[str, Any]:
    words = request.POST.get("q", "").split()
    if not words or any(letter in "@0123456789" for letter in "".join(words)):
        return {"last_name": responsable.last_name} if responsable else {}
    return dict(zip(NAMES, (words[0], " ".join(words[1:])), strict=True))


def _page(
    request: Request,
    draft: Draft,
    form: UsagerForm,
    responsable: Usager | None,
    duplicates: list[Duplicate],
) -> HttpResponse:
    context = step_context(
        draft,
        USAGERS,
        form=form,
        responsable=responsable,
        duplicates=duplicates,
        seen=" ".join(str(found.person.uuid) for found in duplicates),
    )
    status = 422 if form.errors or duplicates else 200
    return render(request, "planning/rdv_draft/usager_new.html", context, status=status)
