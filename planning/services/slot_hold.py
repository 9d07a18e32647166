"""Keep a créneau for one visitor while they finish (decision 19).

Locks, in this order: the visitor, then the agendas. Booking takes fiches, agendas, then the hold:
neither waits for the other in a circle.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from motifs.models import Motif
from planning.models import SlotHold
from planning.queries.availability import Audience, Search
from planning.queries.rdv_move_by_usager import search_of
from planning.rules.booking import refusal_of_persons
from planning.rules.holder import holder_digest
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import RdvNotBookable, choose_agent, refusals_in_french
from planning.services.rdv_lock import agents_of

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Rdv

HELD = timedelta(minutes=10)


def hold_slot(
    *,
    motif_id: int,
    lieu_id: int | None,
    starts_at: datetime,
    visitor: str,
    now: datetime,
    chosen_at: datetime | None = None,
    persons: int = 1,
    minutes: int | None = None,
    lasts: timedelta = HELD,
    usager_ids: frozenset[int] = frozenset(),
    sector_ids: frozenset[int] | None = frozenset(),
) -> SlotHold:
    """Hold the créneau in the agenda of the first registered agent who is free.

    `visitor` is the raw key of one visitor, or of one offer: what it held before is released. The
    time it is held runs anew at each call. Whether the motif is open to that public is the
    caller's to check. `minutes` is the length of a RDV that moves; `usager_ids` and
    `sector_ids` as for `Search`.
    Raises SlotTaken, RdvNotBookable, RetryLaterError: then the former hold stays.
    """
    with refusals_in_french(), transaction.atomic():
        holder = _lock_visitor(visitor)
        motif, asked = _motif(motif_id, persons), frozenset({motif_id})
        search = Search(asked, Audience.USAGER, now, persons=persons, usager_ids=usager_ids)
        search = replace(search, visitor=visitor, minutes=minutes, sector_ids=sector_ids)
        agent_id = choose_agent(search, starts_at, lieu_id, chosen_at)
        ends_at = starts_at + timedelta(minutes=minutes or motif.duration_minutes * persons)
        row = SlotHold(motif=motif, lieu_id=lieu_id, starts_at=starts_at, ends_at=ends_at)
        return _write(row, agent_id, holder=holder, now=now, lasts=lasts)


def hold_slot_to_move(
    *, rdv: Rdv, lieu_id: int | None, starts_at: datetime, visitor: str, now: datetime
) -> SlotHold:
    """Hold the créneau a RDV would move to: its own length, with its own agent if they are free.

    The RDV does not stand in its own way. Whether it may move is the caller's to check. Raises
    as `hold_slot`.
    """
    with refusals_in_french(), transaction.atomic():
        holder = _lock_visitor(visitor)
        search = search_of(rdv, now=now, visitor=visitor)
        own = agents_of(rdv.pk)
        agent_id = choose_agent(search, starts_at, lieu_id, None, preferred=own)
        ends_at = starts_at + timedelta(minutes=rdv.duration_minutes)
        row = SlotHold(motif=rdv.motif, lieu_id=lieu_id, starts_at=starts_at, ends_at=ends_at)
        return _write(row, agent_id, holder=holder, now=now)


def _write(
    hold: SlotHold, agent_id: int, *, holder: str, now: datetime, lasts: timedelta = HELD
) -> SlotHold:
    """Write `hold` in that agenda, which is locked, instead of what the visitor held."""
    SlotHold.objects.filter(_replaced(holder, agent_id, now)).delete()
    hold.agent_id, hold.holder = agent_id, holder
    # Its agent is free again after the pause of the motif (E15).
    hold.free_at = hold.ends_at + timedelta(minutes=hold.motif.pause_minutes)
    hold.created_at, hold.expires_at = now, now + lasts
    hold.save(force_insert=True)
    return hold


def _replaced(holder: str, agent_id: int, now: datetime) -> Q:
    """Return what the visitor held before, and what has expired in that agenda."""
    return Q(holder=holder) | Q(agent=agent_id, expires_at__lte=now)


def release_hold(*, visitor: str) -> None:
    """Give back what the visitor holds, if anything."""
    if visitor:
        SlotHold.objects.filter(holder=holder_digest(visitor)).delete()


@transaction.atomic
def hand_over_hold(*, visitor: str, to: str) -> None:
    """Let `to` hold what `visitor` held, so that nobody takes it in between.

    One créneau a visitor: what `to` held before is released.
    """
    old, new = holder_digest(visitor), holder_digest(to)
    if not old or not new or old == new:
        return
    for holder in sorted((old, new)):
        _lock(holder)
    if SlotHold.objects.filter(holder=old).exists():
        SlotHold.objects.filter(holder=new).delete()
        SlotHold.objects.filter(holder=old).update(holder=new)


def purge_slot_holds(*, now: datetime) -> int:
    """Delete the expired holds; return how many. They bind nobody already."""
    with transaction.atomic():
        expired = SlotHold.objects.filter(expires_at__lte=now)
        keys = list(expired.select_for_update(skip_locked=True).values_list("pk", flat=True))
        deleted, by_model = SlotHold.objects.filter(pk__in=keys).delete()
        return by_model.get("planning.SlotHold", 0) if deleted else 0


def _lock_visitor(visitor: str) -> str:
    """Let the requests of one visitor (a double click) pass in turn; return their digest."""
    holder = holder_digest(visitor)
    if not holder:
        raise ValueError("A hold is somebody's.")
    _lock(holder)
    return holder


def _lock(holder: str) -> None:
    limit_waiting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(holder[:15], 16)])


def _motif(motif_id: int, persons: int) -> Motif:
    motif = Motif.objects.active().filter(pk=motif_id, is_collective=False).first()
    if motif is None:
        raise RdvNotBookable(_("Ce rendez-vous n’est plus proposé."))
    refusal = refusal_of_persons(persons=persons, max_persons=motif.max_persons)
    if refusal:
        raise RdvNotBookable(_(refusal))
    return motif
