"""Another member of the family comes in place of the one who was booked (A07, A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from notifications.messages import rdv as rdv_messages
from planning.models import Action, Participation, Rdv, Status
from planning.policies import rdvs_for
from planning.rules.status import UNKNOWN
from planning.services.agenda_lock import limit_waiting
from planning.services.participation_register import register
from planning.services.rdv_announce import announce_joined
from planning.services.rdv_book import refusals_in_french
from planning.services.rdv_edit_parts import lock_newcomers
from planning.services.rdv_history import author_fiche, record
from planning.services.rdv_lock import RdvRefused
from usagers.models import Rattachement

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.permissions import UsagerActor
    from usagers.models import Usager


def change_person(
    *,
    rdv_id: int,
    usager_id: int,
    actor: UsagerActor,
    now: datetime,
    leaving_uuid: UUID | None = None,
) -> Rdv:
    """Give the place of a member of the family to another; both family and agents are told.

    `leaving_uuid`: whose participation, needed only when several of the family come. Somebody who
    comes already: nothing is written nor said. Raises RdvRefused, RetryLaterError, and for a
    workshop the refusals of `register`.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        newcomer = lock_newcomers([usager_id])[0]
        rows = rdvs_for(actor, Permission.RDV_EDIT).select_for_update(of=("self",))
        rdv = rows.select_related("motif", "lieu", "organisation__territoire").filter(pk=rdv_id)
        found = rdv.first()
        if found is None:
            raise RdvRefused(_("Ce rendez-vous n’existe plus."))
        _check(found, newcomer, actor, now)
        if found.motif.is_collective:
            return register(rdv_id=rdv_id, usager_ids=[usager_id], actor=actor, now=now).rdv
        people = {row.usager_id: row for row in found.participations.order_by("pk")}
        known = people.get(usager_id)
        if known is not None and not known.is_cancelled:
            return found
        _refuse_second_rdv(found, newcomer, now)
        leaving = _leaving(list(people.values()), leaving_uuid, actor)
        _replace(found, leaving, newcomer, known, actor=actor, now=now)
        return found


def _check(rdv: Rdv, newcomer: Usager, actor: UsagerActor, now: datetime) -> None:
    if rdv.status != UNKNOWN or rdv.starts_at <= now:
        raise RdvRefused(_("Ce rendez-vous ne peut plus changer de personne en ligne."))
    if (
        newcomer.pk not in actor.family_ids
        or newcomer.territoire_id != rdv.organisation.territoire_id
    ):
        raise RdvRefused(_("Cette personne ne peut pas venir à ce rendez-vous."))


def _refuse_second_rdv(rdv: Rdv, newcomer: Usager, now: datetime) -> None:
    """One upcoming RDV for each usager and motif (A12); the household's is this very one."""
    mine = Participation.objects.active().filter(usager=newcomer, rdv__motif=rdv.motif)
    if mine.filter(rdv__in=Rdv.objects.active().filter(starts_at__gt=now)).exists():
        raise RdvRefused(_("Cette personne a déjà ce rendez-vous."))


def _leaving(rows: list[Participation], asked: UUID | None, actor: UsagerActor) -> Participation:
    mine = [row for row in rows if row.usager_id in actor.family_ids and not row.is_cancelled]
    chosen = [row for row in mine if row.uuid == asked] if asked else mine
    if len(chosen) != 1:
        raise RdvRefused(_("Dites qui ne vient plus à ce rendez-vous."))
    return chosen[0]


def _replace(
    rdv: Rdv,
    leaving: Participation,
    newcomer: Usager,
    known: Participation | None,
    *,
    actor: UsagerActor,
    now: datetime,
) -> None:
    """Write who leaves and who comes, the history, the messages; rows are held."""
    leaving.status, leaving.cancelled_at = Status.EXCUSED, now
    leaving.save(update_fields=["status", "cancelled_at"])
    row = known or Participation(
        rdv=rdv,
        usager=newcomer,
        notifies_changes=leaving.notifies_changes,
        notifies_reminder=leaving.notifies_reminder,
        created_by_usager=author_fiche(rdv, actor),
        created_at=now,
    )
    row.status, row.cancelled_at, row.arrived_at = Status.UNKNOWN, None, None
    row.save()
    Rattachement.objects.bulk_create(
        [Rattachement(usager=newcomer, organisation=rdv.organisation)], ignore_conflicts=True
    )
    rdv.version += 1  # somebody is told: the row is locked
    rdv.save(update_fields=["version"])
    changes = {
        f"participation:{leaving.pk}": (str(Status.UNKNOWN), str(Status.EXCUSED)),
        f"participation:{row.pk}": ("", str(Status.UNKNOWN)),
    }
    record(rdv, action=Action.EDITED, actor=actor, at=now, changes=changes)
    overtaken = rdv_messages.OVERTAKEN_BY_CANCELLING
    rdv_messages.withdraw(rdv, overtaken, participation_ids=[leaving.pk], now=now)
    announce_joined(rdv, actor=actor, now=now, participation_ids=[row.pk])
