"""What those who wait are told: that they are on the list, then a créneau (A09, decision 28)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import translation
from django.utils.translation import gettext as _

from notifications.messages import facts, render
from notifications.models import Channel
from notifications.outbox import enqueue_all
from rdv.common.french import duration_text, instant_text

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv, WaitingListOffer

JOINED = "waiting_list_joined"
OFFER = "waiting_list_offer"


@dataclass(frozen=True)
class Address:
    """Where somebody is told; an empty channel is closed. `phone` is a mobile."""

    email: str
    phone: str
    language: str
    name: str = ""

    @property
    def channels(self) -> list[Channel]:
        channels = [Channel.EMAIL] if self.email else []
        return channels + ([Channel.SMS] if self.phone else [])


def announce_joined(
    address: Address, rdv: Rdv, *, url: str, occurrence: str, now: datetime
) -> list[OutboxMessage]:
    """Confirm that somebody waits; `url` removes them. `rdv` is what they wait for, no date."""
    return enqueue_all(joined(address, rdv, url=url, occurrence=occurrence), now=now)


def announce_offer(
    address: Address,
    rdv: Rdv,
    *,
    offer: WaitingListOffer,
    participation: Participation | None,
    url: str,
    now: datetime,
) -> list[OutboxMessage]:
    """Queue one message by channel; none leaves once the offer is over."""
    moves = participation is not None
    messages = offered(address, rdv, offer=offer, moves=moves, url=url)
    if participation is not None:
        for message in messages:
            message.participation, message.rdv = participation, participation.rdv
    return enqueue_all(messages, now=now)


def joined(address: Address, rdv: Rdv, *, url: str, occurrence: str) -> list[OutboxMessage]:
    """Return one unsaved message by channel; `occurrence` is said once."""
    with translation.override(address.language):
        context = {
            "rows": [*_what(rdv), *_where(rdv)],
            "organisation": rdv.organisation.name,
            "contact": facts.contact_of(rdv),
            "link": url,
        }
        return [
            _message(JOINED, channel, address, context, rdv, dedup=f"{occurrence}:{channel}")
            for channel in address.channels
        ]


def offered(
    address: Address, rdv: Rdv, *, offer: WaitingListOffer, moves: bool, url: str
) -> list[OutboxMessage]:
    """Return one unsaved message by channel. An SMS names neither motif nor person.

    `rdv` is the one that the offer would make, unsaved; `moves`: it takes the place of another.
    """
    until = offer.expires_at.astimezone(rdv.organisation.territoire.zone)
    with translation.override(address.language):
        when = [(_("Date"), facts.when(rdv)), (_("Durée"), duration_text(rdv.duration_minutes))]
        context = {
            "when": facts.when(rdv),
            "when_short": facts.when_short(rdv),
            "until": instant_text(until),
            "until_short": f"{until.hour}h{until:%M}",
            "rows": [*when, *_what(rdv), *_where(rdv)],
            "organisation": rdv.organisation.name,
            "moves": moves,
            "contact": facts.contact_of(rdv),
            "link": url,
        }
        messages = [
            _message(OFFER, channel, address, context, rdv, dedup=f"{offer.uuid}:{channel}")
            for channel in address.channels
        ]
    for message in messages:
        message.expires_at = offer.expires_at
    return messages


def _message(
    kind: str,
    channel: Channel,
    address: Address,
    context: dict[str, object],
    rdv: Rdv,
    *,
    dedup: str,
) -> OutboxMessage:
    columns: dict[str, Any] = {
        "recipient_name": address.name,
        "dedup_key": f"{kind}:{dedup}",
        "secret_link": context["link"],
        "organisation": rdv.organisation,
        "language": address.language,
    }
    if channel == Channel.EMAIL:
        reply_to = rdv.organisation.email
        return render.email(kind, context, recipient=address.email, reply_to=reply_to, **columns)
    place, phone = facts.place_short(rdv), facts.contact_of(rdv).phone
    return render.sms(kind, context, place=place, phone=phone, recipient=address.phone, **columns)


def _what(rdv: Rdv) -> list[tuple[str, str]]:
    return [(_("Rendez-vous"), rdv.motif.name), (_("Avec"), rdv.organisation.name)]


def _where(rdv: Rdv) -> list[tuple[str, str]]:
    if rdv.lieu:
        return [(_("Lieu"), f"{rdv.lieu.name}, {rdv.lieu.address}")]
    if rdv.motif.requires_lieu:
        return [(_("Lieu"), _("Tous les lieux"))]
    return [(_("Comment"), str(facts.PLACES_FOR_USAGERS[rdv.motif.location_type]))]
