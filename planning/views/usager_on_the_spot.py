"""A fiche created without leaving what one was doing: a RDV under preparation, a workshop (F01)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.utils import timezone
from django.utils.translation import gettext as _

from planning.views.rdv_draft.posted import row_of
from rdv.common.errors import DomainError
from usagers.forms.usager_edit import UsagerForm
from usagers.policies import usagers_bookable
from usagers.queries.usager_duplicates import Duplicate, Identity, likely_duplicates
from usagers.services.search_trace import record_search
from usagers.services.usager_create import NewUsager, create_usager

if TYPE_CHECKING:
    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.models import Usager

# A search typed "dupont léa": the last name comes first there.
NAMES = ("last_name", "first_name")


@dataclass
class NewPerson:
    """The form as posted, or blank. `is_ready`: valid, and its likely duplicates were shown."""

    form: UsagerForm
    responsable: Usager | None
    duplicates: list[Duplicate]
    is_ready: bool

    def context(self) -> dict[str, Any]:
        return {
            "form": self.form,
            "responsable": self.responsable,
            "duplicates": self.duplicates,
            "seen": " ".join(str(found.person.uuid) for found in self.duplicates),
        }

    @property
    def status(self) -> int:
        return 422 if self.form.errors or self.duplicates else 200


def new_person(request: Request, organisation: Organisation) -> NewPerson:
    """Read the page: blank, filled with what was searched (`prefill`), or posted to be created.

    The search comes as `q` or `nom`, the name of its field.
    """
    responsable = _responsable(request, organisation)
    if request.method == "GET" or "prefill" in request.POST:
        form = _form(organisation, initial=_initial(request, responsable))
        return NewPerson(form, responsable, [], is_ready=False)
    form = _form(organisation, request.POST)
    if not form.is_valid():
        return NewPerson(form, responsable, [], is_ready=False)
    duplicates = _duplicates(request, organisation, form)
    shown = {str(found.person.uuid) for found in duplicates}
    seen = set(request.POST.get("seen", "").split())
    return NewPerson(form, responsable, duplicates, is_ready=shown <= seen)


def _form(organisation: Organisation, *args: Any, **kwargs: Any) -> UsagerForm:
    territoire = organisation.territoire
    return UsagerForm(
        *args,
        switches=territoire.usager_fields,
        today=timezone.localdate(timezone=territoire.zone),
        has_notes=False,  # the page is short: somebody waits
        **kwargs,
    )


def create_new_person(
    request: Request, organisation: Organisation, page: NewPerson
) -> Usager | None:
    """Create the fiche and say so; None when that is refused, which the form then says."""
    responsable_id = page.responsable.pk if page.responsable else None
    fields = NewUsager(**page.form.cleaned_data, responsable_id=responsable_id)
    now = timezone.now()
    try:
        usager = create_usager(
            organisation=organisation, fields=fields, actor=request.actor, now=now
        )
    except DomainError as refusal:
        page.form.add_refusal(refusal)
        return None
    messages.success(request, _("La fiche de %(name)s est créée.") % {"name": usager.full_name})
    return usager


def _duplicates(request: Request, organisation: Organisation, form: UsagerForm) -> list[Duplicate]:
    names = ("first_name", "last_name", "birth_date", "email", "phone_number")
    typed = form.cleaned_data
    identity = Identity(**{name: typed[name] for name in names if name in typed})
    found = likely_duplicates(identity, actor=request.actor, organisation=organisation)
    shown = [one.person for one in found]
    record_search(shown, organisation=organisation, actor=request.actor, now=timezone.now())
    return found


def _responsable(request: Request, organisation: Organisation) -> Usager | None:
    """Return the responsable that the page named; one that may not be is as if none was."""
    known = usagers_bookable(request.actor, organisation).filter(is_known=True)
    found: Usager | None = row_of(known.filter(responsable=None), request.POST.get("responsable"))
    return found


def _initial(request: Request, responsable: Usager | None) -> dict[str, Any]:
    words = (request.POST.get("q") or request.POST.get("nom", "")).split()
    if not words or any(letter in "@0123456789" for letter in "".join(words)):
        return {"last_name": responsable.last_name} if responsable else {}
    return dict(zip(NAMES, (words[0], " ".join(words[1:])), strict=True))
