"""A workshop and its people: register, unregister, who came (E07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agents.permissions import Permission
from planning.policies import rdvs_for
from planning.queries.rdv_collectif import attendees, workshop_of, workshops_for
from planning.queries.rdv_list import rdv_rows
from planning.services.participation_register import WorkshopFull, register
from planning.views.agent_space import open_rdv, require_agent
from planning.views.rdv_draft.posted import row_of
from rdv.common.errors import DomainError
from usagers.policies import usagers_bookable
from usagers.queries.usager_detail import known_in
from usagers.queries.usager_search import found_usager, search_usagers
from usagers.services.search_trace import record_search

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from planning.models import Rdv
    from rdv.common.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def rdv_collectif_detail(request: Request, rdv_uuid: UUID) -> HttpResponse:
    """The page; a POST looks for somebody to register: no name stands in the URL."""
    now = timezone.now()
    rdv = open_rdv(request, workshops_for, Permission.RDV_READ, rdv_uuid, now=now)
    text = request.POST.get("nom", "").strip()[:120]
    context: dict[str, Any] = {"searched": text}
    if text:
        people = rdv.participations.active().values_list("usager", flat=True)
        context["found"] = found = search_usagers(
            text, actor=request.actor, organisation=rdv.organisation, without=list(people)
        )
        record_search(found, organisation=rdv.organisation, actor=request.actor, now=now)
    return _page(request, rdv, context)


@require_POST
def rdv_collectif_register(request: Request, rdv_uuid: UUID) -> HttpResponse:
    """Register `usager`; when the workshop is full, ask first (`surnombre`)."""
    now = timezone.now()
    rdv = open_rdv(request, workshops_for, Permission.RDV_EDIT, rdv_uuid, now=now)
    return register_one(request, rdv, request.POST.get("usager"))


def register_one(request: Request, rdv: Rdv, usager_uuid: str | None) -> HttpResponse:
    """Give the person a seat and go to the workshop; when it is full, its page asks."""
    usager = row_of(usagers_bookable(request.actor, rdv.organisation), usager_uuid)
    if usager is None:
        raise Http404
    try:
        done = register(
            rdv_id=rdv.pk,
            usager_ids=[usager.pk],
            actor=require_agent(request),
            now=timezone.now(),
            accepts_overbooking="surnombre" in request.POST,
        )
    except WorkshopFull as refusal:
        context = {"full": refusal.message, "waiting": found_usager(usager)}
        return _page(request, rdv, context, status=422)
    except DomainError as refusal:
        return _page(request, rdv, {"refusal": refusal.message}, status=422)
    words = _("%(name)s est inscrit(e).") if done.added else _("%(name)s était déjà inscrit(e).")
    messages.success(request, words % {"name": usager.full_name})
    return redirect("planning:rdv_collectif_detail", rdv.uuid)


def _page(request: Request, rdv: Rdv, extra: dict[str, Any], *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    may_edit = rdvs_for(request.actor, Permission.RDV_EDIT).filter(pk=rdv.pk).exists()
    people = attendees(rdv, now=now)
    context = {
        "organisation": rdv.organisation,
        "menu": "rdv_collectifs",
        "rdv": rdv,
        "workshop": workshop_of(rdv, now=now),
        "row": rdv_rows([rdv], actor=request.actor, now=now)[0],
        "people": people,
        "fiches": known_in(
            [person.participation.usager for person in people],
            actor=request.actor,
            organisation=rdv.organisation,
        ),
        "may_edit": may_edit,
        "searched": "",
        "found": [],
        "full": "",
        "waiting": None,
        "refusal": "",
        **extra,
    }
    return render(request, "planning/rdv_collectif_detail.html", context, status=status)
