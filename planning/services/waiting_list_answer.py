"""Answer an offer: take it, or leave it to the next person (decision 28).

Locks: the entry, the offer, then those of moving or holding. Whatever is refused, the person stays
on the list.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from planning.models import EntryEnd, Outcome, SlotHold, WaitingListEntry, WaitingListOffer
from planning.queries import waiting_list as query
from planning.queries.availability import Audience, Search, bookable
from planning.rules.holder import holder_digest
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_move_by_usager import RdvNotMovable, move_rdv_by_usager
from planning.services.waiting_list_end import close_offers, end_entries
from planning.services.waiting_list_offer import actor_of
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Rdv

# Enough to type a name; the journey then holds it as for anybody (decision 19).
TO_TYPE = timedelta(minutes=10)


class OfferOver(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Answered, expired or withdrawn: nothing is held any more."""


class OfferTaken(DomainError):  # noqa: N818
    """An agent gave that time to somebody: offers bind the public only."""


def accept_to_book(*, offer_id: int, now: datetime) -> WaitingListOffer:
    """Take the créneau of an offer, held under `offer_key` while the person says who they are.

    Accepting again while it is held is accepting once. The entry ends when the RDV exists. Raises
    OfferOver, OfferTaken.
    """
    with transaction.atomic():
        offer = _lock(offer_id)
        refusal = None if _is_held(offer, now) else _refusal(offer, now)
        if refusal is None and not _is_free(offer, now):
            refusal = _withdraw(offer, now)
        if refusal is None:
            _accept(offer, now)
            holds = SlotHold.objects.filter(holder=_holder(offer), expires_at__lt=now + TO_TYPE)
            holds.update(expires_at=now + TO_TYPE)
    # Raised out of the transaction: that the offer is over must stay.
    if refusal is not None:
        raise refusal
    return offer


def accept_to_move(*, offer_id: int, now: datetime) -> Rdv:
    """Move the RDV of who waits to the créneau of the offer, in one transaction.

    A second click finds the RDV there. Raises OfferOver, OfferTaken, RetryLaterError.
    """
    rdv: Rdv | None = None
    with transaction.atomic():
        offer = _lock(offer_id)
        if offer.outcome == Outcome.ACCEPTED and offer.rdv is not None:
            return offer.rdv
        refusal = _refusal(offer, now)
        if refusal is None:
            try:
                rdv = _move(offer, now)
            except SlotTaken:
                refusal = _withdraw(offer, now)
            except RdvNotMovable as no:
                # Cancelled or moved since: the reason is about the RDV.
                refusal = _withdraw(offer, now, no.message)
    if refusal is not None:
        raise refusal
    assert rdv is not None
    return rdv


@transaction.atomic
def decline_offer(*, offer_id: int, now: datetime) -> bool:
    """Leave the créneau to the next person; False when it was answered or over already."""
    offer = _lock(offer_id)
    mine = WaitingListOffer.objects.filter(pk=offer.pk)
    return bool(close_offers(mine, outcome=Outcome.DECLINED, now=now))


def _lock(offer_id: int) -> WaitingListOffer:
    """Hold the entry, then the offer, and return it as it is now."""
    entries = WaitingListEntry.objects.filter(offers=offer_id)
    list(entries.select_for_update(of=("self",), no_key=True).values_list("pk"))
    rows = WaitingListOffer.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related(
        "rdv", "entry__motif", "entry__participation__rdv", "entry__participation__usager"
    ).get(pk=offer_id)


def _refusal(offer: WaitingListOffer, now: datetime) -> DomainError | None:
    """Return why the offer cannot be taken any more; what is over is closed by the way."""
    if offer.outcome != Outcome.PENDING or offer.expires_at <= now:
        mine = WaitingListOffer.objects.filter(pk=offer.pk, expires_at__lte=now)
        close_offers(mine, outcome=Outcome.EXPIRED, now=now)
        return OfferOver(_("Cette proposition n’est plus valable."))
    return None


def _is_held(offer: WaitingListOffer, now: datetime) -> bool:
    """Tell whether it was accepted before, and the person has not finished."""
    holds = SlotHold.objects.alive(now).filter(holder=_holder(offer))
    return offer.outcome == Outcome.ACCEPTED and holds.exists()


def _is_free(offer: WaitingListOffer, now: datetime) -> bool:
    motif = offer.entry.motif_id
    visitor = query.offer_key(offer.uuid)
    search = Search(frozenset({motif}), Audience.USAGER, now, visitor=visitor)
    return bool(bookable(search, offer.starts_at, offer.lieu_id))


def _withdraw(offer: WaitingListOffer, now: datetime, reason: str = "") -> OfferTaken:
    mine = WaitingListOffer.objects.filter(pk=offer.pk)
    close_offers(mine, outcome=Outcome.WITHDRAWN, now=now)
    return OfferTaken(
        reason or _("Ce créneau vient d’être pris. Vous gardez votre place sur la liste d’attente.")
    )


def _accept(offer: WaitingListOffer, now: datetime) -> None:
    if offer.outcome == Outcome.PENDING:
        offer.outcome, offer.answered_at = Outcome.ACCEPTED, now
        offer.save(update_fields=["outcome", "answered_at", "rdv"])


def _move(offer: WaitingListOffer, now: datetime) -> Rdv:
    """Move, end the entry, free the hold: together, or not at all."""
    participation = offer.entry.participation
    assert participation is not None
    with transaction.atomic():
        rdv = move_rdv_by_usager(
            rdv_id=participation.rdv_id,
            lieu_id=offer.lieu_id,
            starts_at=offer.starts_at,
            actor=actor_of(participation),
            now=now,
            visitor=query.offer_key(offer.uuid),
        )
        offer.rdv = rdv
        _accept(offer, now)
        entries = WaitingListEntry.objects.filter(pk=offer.entry_id)
        end_entries(entries, end=EntryEnd.SERVED, now=now)
        SlotHold.objects.filter(holder=_holder(offer)).delete()
        return rdv


def _holder(offer: WaitingListOffer) -> str:
    return holder_digest(query.offer_key(offer.uuid))
