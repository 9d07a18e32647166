"""« Fusionner deux usagers » (F03): two columns; what is typed to find somebody is posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.services.usager_merge import merge_usagers, versions_of
from rdv.common.errors import DomainError
from usagers.forms.usager_merge import UsagerMergeForm
from usagers.policies import fiches_of
from usagers.queries.usager_merge import merge_rows
from usagers.queries.usager_search import search_usagers
from usagers.views.fiche.space import (
    open_organisation,
    record_look_at,
    record_masked,
    row_of,
    today_of,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from rdv.common.http import Request
    from usagers.models import Usager


@require_http_methods(["GET", "HEAD", "POST"])
def usager_merge(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """`gauche` is the fiche that stays, `droite` the one that goes into it."""
    organisation = open_organisation(request, organisation_uuid, Permission.USAGER_EDIT)
    left = _person(request, organisation, "gauche")
    right = _person(request, organisation, "droite")
    if left is not None and left == right:
        right = None
    if left is None or right is None:
        return _choose(request, organisation, left, right)
    now = timezone.now()
    record_look_at(request, organisation, left, now)
    record_look_at(request, organisation, right, now)
    rows = merge_rows(left, right, organisation=organisation, today=today_of(organisation))
    merges = request.method == "POST" and "fusionner" in request.POST
    form = UsagerMergeForm(request.POST if merges else None, rows=rows)
    if form.is_valid():
        try:
            kept = merge_usagers(
                kept_id=left.pk,
                absorbed_id=right.pk,
                choices=form.cleaned_data,
                seen=request.POST.get("seen", ""),
                organisation=organisation,
                actor=request.actor,
                now=now,
            )
        except DomainError as refusal:
            form.add_refusal(refusal)
        else:
            done = _("Les deux fiches n’en font plus qu’une : %(name)s.")
            messages.success(request, done % {"name": kept.full_name})
            return redirect("usagers:usager_detail", organisation.uuid, kept.uuid)
    context = _context(organisation, left, right)
    context |= {"form": form, "seen": versions_of(left, right)}
    status = 422 if form.errors else 200
    return render(request, "usagers/fiche/usager_merge.html", context, status=status)


def _person(request: Request, organisation: Organisation, side: str) -> Usager | None:
    """Return the person named by the page; one whom the actor may not change is 404."""
    asked = request.POST.get(side) or request.GET.get(side, "")
    if not asked:
        return None
    rows = fiches_of(request.actor, Permission.USAGER_EDIT, organisation)
    person = row_of(rows.select_related("responsable"), asked)
    if person is None:
        raise Http404
    return person


def _choose(
    request: Request, organisation: Organisation, left: Usager | None, right: Usager | None
) -> HttpResponse:
    side = "gauche" if left is None else "droite"
    text = request.POST.get("q", "").strip()[:120]
    chosen = [row.pk for row in (left, right) if row is not None]
    found = (
        search_usagers(text, actor=request.actor, organisation=organisation, without=chosen)
        if text
        else []
    )
    if any(person.is_masked for person in found):
        record_masked(request, organisation, timezone.now())
    context = _context(organisation, left, right)
    context |= {"side": side, "text": text, "found": found}
    return render(request, "usagers/fiche/usager_merge_choice.html", context)


def _context(
    organisation: Organisation, left: Usager | None, right: Usager | None
) -> dict[str, Any]:
    return {"organisation": organisation, "menu": "usagers", "left": left, "right": right}
