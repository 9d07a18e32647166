"""Another member of the family comes; somebody who left a workshop comes back (A07, A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.services.rdv_change_person import change_person
from rdv.common.errors import DomainError
from usagers.forms.rdv_person import PersonForm
from usagers.queries.own_fiches import family_of
from usagers.views.espace.access import own_rdv, rdv_context, usager_required
from usagers.views.espace.account import own

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from rdv.common.http import Request
    from usagers.models import Usager


@usager_required
@require_http_methods(["GET", "HEAD", "POST"])
def rdv_person(request: Request, rdv_uuid: UUID) -> HttpResponse:
    rdv = own_rdv(request, Permission.RDV_EDIT, rdv_uuid)
    now = timezone.now()
    coming = [row for row in rdv.family if not row.is_cancelled]  # type: ignore[attr-defined]
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        family=_candidates(request, rdv),
        coming=coming if not rdv.motif.is_collective else coming[:1],
    )
    status = 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                change_person(
                    rdv_id=rdv.pk,
                    usager_id=form.person().pk,
                    actor=own(request),
                    now=now,
                    leaving_uuid=form.leaving(),
                )
            except DomainError as refusal:
                form.add_error(None, refusal.message)
            else:
                messages.success(request, _("C’est enregistré. Le service est prévenu."))
                return redirect("usagers:rdv_detail", rdv.uuid)
    context = rdv_context(rdv, now=now) | {"form": form, "coming": coming}
    return render(request, "usagers/espace/rdv_person.html", context, status=status)


def _candidates(request: Request, rdv: Rdv) -> list[Usager]:
    """Return the family of the territoire, but those who come."""
    there = {row.usager_id for row in rdv.family if not row.is_cancelled}  # type: ignore[attr-defined]
    family = family_of(request.actor, Permission.USAGER_READ, rdv.organisation.territoire)
    return [person for person in family if person.pk not in there]
