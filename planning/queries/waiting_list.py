"""Who waits for what, and what their links open (A09, decision 28)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.permissions import TokenActor, UsagerActor
from motifs.models import (
    Availability,
    BookingLevel,
    LocationType,
    Motif,
    SectorisationLevel,
    Visibility,
)
from notifications.messages.recipients import mobile_of
from planning.models import (
    Action,
    EntryEnd,
    Outcome,
    Participation,
    RdvEvent,
    WaitingListEntry,
    WaitingListOffer,
)
from planning.queries.rdv_move_by_usager import refusal_to_move
from planning.rules import waiting_list as rule
from planning.rules.status import CANCELLED
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from planning.models import Rdv, SlotHold

Offered = set[tuple[int, "datetime", int | None]]
"""Entry, start, lieu."""


def waits_online(motif: Motif) -> bool:
    """Tell whether people may wait for this motif."""
    return (
        motif.has_waiting_list
        and motif.is_open_online
        and not motif.is_collective
        and not motif.is_follow_up
        # A list knows no address: it could not say who receives (docs/adr/0019).
        and motif.sectorisation_level == SectorisationLevel.DEPARTEMENT
        and motif.visibility != Visibility.INVISIBLE
    )


_OFFER = "waiting-list-offer:"


def offer_key(offer_uuid: object) -> str:
    """Return the raw key under which a créneau is held for an offer."""
    return f"{_OFFER}{offer_uuid}"


def address_of(visitor: str) -> dict[str, str]:
    """Return the e-mail or the phone of who accepted an offer and goes on under its key."""
    if not visitor.startswith(_OFFER):
        return {}
    offers = WaitingListOffer.objects.filter(uuid=visitor.removeprefix(_OFFER))
    entry = WaitingListEntry.objects.filter(offers__in=offers, participation=None).first()
    if entry is None:
        return {}
    phone = entry.phone_number.as_national if entry.phone_number else ""
    return {"email": entry.email, "phone_number": phone}


def offer_of_link(secret: str) -> WaitingListOffer | None:
    rows = WaitingListOffer.objects.select_related(
        "lieu",
        "entry__motif__organisation__territoire",
        "entry__motif__service",
        "entry__participation__rdv",
        "entry__participation__usager__responsable",
    )
    return rows.filter(digest=link_digest(secret)).first()


def entry_of_link(secret: str) -> WaitingListEntry | None:
    """Return the entry that a removal link names, ended or not."""
    rows = WaitingListEntry.objects.select_related("motif__organisation__territoire", "lieu")
    return rows.filter(removal_digest=link_digest(secret)).first()


def own_participation(rdv: Rdv, actor: Actor | None) -> Participation | None:
    """Return the first active participation of the actor's family in `rdv`."""
    rows = Participation.objects.active().filter(rdv=rdv).order_by("pk")
    if isinstance(actor, UsagerActor):
        rows = rows.filter(usager__in=actor.family_ids)
    elif isinstance(actor, TokenActor):
        rows = rows.filter(Q(usager=actor.usager_id) | Q(usager__responsable=actor.usager_id))
    else:
        rows = rows.none()
    return rows.select_related("usager__responsable").first()


def refusal_to_wait(
    rdv: Rdv, participation: Participation, *, actor: Actor | None, now: datetime
) -> str | None:
    """Return why this RDV may not wait for an earlier date, in French, or None."""
    motif = rdv.motif
    person = participation.usager.to_notify
    reached = (person.email and person.notifies_by_email) or (
        mobile_of(person) and person.notifies_by_sms
    )
    return rule.refusal_to_wait(
        starts_at=rdv.starts_at,
        motif_waits=waits_online(motif),
        is_at_home=motif.location_type == LocationType.DOMICILE,
        is_told=motif.notifies_usagers and bool(reached),
        refusal_to_move=refusal_to_move(rdv, actor=actor, now=now),
        now=now,
    )


def switch_of(rdv: Rdv, *, actor: Actor | None, now: datetime) -> str:
    """Return "on" or "off", what the page of a RDV shows; "" when it has no waiting list."""
    is_far = rdv.starts_at - now > rule.FAR
    if not is_far or not waits_online(rdv.motif):
        return ""
    participation = own_participation(rdv, actor)
    if participation is None:
        return ""
    if WaitingListEntry.objects.filter(participation__rdv=rdv, ended_at=None).exists():
        return "on"
    refusal = refusal_to_wait(rdv, participation, actor=actor, now=now)
    return "" if refusal else "off"


def waiting_motifs() -> list[int]:
    """Return the motifs somebody waits for, the oldest entry first. One statement."""
    keys = WaitingListEntry.objects.waiting().values_list("motif", flat=True)
    return list(dict.fromkeys(keys))


def free_entries(motif_id: int, *, now: datetime) -> list[WaitingListEntry]:
    """Return who waits for the motif and has no offer before them, first come first."""
    return list(_without_offer(now).filter(motif=motif_id))


def free_entry(entry_id: int, *, now: datetime) -> WaitingListEntry | None:
    """Return that entry if it waits and has no offer before it."""
    return _without_offer(now).filter(pk=entry_id).first()


def _without_offer(now: datetime) -> QuerySet[WaitingListEntry]:
    under_way = WaitingListOffer.objects.filter(
        Q(outcome=Outcome.PENDING)
        | Q(outcome=Outcome.ACCEPTED, answered_at__gt=now - rule.TO_FINISH),
        entry=OuterRef("pk"),
    )
    return (
        WaitingListEntry.objects.waiting()
        .filter(~Exists(under_way))
        .select_related(
            "motif__organisation__territoire",
            "participation__rdv__motif",
            "participation__rdv__organisation",
            "participation__usager__responsable",
        )
    )


def people_of(entry: WaitingListEntry) -> frozenset[str]:
    """Return what names the person who is told: one notice a day for each of these."""
    if entry.participation is None:
        return frozenset(filter(None, {entry.email.lower(), str(entry.phone_number or "")}))
    person = entry.participation.usager.to_notify
    known = {f"usager:{person.pk}", (person.email or "").lower(), mobile_of(person)}
    return frozenset(filter(None, known))


def told_since(since: datetime) -> set[str]:
    """Return who was offered something since then, for any motif. One statement."""
    offers = WaitingListOffer.objects.filter(offered_at__gte=since)
    rows = offers.select_related("entry__participation__usager__responsable")
    return {name for offer in rows for name in people_of(offer.entry)}


def offered_before(entry_ids: Iterable[int]) -> Offered:
    """Return (entry, start, lieu) of all that was already offered. One statement."""
    rows = WaitingListOffer.objects.filter(entry__in=list(entry_ids))
    return set(rows.values_list("entry", "starts_at", "lieu"))


def was_offered(entry: WaitingListEntry, hold: SlotHold) -> bool:
    """Tell whether that time of that agent was offered to the person, at any lieu."""
    same = WaitingListOffer.objects.filter(agent=hold.agent_id, starts_at=hold.starts_at)
    return same.filter(entry=entry).exists()


def ending(now: datetime) -> list[tuple[EntryEnd, QuerySet[WaitingListEntry]]]:
    """Return which entries are over, and why; the first reason wins."""
    entries = WaitingListEntry.objects.filter(ended_at=None).order_by("pk")
    with_rdv, without = Q(participation__isnull=False), Q(participation=None)
    too_old = Q(created_at__lte=now - rule.WAITS)
    return [
        (EntryEnd.RDV_OVER, entries.filter(with_rdv, _rdv_over(now))),
        (EntryEnd.SERVED, entries.filter(without, Exists(_booked_since()))),
        (EntryEnd.CLOSED, entries.filter(_closed())),
        (EntryEnd.EXPIRED, entries.filter(without, too_old)),
    ]


def _rdv_over(now: datetime) -> Q:
    """Cancelled, deleted, moved by anybody since, or so near that nothing earlier is offered."""
    moved = RdvEvent.objects.filter(
        rdv=OuterRef("participation__rdv"), action=Action.MOVED, at__gt=OuterRef("created_at")
    )
    return (
        Q(participation__status__in=CANCELLED)
        | Q(participation__rdv__status__in=CANCELLED)
        | Q(participation__rdv__hidden_at__isnull=False)
        | Q(participation__rdv__starts_at__lte=now + rule.EARLIER_BY)
        | Q(Exists(moved))
    )


def _booked_since() -> QuerySet[Participation]:
    """RDVs of the motif that the same address booked since, in whatever way."""
    email, phone = OuterRef("email"), OuterRef("phone_number")
    mail = ~Q(usager__email="") & Q(usager__email__iexact=email)
    call = ~Q(usager__phone_number="") & Q(usager__phone_number=phone)
    responsable = Q(usager__responsable__email__iexact=email)
    return Participation.objects.active().filter(
        mail | call | responsable,
        rdv__motif=OuterRef("motif"),
        rdv__created_at__gte=OuterRef("created_at"),
        rdv__hidden_at=None,
    )


def _closed() -> Q:
    """The motif, its organisation or the lieu receives online no more."""
    return (
        Q(motif__archived_at__isnull=False)
        | ~Q(motif__booking_level=BookingLevel.USAGERS)
        | Q(motif__has_waiting_list=False)
        | Q(motif__is_collective=True)
        | Q(motif__is_follow_up=True)
        | Q(motif__visibility=Visibility.INVISIBLE)
        | Q(motif__organisation__archived_at__isnull=False)
        | (Q(lieu__isnull=False) & ~Q(lieu__availability=Availability.OPEN))
    )
