"""Tell those who wait: makes their links, gathers what is said (A09, decision 28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from notifications.messages import waiting_list as messages
from notifications.messages.recipients import Recipient, usagers_to_tell
from planning.models import Rdv

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import WaitingListEntry, WaitingListOffer


def announce_joined(entry: WaitingListEntry, *, secret: str, now: datetime) -> None:
    """Confirm to an address that it waits, with the link that removes it."""
    motif = entry.motif
    messages.announce_joined(
        messages.Address(entry.email, str(entry.phone_number or ""), entry.language),
        Rdv(motif=motif, organisation=motif.organisation, lieu=entry.lieu),
        url=settings.SITE_URL + reverse("usagers:waiting_list_remove", args=[secret]),
        # Said again to who asks again: the former link is dead.
        occurrence=entry.removal_digest or "",
        now=now,
    )


def announce_offer(offer: WaitingListOffer, *, secret: str, now: datetime) -> bool:
    """Queue the offer by the channels of who waits; False when none is open."""
    entry = offer.entry
    url = settings.SITE_URL + reverse("usagers:waiting_list_offer", args=[secret])
    participation = entry.participation
    if participation is None:
        address = messages.Address(entry.email, str(entry.phone_number or ""), entry.language)
    else:
        told = usagers_to_tell(participation.rdv, [participation])
        if not told:
            return False
        address = _address(told[0])
    messages.announce_offer(
        address, _rdv(offer), offer=offer, participation=participation, url=url, now=now
    )
    return True


def _address(recipient: Recipient) -> messages.Address:
    person = recipient.person
    return messages.Address(recipient.email, recipient.phone, person.language, person.full_name)


def _rdv(offer: WaitingListOffer) -> Rdv:
    """Return the RDV that the offer would make, unsaved: what messages speak of."""
    motif = offer.entry.motif
    return Rdv(
        motif=motif,
        organisation=motif.organisation,
        lieu=offer.lieu,
        starts_at=offer.starts_at,
        ends_at=offer.ends_at,
    )
