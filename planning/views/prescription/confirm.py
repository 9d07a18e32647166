"""The recap before sending somebody elsewhere; its button books (B04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from motifs.queries.sectors import refuses
from planning.queries.public_slots import is_free
from planning.services.participation_register import WorkshopFull
from planning.services.prescription_by_agent import (
    NotOfTheirSector,
    Sending,
    not_of_their_sector,
    prescribe_elsewhere,
)
from planning.services.rdv_book import SlotTaken, taken_message
from planning.views.agent_space import require_agent
from planning.views.prescription.place import load_step
from rdv.common.errors import DomainError
from rdv.common.french import instant_text
from usagers.queries.usager_search import found_usager

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.queries.prescription_search import Site
    from planning.views.prescription.place import Step
    from rdv.common.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def prescription_confirm(request: Request, organisation_uuid: UUID) -> HttpResponse:
    step = load_step(request, organisation_uuid)
    site, starts_at = step.site, step.starts_at
    if site is None or starts_at is None:
        return redirect(step.search_url)
    if step.usager is None:
        return redirect(step.url("usager"))
    if step.asks_address([site.motif]):
        return redirect(step.address_url)
    if request.method == "POST":
        return _book(request, step, site, starts_at)
    workshop_id = site.workshop.rdv.pk if site.workshop else None
    if refuses(site.motif, step.sector_ids, workshop_id=workshop_id):
        return _not_theirs(request, step)
    if not _is_open(step, site, starts_at):
        return _lost(request, step)
    return _page(request, step)


def _is_open(step: Step, site: Site, starts_at: datetime) -> bool:
    if site.workshop:
        return not site.workshop.seats.is_full
    return is_free(site.motif, site.lieu, starts_at, now=timezone.now(), sector_ids=step.sector_ids)


def _book(request: Request, step: Step, site: Site, starts_at: datetime) -> HttpResponse:
    sending = Sending(
        origin=step.organisation,
        motif_id=site.motif.pk,
        lieu_id=site.lieu.pk if site.lieu else None,
        starts_at=starts_at,
        usager_id=step.usager.pk,
        workshop_id=site.workshop.rdv.pk if site.workshop else None,
        sector_ids=step.sector_ids,
    )
    try:
        rdv = prescribe_elsewhere(sending=sending, actor=require_agent(request), now=timezone.now())
    except (SlotTaken, WorkshopFull):
        return _lost(request, step)
    except NotOfTheirSector:
        return _not_theirs(request, step)
    except DomainError as refusal:
        return _page(request, step, refusal=refusal.message, status=422)
    words = {
        "who": step.usager.full_name,
        "where": site.organisation.name,
        "when": instant_text(timezone.localtime(rdv.starts_at)),
    }
    messages.success(request, _("Le RDV de %(who)s est pris avec %(where)s : %(when)s.") % words)
    return redirect("planning:prescription_list", step.organisation.uuid)


def _lost(request: Request, step: Step) -> HttpResponse:
    full = _("Il ne reste plus de place à cette date. Choisissez-en une autre.")
    is_workshop = step.site is not None and step.site.workshop is not None
    if step.site is None or step.site.suspension is None:  # else the page says why
        messages.warning(request, full if is_workshop else taken_message())
    return redirect(step.search_url)


def _not_theirs(request: Request, step: Step) -> HttpResponse:
    messages.warning(request, not_of_their_sector())
    return redirect(step.search_url if step.site and step.site.workshop else step.sites_url)


def _page(request: Request, step: Step, *, refusal: str = "", status: int = 200) -> HttpResponse:
    context = {
        "organisation": step.organisation,
        "menu": "slot_search",
        "step": step,
        "site": step.site,
        "person": found_usager(step.usager),
        "knows_fiche": step.usager.is_known,
        "refusal": refusal,
    }
    return render(request, "planning/prescription/confirm.html", context, status=status)
