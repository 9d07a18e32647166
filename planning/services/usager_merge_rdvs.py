"""The RDVs of a fiche go to another one: participations, and all that hangs on them (F03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.models import OutboxMessage
from planning.models import (
    Action,
    EntryEnd,
    Outcome,
    Participation,
    Rdv,
    Reminder,
    SlotHold,
    WaitingListEntry,
    WaitingListOffer,
)
from planning.rules.participation_merge import merged_status
from planning.services.rdv_history import record
from usagers.models import AccessToken

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from usagers.models import Usager


def move_rdvs(*, absorbed: Usager, kept: Usager, actor: Actor, now: datetime) -> int:
    """Give the participations of `absorbed` to `kept`, and return how many RDVs they were.

    Both fiches are held by the caller; the RDVs are held here, in the order of their keys. No
    agenda is: no time changes hands.
    """
    rows = Rdv.objects.filter(participations__usager=absorbed).order_by("pk")
    rows = rows.select_related("organisation__territoire", "motif")
    rdvs = {rdv.pk: rdv for rdv in rows.select_for_update(of=("self",), no_key=True)}
    people = Participation.objects.filter(rdv__in=rdvs, usager__in=(kept, absorbed))
    kept_rows = {row.rdv_id: row for row in people if row.usager_id == kept.pk}
    for row in people:
        same = kept_rows.get(row.rdv_id)
        if row.usager_id == absorbed.pk and same is not None:
            before = same.status
            _join(same, row, now)
            changed = {f"participation:{same.pk}": [before, same.status]}
            record(
                rdvs[row.rdv_id],
                action=Action.EDITED,
                actor=actor,
                at=now,
                changes=changed if before != same.status else {},
            )
    Participation.objects.filter(usager=absorbed).update(usager=kept)
    Participation.objects.filter(created_by_usager=absorbed).update(created_by_usager=kept)
    return len(rdvs)


def _join(kept: Participation, absorbed: Participation, now: datetime) -> None:
    """Keep one participation; messages, links, reminders and waiting list follow."""
    status = merged_status(kept.status, absorbed.status)
    if status != kept.status:
        kept.status, kept.cancelled_at = status, absorbed.cancelled_at
    kept.arrived_at = kept.arrived_at or absorbed.arrived_at
    kept.needs = sorted({*kept.needs, *absorbed.needs})
    kept.needs_details = kept.needs_details or absorbed.needs_details
    kept.save()
    OutboxMessage.objects.filter(participation=absorbed).update(participation=kept)
    AccessToken.objects.filter(participation=absorbed).update(participation=kept)
    _join_reminders(kept, absorbed)
    _join_waiting(kept, absorbed, now)
    absorbed.delete()


def _join_reminders(kept: Participation, absorbed: Participation) -> None:
    """One reminder a start: sent when one of the two was."""
    for reminder in Reminder.objects.filter(participation=absorbed):
        same = Reminder.objects.filter(participation=kept, starts_at=reminder.starts_at).first()
        if same is None:
            reminder.participation = kept
            reminder.save(update_fields=["participation"])
        elif same.sent_at is None and reminder.sent_at is not None:
            same.sent_at = reminder.sent_at
            same.save(update_fields=["sent_at"])


def _join_waiting(kept: Participation, absorbed: Participation, now: datetime) -> None:
    """One entry waits for the RDV: the one with an offer under way, else the first written."""
    active = WaitingListEntry.objects.filter(
        participation__in=(kept, absorbed), ended_at=None
    ).order_by("created_at", "pk")
    offered = WaitingListOffer.objects.filter(entry__in=active, outcome=Outcome.PENDING)
    keys = set(offered.values_list("entry", flat=True))
    for entry in sorted(active, key=lambda row: row.pk not in keys)[1:]:
        pending = WaitingListOffer.objects.filter(entry=entry, outcome=Outcome.PENDING)
        SlotHold.objects.filter(offer__in=pending).delete()
        pending.update(outcome=Outcome.WITHDRAWN, answered_at=now)
        entry.ended_at, entry.end = now, EntryEnd.REMOVED
        entry.save(update_fields=["ended_at", "end"])
    WaitingListEntry.objects.filter(participation=absorbed).update(participation=kept)
