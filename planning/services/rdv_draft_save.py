"""Keep on the server the RDV that an agent is preparing, until it is confirmed (E05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from planning.models import RdvDraft
from planning.policies import rdv_drafts_for
from planning.queries.rdv_draft import likely_lieu, usable_motifs
from planning.rules.rdv_draft import DraftContent, content_of
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation


AGENDA_CELL = timedelta(minutes=30)  # what one click in the agenda marks


class DraftGone(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The draft was confirmed, forgotten after a day, or belongs to somebody else."""


@transaction.atomic
def start_rdv_draft(
    *, organisation: Organisation, content: DraftContent, actor: AgentActor, now: datetime
) -> RdvDraft:
    filled = _fill_in(content, organisation, actor)
    return RdvDraft.objects.create(
        agent_id=actor.agent_id,
        organisation=organisation,
        content=filled.to_json(),
        created_at=now,
        updated_at=now,
    )


@transaction.atomic
def change_rdv_draft(
    *, draft_id: int, actor: AgentActor, now: datetime, **changes: Any
) -> RdvDraft:
    """Replace parts of the content (names of DraftContent). Raises DraftGone."""
    draft = lock_draft(draft_id, actor)
    content = replace(content_of(draft.content), **changes)
    draft.content = _fill_in(content, draft.organisation, actor).to_json()
    draft.updated_at = max(now, draft.created_at)
    draft.save(update_fields=["content", "updated_at"])
    return draft


def change_motif(*, draft_id: int, motif_id: int, actor: AgentActor, now: datetime) -> RdvDraft:
    """Choose a motif: the hours follow its duration. Raises DraftGone.

    Unless a longer time than one cell was marked in the agenda first: that length is a choice.
    """
    with transaction.atomic():
        content = content_of(lock_draft(draft_id, actor).content)
        ends_at = content.ends_at if content.motif is None and _is_marked(content) else None
        return change_rdv_draft(
            draft_id=draft_id,
            actor=actor,
            now=now,
            motif=motif_id,
            ends_at=ends_at,
            from_slot=False,
        )


def _is_marked(content: DraftContent) -> bool:
    if content.starts_at is None or content.ends_at is None:
        return False
    return content.ends_at - content.starts_at > AGENDA_CELL


def add_usager(*, draft_id: int, usager_id: int, actor: AgentActor, now: datetime) -> RdvDraft:
    with transaction.atomic():
        people = content_of(lock_draft(draft_id, actor).content).usagers
        return change_rdv_draft(
            draft_id=draft_id,
            actor=actor,
            now=now,
            usagers=tuple(dict.fromkeys((*people, usager_id))),
        )


def remove_usager(*, draft_id: int, usager_id: int, actor: AgentActor, now: datetime) -> RdvDraft:
    with transaction.atomic():
        people = content_of(lock_draft(draft_id, actor).content).usagers
        kept = tuple(pk for pk in people if pk != usager_id)
        return change_rdv_draft(draft_id=draft_id, actor=actor, now=now, usagers=kept)


def lock_draft(draft_id: int, actor: AgentActor) -> RdvDraft:
    """Hold the draft, which has not become a RDV. Raises DraftGone."""
    rows = rdv_drafts_for(actor, Permission.RDV_CREATE).select_for_update(of=("self",))
    draft = rows.select_related("organisation__territoire").filter(pk=draft_id).first()
    if draft is None or content_of(draft.content).rdv:
        raise DraftGone(_("Ce RDV est déjà créé, ou sa préparation a été abandonnée."))
    return draft


def _fill_in(content: DraftContent, organisation: Organisation, actor: AgentActor) -> DraftContent:
    """Complete what follows from the rest: the only motif, its duration, the agenda's lieu."""
    motifs = usable_motifs(actor, organisation)
    motif = motifs.filter(pk=content.motif or 0).first()
    if motif is None:
        only = motifs[:2]
        motif = only[0] if len(only) == 1 else None
        content = replace(content, motif=motif.pk if motif else None)
    if motif is None or content.starts_at is None:
        return content
    ends_at = content.ends_at
    if ends_at is None or ends_at <= content.starts_at:
        ends_at = content.starts_at + timedelta(minutes=motif.duration_minutes)
    lieu = content.lieu
    if motif.requires_lieu and lieu is None and not content.lieu_name:
        lieu = likely_lieu(
            actor,
            organisation,
            agent_ids=content.agents,
            starts_at=content.starts_at,
            ends_at=ends_at,
        )
    return replace(content, ends_at=ends_at, lieu=lieu)
