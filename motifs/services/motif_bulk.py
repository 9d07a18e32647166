"""Change the settings of several motifs at once, all or nothing, and undo it for a day (G07).

Locks in one order, that of a single edit: the motifs, by key, then their organisations.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import AgentActor, Permission
from motifs.models import MotifBulkEdit, MotifBulkLine
from motifs.policies import motif_bulk_edits_for, motifs_for
from motifs.queries.motif_bulk import LABELS, columns_of, in_order, plan_of, plan_of_undo
from motifs.rules.bulk_edit import MOST, UNDO_WITHIN, changed_since
from motifs.services.motif_edit import record_motif
from rdv.common.errors import DomainError
from rdv.common.saving import constraint_message

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import Actor
    from motifs.models import Motif
    from motifs.queries.motif_bulk import Plan, PlanLine


class MotifBulkRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Nothing was changed. `reasons`: one line for each motif that stands in the way."""

    def __init__(self, message: str, reasons: Collection[str] = ()) -> None:
        super().__init__(message)
        self.reasons = list(reasons)


class PlanChanged(MotifBulkRefused):
    """A motif is no longer as the preview showed it: read again."""


@transaction.atomic
def bulk_edit_motifs(
    *,
    uuid: UUID,
    motif_ids: Collection[int],
    values: Mapping[str, Any],
    digest: str,
    actor: Actor | None,
    now: datetime,
) -> MotifBulkEdit:
    """Write `values` (columns of LABELS) in each motif, or in none.

    `uuid` and `digest` come from the preview: the second of two clicks returns the edit of the
    first. Raises PlanChanged, or MotifBulkRefused with the motifs at fault.
    """
    if not isinstance(actor, AgentActor):
        raise MotifBulkRefused(_("Vous ne pouvez pas modifier ces motifs."))
    done = MotifBulkEdit.objects.filter(uuid=uuid, agent=actor.agent_id).first()
    if done is not None:
        return done
    if not motif_ids or not values or len(motif_ids) > MOST:
        raise MotifBulkRefused(_("Choisissez de 1 à %(most)s motifs.") % {"most": MOST})
    motifs = _lock(motif_ids, actor)
    done = MotifBulkEdit.objects.filter(uuid=uuid).first()  # by who held the locks before us
    if done is not None and done.agent_id == actor.agent_id:
        return done
    plan = _plan_as_read(motifs, values, digest if done is None else "", now)
    bulk = MotifBulkEdit.objects.create(
        uuid=uuid,
        territoire_id=motifs[0].organisation.territoire_id,
        agent_id=actor.agent_id,
        created_at=now,
    )
    _write(plan, "motif_edited", bulk=bulk, actor=actor, now=now)
    MotifBulkLine.objects.bulk_create(
        MotifBulkLine(bulk=bulk, motif=line.motif, before=line.before, after=line.after)
        for line in plan.changed
    )
    return bulk


def _plan_as_read(
    motifs: Sequence[Motif], values: Mapping[str, Any], digest: str, now: datetime
) -> Plan:
    """Return what to write: what was read, all of it allowed. Raises MotifBulkRefused."""
    if len({motif.organisation.territoire_id for motif in motifs}) > 1:
        raise MotifBulkRefused(_("Choisissez des motifs d’un seul territoire."))
    plan = plan_of(motifs, values, now=now)
    if plan.digest != digest:
        raise PlanChanged(
            _("Un de ces motifs vient de changer. Relisez l’aperçu, puis confirmez à nouveau.")
        )
    _check(plan)
    if not plan.changed:
        raise MotifBulkRefused(_("Ces motifs ont déjà ces réglages : rien à changer."))
    return plan


@transaction.atomic
def undo_bulk_edit(*, bulk_id: int, actor: Actor | None, now: datetime) -> MotifBulkEdit:
    """Write back what the motifs were, all of them or none.

    Raises MotifBulkRefused: too late, done already, or motifs that changed since, named.
    """
    rows = motif_bulk_edits_for(actor, Permission.MOTIF_EDIT).select_for_update(of=("self",))
    bulk = rows.filter(pk=bulk_id).first()
    if bulk is None:
        raise MotifBulkRefused(_("Cette modification n’est pas la vôtre."))
    if bulk.undone_at is not None:
        raise MotifBulkRefused(_("Cette modification est déjà annulée."))
    if now - bulk.created_at > UNDO_WITHIN:
        raise MotifBulkRefused(_("Cette modification date de plus de 24 heures."))
    lines = {line.motif_id: line for line in bulk.lines.all()}
    motifs = _lock(lines, actor)
    labels = {column: str(label) for column, label in LABELS.items()}
    reasons = [
        f"{_named(motif)} : {_('changé depuis')} ({changed})"
        for motif in motifs
        if (changed := changed_since(columns_of(motif), lines[motif.pk].after, labels))
    ]
    if reasons:
        raise MotifBulkRefused(
            _("La modification ne peut plus être annulée : des motifs ont changé depuis."), reasons
        )
    plan = plan_of_undo(motifs, {key: line.before for key, line in lines.items()}, now=now)
    _check(plan)
    _write(plan, "motif_edit_undone", bulk=bulk, actor=actor, now=now)
    bulk.undone_at = now
    bulk.save(update_fields=["undone_at"])
    return bulk


def _lock(motif_ids: Collection[int], actor: Actor | None) -> list[Motif]:
    """Hold the motifs and their organisations; return them as the preview lists them."""
    rows = motifs_for(actor, Permission.MOTIF_EDIT).filter(pk__in=motif_ids, archived_at=None)
    held = list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))
    if len(held) != len(set(motif_ids)):
        raise MotifBulkRefused(
            _("Un de ces motifs est archivé, ou vous ne pouvez plus le modifier. Rien n’a changé.")
        )
    organisations = Organisation.objects.filter(motifs__in=held).order_by("pk")
    keys = set(organisations.values_list("pk", flat=True))
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    return list(in_order(motifs_for(actor, Permission.MOTIF_EDIT).filter(pk__in=held)))


def _check(plan: Plan) -> None:
    reasons = [
        f"{_named(line.motif)} : {refusal}" for line in plan.refused for refusal in line.refusals
    ]
    if reasons:
        raise MotifBulkRefused(_("Rien n’a changé : certains motifs le refusent."), reasons)


def _write(
    plan: Plan, action: str, *, bulk: MotifBulkEdit, actor: Actor | None, now: datetime
) -> None:
    for line in plan.changed:
        _write_one(line)
        detail = {"columns": list(line.after), "bulk": str(bulk.uuid)}
        record_motif(line.motif, action, actor=actor, now=now, detail=detail)


def _write_one(line: PlanLine) -> None:
    """Write the columns; the constraints of the database have the last word, named."""
    for column, value in line.after.items():
        setattr(line.motif, column, value)
    try:
        with transaction.atomic():
            line.motif.save(update_fields=list(line.after))
    except IntegrityError as error:
        message = constraint_message(line.motif, error)
        if message is None:
            raise
        reason = f"{_named(line.motif)} : {message}"
        raise MotifBulkRefused(_("Rien n’a changé : un motif le refuse."), [reason]) from error


def _named(motif: Motif) -> str:
    return f"« {motif.name} » ({motif.organisation.name})"
