"""Offer what has freed to those who wait, one at a time (decision 28).

One worker offers at a time: an advisory lock, taken by each offer. Hold, offer and message are one
transaction: a worker killed anywhere has offered nothing, or everything. Locks: the list, the
entry, then what `hold_slot` takes.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection, transaction

from agents.permissions import TokenActor
from motifs.queries.motif_for_public import motif_open_online
from motifs.queries.suspension import suspension_of
from planning.models import WaitingListEntry, WaitingListOffer
from planning.queries import waiting_list as query
from planning.queries.availability import Audience, Search, found_slots
from planning.queries.rdv_move_by_usager import refusal_to_move
from planning.rules import waiting_list as rule
from planning.services.agenda_lock import limit_waiting
from planning.services.rdv_book import SlotTaken, refusals_in_french, taken_message
from planning.services.slot_hold import hold_slot
from planning.services.waiting_list_announce import announce_offer
from planning.services.waiting_list_end import end_what_is_over, expire_offers
from planning.slots.holidays import public_holidays
from rdv.common.errors import DomainError
from rdv.common.timezones import day_bounds, local_day
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.models import Territoire
    from motifs.models import Motif
    from planning.models import Participation

# Tries a run makes for one motif, the refused ones included: the next run goes on.
MOST_TRIES = 40
_LIST_LOCK = 2_800_028


@dataclass(frozen=True)
class Freed:
    starts_at: datetime
    lieu_id: int | None


class _NotOffered(Exception):  # noqa: N818 - ends one offer, nobody reads it
    """The person gets nothing in this run."""


def offer_waiting_list(*, now: datetime) -> int:
    """End what is over, then offer what is free, first come first served; return how many offers.

    Nobody waits: six statements. Else one search for each motif with somebody to tell, in the
    hours of its territoire only.
    """
    expire_offers(now=now)
    end_what_is_over(now=now)
    return sum(_offer_motif(motif_id, now) for motif_id in query.waiting_motifs())


def _offer_motif(motif_id: int, now: datetime) -> int:
    motif = motif_open_online(motif_id)
    if motif is None or suspension_of(motif, now=now) is not None:
        return 0
    if not _may_offer(motif.organisation.territoire, now):
        return 0
    entries = query.free_entries(motif_id, now=now)
    told = query.told_since(_midnight(motif, now)) if entries else set()
    entries = [entry for entry in entries if told.isdisjoint(query.people_of(entry))]
    if not entries:
        return 0
    before = query.offered_before([entry.pk for entry in entries])
    run = _Run(motif, now, before)
    return sum(run.offer_one(entry) for entry in entries)


class _Run:
    """One look at what is free for a motif, and the tries to hold it for somebody."""

    def __init__(self, motif: Motif, now: datetime, before: query.Offered) -> None:
        self.motif, self.now, self.before = motif, now, before
        self.tries = MOST_TRIES
        self._free: dict[int, list[Freed]] = {}

    def offer_one(self, entry: WaitingListEntry) -> bool:
        """Offer the person the first créneau that can be held for them, if any."""
        minutes = _minutes(entry)
        for freed in self._suitable(entry, minutes):
            if not self.tries:
                return False
            self.tries -= 1
            try:
                _offer(entry.pk, self.motif, freed, minutes=minutes, now=self.now)
            except SlotTaken:
                # Somebody holds it since: the next person need not try.
                self._free[minutes].remove(freed)
            except (_NotOffered, DomainError):
                return False
            else:
                return True
        return False

    def _suitable(self, entry: WaitingListEntry, minutes: int) -> list[Freed]:
        free = self._all_free(minutes)
        wanted = _earlier(entry, free, self.now) if entry.participation else _at(entry, free)
        delay = timedelta(minutes=self.motif.min_delay_minutes)
        return [
            freed
            for freed in wanted
            if (entry.pk, freed.starts_at, freed.lieu_id) not in self.before
            and rule.held_until(self.now, freed.starts_at, min_delay=delay)
        ]

    def _all_free(self, minutes: int) -> list[Freed]:
        """Return the créneaux of that length, everywhere; one search for each length."""
        if minutes not in self._free:
            zone = self.motif.organisation.territoire.zone
            horizon = timedelta(minutes=self.motif.max_delay_minutes)
            search = Search(frozenset({self.motif.pk}), Audience.USAGER, self.now, minutes=minutes)
            days = local_day(self.now, zone), local_day(self.now + horizon, zone)
            self._free[minutes] = [Freed(at, lieu) for at, _, lieu, _ in found_slots(search, *days)]
        return self._free[minutes]


def _minutes(entry: WaitingListEntry) -> int:
    participation = entry.participation
    return participation.rdv.duration_minutes if participation else entry.motif.duration_minutes


def _at(entry: WaitingListEntry, free: list[Freed]) -> list[Freed]:
    return [freed for freed in free if entry.lieu_id in (None, freed.lieu_id)]


def _earlier(entry: WaitingListEntry, free: list[Freed], now: datetime) -> list[Freed]:
    """Return what is free well before the RDV, at its lieu, and was not when they joined."""
    assert entry.participation is not None
    participation, rdv = entry.participation, entry.participation.rdv
    if rdv.motif_id != entry.motif_id:
        return []
    if refusal_to_move(rdv, actor=actor_of(participation), now=now):
        return []
    latest, length = rdv.starts_at - rule.EARLIER_BY, rdv.ends_at - rdv.starts_at
    wanted = [f for f in free if f.lieu_id == rdv.lieu_id and f.starts_at < latest]
    starts = [freed.starts_at for freed in wanted]
    known = rule.still_known(entry.known_starts, starts, duration=length)
    if known != entry.known_starts:
        entry.known_starts = known
        entry.save(update_fields=["known_starts"])
    return [f for f in wanted if rule.is_new(f.starts_at, known, duration=length)]


def actor_of(participation: Participation) -> TokenActor:
    """Return who acts when the link of an offer is used: the person who is told."""
    person = participation.usager.to_notify
    return TokenActor(token_id=0, participation_id=participation.pk, usager_id=person.pk)


def _offer(
    entry_id: int, motif: Motif, freed: Freed, *, minutes: int, now: datetime
) -> WaitingListOffer:
    """Hold the créneau, write the offer and its message. Raises _NotOffered, SlotTaken."""
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        _lock_list()
        entry = _lock_entry(entry_id, now)
        delay = timedelta(minutes=motif.min_delay_minutes)
        until = rule.held_until(now, freed.starts_at, min_delay=delay)
        if entry is None or until is None:
            raise _NotOffered
        offer = WaitingListOffer(entry=entry, offered_at=now, expires_at=until)
        hold = hold_slot(
            motif_id=motif.pk,
            lieu_id=freed.lieu_id,
            starts_at=freed.starts_at,
            visitor=query.offer_key(offer.uuid),
            now=now,
            minutes=minutes,
            lasts=until - now,
        )
        if query.was_offered(entry, hold):
            raise SlotTaken(taken_message())
        secret = secrets.token_urlsafe(16)
        offer.hold, offer.agent, offer.lieu = hold, hold.agent, hold.lieu
        offer.starts_at, offer.ends_at = hold.starts_at, hold.ends_at
        offer.digest = link_digest(secret)
        offer.save()
        if not announce_offer(offer, secret=secret, now=now):
            raise _NotOffered
        return offer


def _lock_list() -> None:
    """Only one offer is made at a time: a person who waits twice is told once a day."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LIST_LOCK])


def _lock_entry(entry_id: int, now: datetime) -> WaitingListEntry | None:
    """Return the entry if nothing happened to it, nor was its person told, since it was read."""
    rows = WaitingListEntry.objects.waiting().filter(pk=entry_id)
    if not rows.select_for_update(no_key=True, skip_locked=True).values_list("pk"):
        return None
    entry = query.free_entry(entry_id, now=now)
    if entry is None:
        return None
    told = query.told_since(_midnight(entry.motif, now))
    return entry if told.isdisjoint(query.people_of(entry)) else None


def _midnight(motif: Motif, now: datetime) -> datetime:
    zone = motif.organisation.territoire.zone
    return day_bounds(local_day(now, zone), zone)[0]


def _may_offer(territoire: Territoire, now: datetime) -> bool:
    def is_holiday(day: date) -> bool:
        return day in public_holidays(territoire.holiday_zone, day.year)

    return rule.may_offer(now, zone=territoire.zone, is_holiday=is_holiday)
