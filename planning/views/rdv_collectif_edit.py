"""Create, duplicate and edit a workshop (E07)."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from agents.permissions import Permission
from planning.forms.rdv_collectif import WorkshopForm
from planning.queries.rdv_collectif import (
    collective_motifs,
    likely_choices,
    workshop_agents,
    workshop_lieux,
    workshops_for,
)
from planning.queries.rdv_warnings import Kind, Proposal, warnings_for
from planning.services.rdv_create import NewRdv, create_rdv
from planning.services.rdv_edit import OneOffLieu, RdvFields, edit_rdv
from planning.views.agent_space import open_organisation, open_rdv, require_agent
from rdv.common.access import get_or_deny
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from django.http import HttpResponse

    from agents.models import Organisation
    from motifs.models import Lieu
    from planning.models import Rdv
    from planning.queries.rdv_warnings import RdvWarning
    from rdv.common.http import Request


@require_http_methods(["GET", "HEAD", "POST"])
def rdv_collectif_create(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """`?copie=` takes everything from another workshop, but its people."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CREATE)
    form = _form(request, organisation, _initial_of_new(request, organisation))
    warnings: list[RdvWarning] = []
    if form.is_valid():
        warnings = _unconfirmed(request, form, organisation)
        if not warnings:
            try:
                rdv = _create(request, form, organisation)
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("Le RDV collectif est créé."))
                return redirect("planning:rdv_collectif_detail", rdv.uuid)
    return _page(request, form, organisation, warnings, rdv=None)


@require_http_methods(["GET", "HEAD", "POST"])
def rdv_collectif_edit(request: Request, rdv_uuid: UUID) -> HttpResponse:
    now = timezone.now()
    rdv = open_rdv(request, workshops_for, Permission.RDV_EDIT, rdv_uuid, now=now)
    form = _form(request, rdv.organisation, {**_initial(rdv), "notifies": True}, rdv=rdv)
    warnings: list[RdvWarning] = []
    if form.is_valid():
        warnings = _unconfirmed(request, form, rdv.organisation, rdv=rdv)
        if not warnings:
            try:
                _edit(request, form, rdv)
            except DomainError as refusal:
                form.add_refusal(refusal)
            else:
                messages.success(request, _("Le RDV collectif est enregistré."))
                return redirect("planning:rdv_collectif_detail", rdv.uuid)
    return _page(request, form, rdv.organisation, warnings, rdv=rdv)


def _create(request: Request, form: WorkshopForm, organisation: Organisation) -> Rdv:
    data = form.cleaned_data
    starts_at, ends_at = form.hours()
    return create_rdv(
        fields=NewRdv(
            organisation_id=organisation.pk,
            motif_id=data["motif"].pk,
            starts_at=starts_at,
            ends_at=ends_at,
            agent_ids=tuple(agent.pk for agent in data["agents"]),
            context=data.get("context", ""),
            title=data["title"],
            seats_total=data["seats_total"],
            accepts_overlap=bool(data["confirmed"]),
            **form.place(),
        ),
        actor=request.actor,
        now=timezone.now(),
    )


def _edit(request: Request, form: WorkshopForm, rdv: Rdv) -> None:
    data, place = form.cleaned_data, form.place()
    starts_at, ends_at = form.hours()
    one_off = None
    if place["lieu_id"] is None:
        one_off = OneOffLieu(place["lieu_name"], place["lieu_address"])
    edit_rdv(
        rdv_id=rdv.pk,
        fields=RdvFields(
            starts_at=starts_at,
            ends_at=ends_at,
            lieu_id=place["lieu_id"],
            one_off_lieu=one_off,
            agent_ids=frozenset(agent.pk for agent in data["agents"]),
            title=data["title"],
            context=data.get("context"),
            seats_total=data["seats_total"],
            is_unlimited=data["seats_total"] is None,
        ),
        actor=require_agent(request),
        now=timezone.now(),
        notifies=data["notifies"],
        accepts_overlap=bool(data["confirmed"]),
    )


def _form(
    request: Request,
    organisation: Organisation,
    initial: dict[str, Any],
    *,
    rdv: Rdv | None = None,
) -> WorkshopForm:
    form = WorkshopForm(
        request.POST if request.method == "POST" else None,
        initial=initial,
        motifs=collective_motifs(request.actor, organisation),
        agents=workshop_agents(request.actor, organisation),
        lieux=workshop_lieux(request.actor, organisation),
        zone=organisation.territoire.zone,
        shows_context=organisation.territoire.shows_rdv_context,
    )
    if rdv:
        del form.fields["motif"]
    else:
        del form.fields["notifies"]
    return form


def _initial_of_new(request: Request, organisation: Organisation) -> dict[str, Any]:
    if "copie" in request.GET:
        try:
            uuid = UUID(request.GET["copie"])
        except ValueError as error:
            raise Http404 from error
        return _initial(get_or_deny(workshops_for, request.actor, Permission.RDV_READ, uuid=uuid))
    motif, lieu = likely_choices(request.actor, organisation)
    return {
        "motif": request.GET.get("motif", "") or (motif and motif.uuid),
        "lieu": lieu and lieu.uuid,
        "day": request.GET.get("jour") or timezone.localdate(),
        "start": request.GET.get("debut") or "14:00",
        "duration": 120,
        "agents": [request.user.agent.uuid],
    }


def _initial(rdv: Rdv) -> dict[str, Any]:
    start = timezone.localtime(rdv.starts_at)
    lieu: Lieu | None = rdv.lieu
    is_open = lieu is not None and lieu.availability == "open"
    return {
        "motif": rdv.motif.uuid,
        "title": rdv.title,
        "day": start.date(),
        "start": start.time(),
        "duration": rdv.duration_minutes,
        "seats_total": rdv.seats_total,
        "agents": [agent.uuid for agent in rdv.agents.all()],
        "lieu": lieu.uuid if lieu and is_open else None,
        "lieu_name": lieu.name if lieu and not is_open else "",
        "lieu_address": lieu.address if lieu and not is_open else "",
        "context": rdv.context,
    }


def _unconfirmed(
    request: Request, form: WorkshopForm, organisation: Organisation, *, rdv: Rdv | None = None
) -> list[RdvWarning]:
    """Return what must be confirmed on purpose; nothing when it is exactly what was confirmed."""
    data, place = form.cleaned_data, form.place()
    starts_at, ends_at = form.hours()
    agents = tuple(sorted(agent.pk for agent in data["agents"]))
    if rdv and _same_time(rdv, starts_at, ends_at, agents):
        return []
    proposal = Proposal(
        organisation=organisation,
        motif=rdv.motif if rdv else data["motif"],
        starts_at=starts_at,
        ends_at=ends_at,
        lieu_id=place["lieu_id"],
        agent_ids=agents,
        usager_ids=(),
        rdv_id=rdv.pk if rdv else None,
    )
    found = warnings_for(proposal, actor=request.actor, now=timezone.now())
    digest = sha256("\n".join(warning.text for warning in found).encode()).hexdigest()[:16]
    if found and data["confirmed"] != digest:
        typed = request.POST.copy()
        typed["confirmed"] = digest
        form.data = typed
        return found
    if not any(warning.kind == Kind.OVERLAP for warning in found):
        data["confirmed"] = ""  # no overlap was shown: none is accepted
    return []


def _same_time(rdv: Rdv, starts_at: Any, ends_at: Any, agents: tuple[int, ...]) -> bool:
    now = (rdv.starts_at, rdv.ends_at, tuple(sorted(agent.pk for agent in rdv.agents.all())))
    return now == (starts_at, ends_at, agents)


def _page(
    request: Request,
    form: WorkshopForm,
    organisation: Organisation,
    warnings: list[RdvWarning],
    *,
    rdv: Rdv | None,
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "menu": "rdv_collectifs",
        "form": form,
        "rdv": rdv,
        "warnings": warnings,
        "has_motif": rdv is not None or form.fields["motif"].queryset.exists(),  # type: ignore[attr-defined]
    }
    status = 422 if form.errors else 200
    return render(request, "planning/rdv_collectif_edit.html", context, status=status)
