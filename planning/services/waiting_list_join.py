"""Enter the waiting list: with a proven address, or with a RDV that is far away (A09)."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from motifs.models import Availability
from motifs.queries.motif_for_public import motif_open_online
from motifs.queries.suspension import suspension_of, suspension_text
from planning.models import EntryEnd, WaitingListEntry
from planning.policies import rdvs_for
from planning.queries import waiting_list as query
from planning.queries.rdv_move_by_usager import search_of, times_between
from planning.rules.waiting_list import EARLIER_BY
from planning.services.waiting_list_announce import announce_joined
from planning.services.waiting_list_end import end_entries
from rdv.common.errors import DomainError
from rdv.common.timezones import local_day
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import TokenActor, UsagerActor
    from motifs.models import Lieu, Motif
    from planning.models import Rdv
    from usagers.models import ContactCode

# A person waits for what they need, not for a whole town.
MOST_ENTRIES = 10


class WaitingRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Why nobody can wait for that, in French."""


@transaction.atomic
def join_waiting_list(
    *, code: ContactCode, motif_id: int, lieu_id: int | None, language: str, now: datetime
) -> WaitingListEntry:
    """Write the entry of the address that `code` has just proven, and confirm it.

    No lieu: any lieu of the motif. Who waits already keeps their place, and gets a new link that
    removes them. Raises WaitingRefused.
    """
    if code.confirmed_at is None:
        raise ValueError("The address of the code is not proven.")
    motif = motif_open_online(motif_id)
    if motif is None or not query.waits_online(motif):
        raise WaitingRefused(_("Ce rendez-vous n’a pas de liste d’attente."))
    suspension = suspension_of(motif, now=now)
    if suspension is not None:
        raise WaitingRefused(suspension_text(suspension))
    lieu = _lieu(motif, lieu_id)
    address = {"email": code.email, "phone_number": str(code.phone_number or "")}
    _lock_address(code.email or str(code.phone_number))
    open_entries = WaitingListEntry.objects.filter(ended_at=None, **address)
    entry = open_entries.select_for_update(of=("self",)).filter(motif=motif, lieu=lieu).first()
    if entry is None:
        if open_entries.count() >= MOST_ENTRIES:
            raise WaitingRefused(
                _("Vous attendez déjà dix rendez-vous. Retirez-vous d’une liste d’abord.")
            )
        entry = WaitingListEntry(confirmed_at=now, created_at=now, **address)
    secret = secrets.token_urlsafe(16)
    entry.motif, entry.lieu, entry.language = motif, lieu, language
    entry.removal_digest = link_digest(secret)
    entry.save()
    announce_joined(entry, secret=secret, now=now)
    return entry


@transaction.atomic
def wait_for_earlier(
    *, rdv_id: int, actor: UsagerActor | TokenActor, now: datetime
) -> WaitingListEntry:
    """Ask for an earlier date for a RDV of the family; asking twice is asking once.

    Dates that are free now are not news: the person sees them on the page where they move their
    RDV. Raises WaitingRefused.
    """
    rdv = _lock_rdv(rdv_id, actor)
    participation = query.own_participation(rdv, actor)
    if participation is None:
        raise WaitingRefused(_("Ce rendez-vous n’existe plus."))
    known = WaitingListEntry.objects.filter(participation__rdv=rdv, ended_at=None).first()
    if known is not None:
        return known
    refusal = query.refusal_to_wait(rdv, participation, actor=actor, now=now)
    if refusal:
        raise WaitingRefused(refusal)
    return WaitingListEntry.objects.create(
        motif=rdv.motif,
        lieu=rdv.lieu,
        participation=participation,
        language=participation.usager.to_notify.language,
        known_starts=_free_now(rdv, now),
        confirmed_at=now,
        created_at=now,
    )


@transaction.atomic
def stop_waiting(*, rdv_id: int, actor: UsagerActor | TokenActor, now: datetime) -> None:
    """Take a RDV of the family off the list; nothing to do when it is not there."""
    rdv = rdvs_for(actor, Permission.RDV_EDIT).filter(pk=rdv_id).first()
    if rdv is None or query.own_participation(rdv, actor) is None:
        raise WaitingRefused(_("Ce rendez-vous n’existe plus."))
    entries = WaitingListEntry.objects.filter(participation__rdv=rdv)
    end_entries(entries, end=EntryEnd.REMOVED, now=now)


def leave_waiting_list(*, entry_id: int, now: datetime) -> None:
    """End an entry whose link was used; a second time changes nothing."""
    with transaction.atomic():
        entries = WaitingListEntry.objects.filter(pk=entry_id)
        end_entries(entries, end=EntryEnd.REMOVED, now=now)


def _lieu(motif: Motif, lieu_id: int | None) -> Lieu | None:
    if lieu_id is None:
        return None
    lieux = motif.organisation.lieux.filter(availability=Availability.OPEN, pk=lieu_id)
    lieu = lieux.first() if motif.requires_lieu else None
    if lieu is None:
        raise WaitingRefused(_("Ce lieu ne reçoit plus pour ce rendez-vous."))
    return lieu


def _lock_address(address: str) -> None:
    """Let the requests of one address pass one after the other: they are counted."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 28))", [f"waiting:{address}"]
        )


def _lock_rdv(rdv_id: int, actor: UsagerActor | TokenActor) -> Rdv:
    rows = rdvs_for(actor, Permission.RDV_EDIT).select_for_update(of=("self",))
    rdv = rows.select_related("motif", "lieu", "organisation__territoire").filter(pk=rdv_id).first()
    if rdv is None:
        raise WaitingRefused(_("Ce rendez-vous n’existe plus."))
    return rdv


def _free_now(rdv: Rdv, now: datetime) -> list[datetime]:
    zone = rdv.organisation.territoire.zone
    latest = rdv.starts_at - EARLIER_BY
    search = search_of(rdv, now=now, lieu_id=rdv.lieu_id)
    found = times_between(search, local_day(now, zone), local_day(latest, zone))
    return [start for start in found if start < latest]
