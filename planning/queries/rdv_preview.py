"""Who would be told of a RDV that is not written yet, how, and in which words (E05)."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from motifs.models import Availability, Lieu, LocationType
from notifications.messages import rdv as rdv_messages
from notifications.messages.recipients import Author, mobile_of
from notifications.models import Channel
from planning.models import Participation, Rdv
from planning.queries.visio import visio_link
from rdv.common.phones import national
from usagers.rules.masking import masked_email, masked_phone

if TYPE_CHECKING:
    from datetime import datetime

    from motifs.models import Motif
    from notifications.models import OutboxMessage
    from planning.queries.rdv_draft import Draft
    from usagers.models import Usager

# As long as the secret of a real link: the SMS is cut at the same letter.
SAMPLE_SECRET = "lienperso123"  # noqa: S105 - a sample


@dataclass(frozen=True)
class Reached:
    """How a person is reached: by themselves, or `through` their responsable.

    `email`, `phone`: the address, masked for who is not known; "" when the channel is closed.
    """

    usager: Usager
    email: str
    phone: str
    through: str

    @property
    def is_reached(self) -> bool:
        return bool(self.email or self.phone)


@dataclass(frozen=True)
class Texts:
    """What one recipient will read; a masked person's coordinates are left out of it."""

    name: str
    sms: OutboxMessage | None
    email: OutboxMessage | None
    is_masked: bool


def reached_people(draft: Draft) -> list[Reached]:
    """Return the channels of each person, in the order in which they were chosen."""
    return [_reached(usager) for usager in draft.usagers]


def _reached(usager: Usager) -> Reached:
    person = usager.to_notify
    known: bool = usager.is_known  # type: ignore[attr-defined]
    email = (person.email or "") if person.notifies_by_email else ""
    mobile = mobile_of(person) if person.notifies_by_sms else ""
    phone = national(mobile) if mobile else ""
    return Reached(
        usager=usager,
        email=email if known else masked_email(email),
        phone=phone if known else masked_phone(phone),
        through=person.full_name if usager.responsable and known else "",
    )


def preview_texts(draft: Draft, *, now: datetime) -> list[Texts]:
    """Return the very texts of the confirmation, one entry for each person who is told."""
    rdv = _unsaved_rdv(draft, now)
    if rdv is None or rdv.starts_at <= now:
        return []
    shown = {usager.pk: usager for usager in draft.usagers}
    people = [
        Participation(rdv=rdv, usager=_as_known(usager, rdv.motif), notifies_changes=True)
        for usager in draft.usagers
        if usager.is_known or usager.responsable_id is None  # type: ignore[attr-defined]
    ]
    occasion = rdv_messages.Occasion(
        rdv=rdv,
        author=Author(),
        links=_links(rdv),
        now=now,
        referents=tuple(a.short_name for a in draft.agents) if rdv.motif.is_follow_up else (),
    )
    return [
        _texts(recipient.person.full_name, messages, _is_masked(shown, recipient.participations))
        for recipient, messages in rdv_messages.confirmations(occasion, people)
    ]


def _is_masked(shown: dict[int, Usager], participations: tuple[Participation, ...]) -> bool:
    return any(
        not shown[row.usager_id].is_known  # type: ignore[attr-defined]
        for row in participations
    )


def _texts(name: str, messages: list[OutboxMessage], is_masked: bool) -> Texts:  # noqa: FBT001
    by_channel = {message.channel: message for message in messages}
    return Texts(name, by_channel.get(Channel.SMS), by_channel.get(Channel.EMAIL), is_masked)


def _as_known(usager: Usager, motif: Motif) -> Usager:
    """Return the person as the preview may know them: a mask holds here too (decision 13)."""
    if usager.is_known:  # type: ignore[attr-defined]
        return usager
    stand_in = copy(usager)
    stand_in.address = ""
    stand_in.email = "adresse@masquee.invalid" if usager.email else None
    # A mobile that nobody has, so that the SMS is written. Texts say it for a phone call only.
    says_it = motif.location_type == LocationType.TELEPHONE
    stand_in.phone_number = "" if says_it or not mobile_of(usager) else "+33639980000"
    return stand_in


def _unsaved_rdv(draft: Draft, now: datetime) -> Rdv | None:
    content = draft.content
    if draft.motif is None or content.starts_at is None or content.ends_at is None:
        return None
    lieu = draft.lieu
    if lieu is None and content.lieu_name:
        lieu = Lieu(
            organisation=draft.organisation,
            name=content.lieu_name,
            address=content.lieu_address,
            availability=Availability.SINGLE_USE,
        )
    return Rdv(
        organisation=draft.organisation,
        motif=draft.motif,
        lieu=lieu if draft.motif.requires_lieu else None,
        starts_at=content.starts_at,
        ends_at=content.ends_at,
        created_at=now,
    )


def _links(rdv: Rdv) -> rdv_messages.Links:
    sample = f"{settings.SITE_URL}{reverse('usagers:token_entry', args=[SAMPLE_SECRET])}"
    return rdv_messages.Links(
        personal=lambda _participation, _person: sample, rdv=sample, visio=visio_link(rdv)
    )
