"""Close public booking until a day, or reopen it now (G11). RDVs already taken stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from agents.services.audit_write import record_change
from motifs.services.motif_edit import lock_motif, record_motif
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from motifs.models import Motif

COLUMNS = ["booking_suspended_until", "suspension_message"]


class SuspensionRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Not by this agent, or not until that day."""


@transaction.atomic
def suspend_motif(
    *, motif_id: int, until: date | None, message: str, actor: Actor | None, now: datetime
) -> Motif:
    """Suspend public booking of the motif; `until` None reopens it.

    Raises SuspensionRefused, MotifRefused.
    """
    motif = lock_motif(motif_id, actor)
    _write(motif, until, message, today=local_day(now, motif.organisation.territoire.zone))
    record_motif(motif, _action(until), actor=actor, now=now, detail={"columns": COLUMNS})
    return motif


@transaction.atomic
def suspend_organisation(
    *, organisation_id: int, until: date | None, message: str, actor: Actor | None, now: datetime
) -> Organisation:
    """Suspend public booking of every motif of the organisation. Raises SuspensionRefused."""
    rows = organisations_for(actor, Permission.MOTIF_EDIT)
    # The strong lock: the bookings under way here are over when it is held.
    locked = rows.select_for_update(of=("self",)).select_related("territoire")
    organisation = locked.filter(pk=organisation_id).first()
    if organisation is None:
        raise SuspensionRefused(_("Vous ne pouvez plus modifier cette organisation."))
    _write(organisation, until, message, today=local_day(now, organisation.territoire.zone))
    record_change(
        action=_action(until),
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_id=organisation.pk,
        actor=actor,
        now=now,
        detail={"columns": COLUMNS},
    )
    return organisation


def _action(until: date | None) -> str:
    return "booking_suspended" if until else "booking_reopened"


def _write(row: Motif | Organisation, until: date | None, message: str, *, today: date) -> None:
    if until is not None and until <= today:
        raise SuspensionRefused(_("Choisissez un jour à venir."))
    row.booking_suspended_until = until
    row.suspension_message = message if until else ""
    save_checked(row)
