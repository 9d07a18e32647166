"""What one act on several RDVs says to a person: one message for all of theirs (E10).

The agents get one mail a RDV all the same: a REQUEST or a CANCEL holds one UID only (RFC 5546), and
their calendars need them.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from django.utils import translation
from django.utils.translation import ngettext

from notifications.messages import facts, render
from notifications.messages.rdv import CANCELLED
from notifications.models import Channel
from notifications.outbox import enqueue_all, enqueue_grouped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from notifications.ics import Method
    from notifications.messages.facts import Contact
    from notifications.messages.occasion import Said
    from notifications.models import OutboxMessage
    from planning.models import Rdv

T = TypeVar("T")
ALL_CANCELLED, ALL_CHANGED = "rdvs_cancelled", "rdvs_changed"


@dataclass(frozen=True)
class Item:
    """One RDV of the e-mail. `extra` is that of its own message; `contact` None: said once."""

    when: str
    rows: Sequence[tuple[str, str]]
    link: str
    visio_url: str
    extra: Mapping[str, object]
    instructions: object
    contact: Contact | None


def send_gathered(said: Iterable[Said], *, now: datetime) -> None:
    """Queue one message by person and channel; the ordinary one when it is about one RDV.

    Call it in the transaction that changes the RDVs.
    """
    found = by_person_and_channel(said)
    enqueue_all([theirs[0].message for theirs in found if len(theirs) == 1], now=now)
    for theirs in found:
        if len(theirs) > 1:
            parts = [each.message for each in theirs]
            enqueue_grouped(grouped(theirs), parts, now=now)


def by_person_and_channel(said: Iterable[Said]) -> list[list[Said]]:
    """Return what each person is told by each channel, in order of time."""
    found: dict[tuple[int, str], list[Said]] = {}
    for each in said:
        key = (each.recipient.person.pk, str(each.message.channel))
        found.setdefault(key, []).append(each)
    return [sorted(theirs, key=_order) for theirs in found.values()]


def _order(said: Said) -> tuple[datetime, int]:
    return said.occasion.rdv.starts_at, said.occasion.rdv.pk


def grouped(theirs: Sequence[Said]) -> OutboxMessage:
    """Return the unsaved message that says all of `theirs`, in the language of the person.

    One person, one channel, two RDVs or more in order of time. It carries the links of its parts,
    which leave only if it does not.
    """
    first = theirs[0]
    is_all_cancelled = all(each.kind == CANCELLED for each in theirs)
    kind = ALL_CANCELLED if is_all_cancelled else ALL_CHANGED
    parts = [each.message for each in theirs]
    columns = {
        "recipient": first.message.recipient,
        "recipient_name": first.message.recipient_name,
        "dedup_key": f"{kind}:{first.message.channel}:{_digest(parts)}",
        "organisation": first.occasion.rdv.organisation,
        "expires_at": min(part.expires_at for part in parts if part.expires_at),
    }
    with translation.override(first.recipient.person.language):
        if first.message.channel == Channel.SMS:
            return _sms(kind, theirs, {"secret_link": first.message.secret_link, **columns})
        links = "\n".join(part.secret_link for part in parts)
        return _email(kind, theirs, {"secret_link": links, **columns})


def _digest(parts: Sequence[OutboxMessage]) -> str:
    keys = sorted(part.dedup_key for part in parts)
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()


def _email(kind: str, theirs: Sequence[Said], columns: Mapping[str, object]) -> OutboxMessage:
    occasion = theirs[0].occasion
    organisation = occasion.rdv.organisation
    rdvs = [each.occasion.rdv for each in theirs]
    contact = _shared([facts.contact_of(rdv) for rdv in rdvs])
    changed = [each for each in theirs if each.kind != CANCELLED]
    instructions = _shared([each.extra["instructions"] for each in changed])
    items = [_item(each, contact, instructions) for each in theirs]
    context = {
        "count": len(theirs),
        "period": facts.period(rdvs),
        "first_name": theirs[0].recipient.person.first_name,
        "organisation": organisation.name,
        "note": occasion.note,
        "cancelled": [
            item for item, each in zip(items, theirs, strict=True) if each.kind == CANCELLED
        ],
        "changed": [
            item for item, each in zip(items, theirs, strict=True) if each.kind != CANCELLED
        ],
        "instructions": instructions,
        "contact": contact,
        "booking_url": next(filter(None, (e.extra.get("booking_url") for e in theirs)), ""),
    }
    return render.email(
        kind,
        context,
        language=theirs[0].recipient.person.language,
        reply_to=organisation.email,
        ics=facts.ics_for_usager_of([_event(each) for each in theirs], now=occasion.now),
        ics_method="PUBLISH",
        **dict(columns),
    )


def _event(said: Said) -> tuple[Rdv, Method, str]:
    method: Method = "CANCEL" if said.kind == CANCELLED else "PUBLISH"
    return said.occasion.rdv, method, _visio(said)


def _visio(said: Said) -> str:
    return "" if said.kind == CANCELLED else said.occasion.links.visio


def _item(said: Said, contact: Contact | None, instructions: object) -> Item:
    rdv = said.occasion.rdv
    rows = facts.rows_for_usager(
        rdv,
        said.recipient,
        referents=said.occasion.referents,
        is_cancelled=said.kind == CANCELLED,
    )
    return Item(
        when=facts.when(rdv),
        rows=rows[1:],  # the date is its title
        link=said.message.secret_link,
        visio_url=_visio(said),
        extra=said.extra,
        instructions="" if instructions else said.extra.get("instructions", ""),
        contact=None if contact else facts.contact_of(rdv),
    )


def _shared(values: Sequence[T]) -> T | None:
    """Return what is the same for all, else None."""
    return values[0] if values and all(value == values[0] for value in values) else None


def _sms(kind: str, theirs: Sequence[Said], columns: Mapping[str, object]) -> OutboxMessage:
    """Say dates and places when they fit, else dates, else the period.

    Dates are better: a RDV that stands may lie between two that are cancelled.
    """
    contact = _shared([facts.contact_of(each.occasion.rdv) for each in theirs])
    return render.sms_of_several(
        kind,
        _sms_contexts(theirs),
        phone=contact.phone if contact else "",
        language=theirs[0].recipient.person.language,
        **dict(columns),
    )


def _sms_contexts(theirs: Sequence[Said]) -> Iterator[Mapping[str, object]]:
    cancelled = [each.occasion.rdv for each in theirs if each.kind == CANCELLED]
    changed = [each.occasion.rdv for each in theirs if each.kind != CANCELLED]
    link = theirs[0].message.secret_link
    place = _shared([facts.place_short(rdv) for rdv in [*cancelled, *changed]])

    def context(place: str | None, said_cancelled: str, said_changed: str) -> dict[str, object]:
        sentences = [_cancelled(cancelled, said_cancelled), _changed(changed, said_changed)]
        lines = [*filter(None, sentences), *filter(None, [place])]
        return {"lines": lines, "link": link}

    dates = _dates(cancelled), _dates(changed)
    yield context(place, dates[0], dates[1] if place else _dates_and_places(changed))
    yield context(None, *dates)
    yield context(None, "", "")


def _dates(rdvs: Sequence[Rdv]) -> str:
    return ", ".join(facts.when_shortest(rdv) for rdv in rdvs)


def _dates_and_places(rdvs: Sequence[Rdv]) -> str:
    return ", ".join(f"{facts.when_shortest(rdv)} ({facts.place_short(rdv)})" for rdv in rdvs)


def _cancelled(rdvs: Sequence[Rdv], dates: str) -> str:
    if not rdvs:
        return ""
    words = {"count": len(rdvs), "dates": dates}
    if dates:
        text = ngettext(
            "RDV annulé : %(dates)s", "Vos %(count)s RDV sont annulés : %(dates)s", len(rdvs)
        )
        return text % words
    words["period"] = facts.period_short(rdvs)
    text = ngettext(
        "Votre RDV %(period)s est annulé.", "Vos %(count)s RDV %(period)s sont annulés.", len(rdvs)
    )
    return text % words


def _changed(rdvs: Sequence[Rdv], dates: str) -> str:
    if not rdvs:
        return ""
    words = {"count": len(rdvs), "dates": dates}
    if dates:
        text = ngettext(
            "RDV modifié : %(dates)s", "Vos %(count)s RDV sont modifiés : %(dates)s", len(rdvs)
        )
        return text % words
    words["period"] = facts.period_short(rdvs)
    text = ngettext(
        "Votre RDV %(period)s est modifié.",
        "Vos %(count)s RDV %(period)s sont modifiés.",
        len(rdvs),
    )
    return text % words
