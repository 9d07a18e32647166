"""Workshops and their seats, as agents may see them (E07, planning §5)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Prefetch, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.models import Agent
from agents.permissions import Permission
from agents.policies import colleagues_in
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for
from planning.policies import rdvs_for
from planning.queries.rdv_status import display_of, status_display
from planning.rules.status import ACTIVE, Moment, next_participation_statuses
from planning.slots.seats import Seats
from rdv.common.timezones import day_bounds, local_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif
    from planning.models import Participation, Rdv, RdvQuerySet
    from planning.queries.rdv_status import StatusDisplay


@dataclass(frozen=True)
class Workshop:
    rdv: Rdv
    status: StatusDisplay
    seats: Seats
    words: str


@dataclass(frozen=True)
class Attendee:
    """`offers`: the statuses that a click may give, of `next_participation_statuses`."""

    participation: Participation
    offers: tuple[str, ...]
    words: str


def workshops_for(actor: Actor | None, permission: Permission) -> RdvQuerySet:
    """Return the workshops that `actor` may touch, with their seats taken, in order of time."""
    return (
        rdvs_for(actor, permission)
        .filter(motif__is_collective=True)
        .annotate(taken=Count("participations", Q(participations__status__in=ACTIVE)))
        .select_related("organisation__territoire", "motif__service", "lieu")
        .prefetch_related(Prefetch("agents", Agent.objects.select_related("account")))
        .order_by("starts_at", "pk")
    )


def listed_workshops(
    actor: Actor | None,
    organisation: Organisation,
    *,
    first_day: date | None,
    motif: Motif | None = None,
    with_seats: bool = False,
) -> RdvQuerySet:
    """Return those of the organisation from a day on; `with_seats`: where somebody may still go."""
    rows = workshops_for(actor, Permission.RDV_READ).filter(organisation=organisation)
    if first_day:
        start = day_bounds(first_day, organisation.territoire.zone)[0]
        rows = rows.filter(starts_at__gte=start)
    if motif:
        rows = rows.filter(motif=motif)
    if with_seats:
        free = Q(seats_total=None) | Q(taken__lt=F("seats_total"))
        rows = rows.filter(free, status__in=ACTIVE)
    return rows


def workshop_of(rdv: Rdv, *, now: datetime) -> Workshop:
    """Return the words of a row of `workshops_for`."""
    seats = Seats(rdv.seats_total, rdv.taken)  # type: ignore[attr-defined]
    return Workshop(rdv, display_of(rdv, now=now), seats, seats_words(seats))


def workshops(rdvs: Iterable[Rdv], *, now: datetime) -> list[Workshop]:
    return [workshop_of(rdv, now=now) for rdv in rdvs]


def seats_words(seats: Seats) -> str:
    """Return « 3 places restantes sur 8 », « Complet » or « 12 inscrits pour 10 places »."""
    if seats.total is None:
        taken = ngettext("%(n)s inscrit", "%(n)s inscrits", seats.taken) % {"n": seats.taken}
        return _("%(taken)s, sans limite de places") % {"taken": taken}
    if seats.is_overbooked:
        both = {"n": seats.taken, "m": seats.total}
        return ngettext("%(n)s inscrits pour %(m)s place", "%(n)s inscrits pour %(m)s places",
                        seats.total) % both  # fmt: skip
    if seats.is_full:
        return _("Complet")
    return ngettext(
        "%(n)s place restante sur %(m)s", "%(n)s places restantes sur %(m)s", seats.left or 0
    ) % {"n": seats.left, "m": seats.total}


def attendees(rdv: Rdv, *, now: datetime) -> list[Attendee]:
    """Return the people of a workshop, those who left last."""
    zone = rdv.organisation.territoire.zone
    moment = Moment(rdv.starts_at, local_day(rdv.starts_at, zone), now, local_day(now, zone))
    rows = rdv.participations.select_related("usager__responsable").order_by("usager__search_key")
    people = [
        Attendee(
            participation=row,
            offers=next_participation_statuses(row.status, rdv_status=rdv.status, moment=moment),
            words=str(status_display(row.status, is_person=True).label),
        )
        for row in rows
    ]
    return sorted(people, key=lambda person: person.participation.is_cancelled)


def collective_motifs(actor: Actor | None, organisation: Organisation) -> QuerySet[Motif]:
    """Return the motifs of workshops that `actor` may use there."""
    return (
        motifs_for(actor, Permission.MOTIF_USE)
        .filter(organisation=organisation, is_collective=True, archived_at=None)
        .select_related("service")
        .order_by("name", "pk")
    )


def workshop_agents(actor: Actor | None, organisation: Organisation) -> QuerySet[Agent]:
    """Return whose agendas `actor` may put a workshop in (decision 9)."""
    return colleagues_in(actor, Permission.AGENDA_READ, organisation).select_related("account")


def workshop_lieux(actor: Actor | None, organisation: Organisation) -> QuerySet[Lieu]:
    return (
        lieux_for(actor, Permission.LIEU_READ)
        .filter(organisation=organisation, availability=Availability.OPEN)
        .order_by("name", "pk")
    )


def likely_choices(
    actor: Actor | None, organisation: Organisation
) -> tuple[Motif | None, Lieu | None]:
    """Return what a new workshop most often takes: the motif when there is one only, a lieu."""
    motifs = list(collective_motifs(actor, organisation)[:2])
    return (motifs[0] if len(motifs) == 1 else None), workshop_lieux(actor, organisation).first()
