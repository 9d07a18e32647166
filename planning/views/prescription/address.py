"""Where the person lives, when who receives them depends on it (B04, G15, docs/adr/0020).

The address of the fiche is tried first; what is typed here is asked of the service and forgotten.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from planning.views.prescription.place import load_step
from rdv.common.rate_limits import Limit, count
from usagers.forms.address_answer import AddressQuestion
from usagers.forms.booking_address import OF_SOMEBODY
from usagers.queries.usager_search import found_usager

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.views.prescription.place import Step
    from rdv.common.http import Request
    from usagers.forms.address_answer import AddressAnswer

PER_ORGANISATION = Limit("prescription-address", times=600, seconds=3600)


@require_http_methods(["GET", "HEAD", "POST"])
def prescription_address(request: Request, organisation_uuid: UUID) -> HttpResponse:
    step = load_step(request, organisation_uuid)
    key = str(step.organisation.uuid)
    question = AddressQuestion(
        step.organisation.territoire,
        counts=lambda: count(PER_ORGANISATION, key),
        forms=OF_SOMEBODY,
    )
    known = _address_of(step)
    if request.method == "POST":
        answer = question.answer(request.POST)
        if answer.word:
            return _go_on(step, answer.word)
        return _page(request, step, answer)
    # Once it is answered, who comes back comes to change it.
    word = question.settled(known) if known and step.sectors is None else ""
    return _go_on(step, word) if word else _page(request, step, question.blank(known))


def _address_of(step: Step) -> str:
    """Return the address of the fiche, "" when the agent may not read it."""
    usager = step.usager
    if usager is None or not usager.is_known:
        return ""
    return str(usager.address or usager.to_notify.address)


def _go_on(step: Step, word: str) -> HttpResponse:
    is_chosen = step.site and step.starts_at and step.usager
    return redirect(step.url("confirm" if is_chosen else "search", secteur=word))


def _page(request: Request, step: Step, answer: AddressAnswer) -> HttpResponse:
    context = {
        "organisation": step.organisation,
        "menu": "slot_search",
        "step": step,
        "person": found_usager(step.usager) if step.usager else None,
        **answer.context(),
    }
    return render(request, "planning/prescription/address.html", context, status=answer.status)
