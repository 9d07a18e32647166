"""The fiche of a person (F02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.territoire_menu import may_in_territoire
from planning.queries.prescription_search import may_prescribe
from planning.queries.usager_rdvs import rdvs_of_fiche
from usagers.policies import fiches_of
from usagers.queries.blocked_addresses import blocked_addresses, may_clear_in
from usagers.queries.usager_detail import fiche_of, known_in
from usagers.queries.usager_merged import kept_fiche
from usagers.views.fiche.space import (
    open_fiche,
    open_organisation,
    record_look_at,
    record_masked,
    today_of,
)

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def usager_detail(request: Request, organisation_uuid: UUID, usager_uuid: UUID) -> HttpResponse:
    """The page; the address of a fiche that was merged leads to the one that was kept."""
    try:
        organisation, usager = open_fiche(
            request, organisation_uuid, usager_uuid, Permission.USAGER_READ
        )
    except Http404:
        organisation = open_organisation(request, organisation_uuid, Permission.USAGER_READ)
        kept = kept_fiche(usager_uuid, actor=request.actor, organisation=organisation)
        if kept is None:
            raise
        return redirect("usagers:usager_detail", organisation.uuid, kept.uuid)
    now = timezone.now()
    record_look_at(request, organisation, usager, now)
    fiche = fiche_of(
        usager, actor=request.actor, organisation=organisation, today=today_of(organisation)
    )
    if any(person.is_masked for person in fiche.sharing_phone):
        record_masked(request, organisation, now)
    editable = fiches_of(request.actor, Permission.USAGER_EDIT, organisation)
    family = [usager.responsable] if usager.responsable else []
    context = {
        "organisation": organisation,
        "menu": "usagers",
        "usager": usager,
        "fiche": fiche,
        "may_prescribe": may_prescribe(request.actor, organisation),
        "may_edit": editable.filter(pk=usager.pk).exists(),
        "may_erase": may_in_territoire(
            request.actor, organisation.territoire, Permission.USAGER_ERASE
        ),
        "opens_responsable": bool(known_in(family, actor=request.actor, organisation=organisation)),
        "blocked": blocked_addresses(usager),
        "may_clear": may_clear_in(request.actor, organisation),
        "rdvs": rdvs_of_fiche(usager, actor=request.actor, now=now, page=request.GET.get("page")),
    }
    return render(request, "usagers/fiche/usager_detail.html", context)
