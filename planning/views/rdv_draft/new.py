"""Begin a RDV with what another page knows: a time, a créneau, a fiche, a RDV to repeat (E05)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.views.decorators.http import require_POST

from agents.permissions import Permission
from motifs.models import Availability
from planning.policies import rdv_drafts_for
from planning.queries.rdv_detail import rdvs_in_full
from planning.queries.rdv_draft import (
    bookable_agents,
    open_lieux,
    read_draft,
    usable_motifs,
)
from planning.rules.rdv_draft import DraftContent
from planning.rules.status import ACTIVE
from planning.services.rdv_draft_save import DraftGone, change_rdv_draft, start_rdv_draft
from planning.views.agent_space import open_organisation, require_agent
from planning.views.rdv_draft.page import to_step
from planning.views.rdv_draft.posted import instant_of, row_of, rows_of
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from agents.models import Organisation
    from planning.models import RdvDraft
    from rdv.common.http import Request


@require_POST
def rdv_new(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Start a draft, or complete the one named by `brouillon`; go to what it lacks."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_CREATE)
    row = _save(request, organisation, timezone.now())
    return to_step(read_draft(row, actor=request.actor, organisation=organisation))


def _save(request: Request, organisation: Organisation, now: datetime) -> RdvDraft:
    actor = require_agent(request)
    known = _posted(request, organisation)
    drafts = rdv_drafts_for(actor, Permission.RDV_CREATE).filter(organisation=organisation)
    under_way = row_of(drafts, request.POST.get("brouillon"))
    if under_way is not None:
        try:
            return change_rdv_draft(draft_id=under_way.pk, actor=actor, now=now, **known)
        except DraftGone:  # confirmed in another tab: begin a new one
            pass
    content = replace(_repeated(request, organisation), **known)
    return start_rdv_draft(organisation=organisation, content=content, actor=actor, now=now)


def _posted(request: Request, organisation: Organisation) -> dict[str, Any]:
    """Return what was posted and may be used; a forged or outdated key is as if it was not."""
    post, actor = request.POST, request.actor
    zone = organisation.territoire.zone
    motif = row_of(usable_motifs(actor, organisation), post.get("motif"))
    lieu = row_of(open_lieux(actor, organisation), post.get("lieu"))
    usagers = usagers_bookable(actor, organisation)
    starts_at = instant_of(post.get("starts_at"), zone)
    known: dict[str, Any] = {
        "motif": motif.pk if motif else None,
        "lieu": lieu.pk if lieu else None,
        "agents": tuple(
            row.pk for row in rows_of(bookable_agents(actor, organisation), post.getlist("agent"))
        ),
        "usagers": tuple(row.pk for row in rows_of(usagers, post.getlist("usager"))),
    }
    known = {name: value for name, value in known.items() if value}
    if starts_at:
        known |= {
            "starts_at": starts_at,
            "ends_at": instant_of(post.get("ends_at"), zone),
            "from_slot": bool(post.get("plage") and motif),
        }
    return known


def _repeated(request: Request, organisation: Organisation) -> DraftContent:
    """Return the RDV to repeat: everything but its time."""
    rdvs = rdvs_in_full(request.actor, Permission.RDV_READ).filter(organisation=organisation)
    rdv = row_of(rdvs, request.POST.get("rdv"))
    if rdv is None:
        return DraftContent()
    people = [row for row in rdv.participations.all() if row.status in ACTIVE]
    if rdv.motif.is_collective:
        people = []  # a workshop is repeated with its places, not with its people
    elif not people:
        people = list(rdv.participations.all())  # a cancelled RDV is taken again
    one_off = rdv.lieu if rdv.lieu and rdv.lieu.availability == Availability.SINGLE_USE else None
    return DraftContent(
        motif=rdv.motif_id,
        usagers=tuple(row.usager_id for row in people),
        agents=tuple(agent.pk for agent in rdv.agents.all()),
        lieu=None if one_off else rdv.lieu_id,
        lieu_name=one_off.name if one_off else "",
        lieu_address=one_off.address if one_off else "",
        context=rdv.context,
        title=rdv.title,
        seats_total=rdv.seats_total,
    )
