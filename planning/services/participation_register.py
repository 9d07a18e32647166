"""Register people in a workshop: the last seat goes to one person only (E07, planning §5).

Agents, usagers and prescripteurs pass by here, and the agents of other organisations (B04). Locks,
in the order of every booking: the fiches, the openings, then the RDV, whose row holds the seats.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agents.permissions import AgentActor, Permission, PrescripteurActor, UsagerActor
from motifs.queries.suspension import suspension_of
from planning.models import Action, Participation, Rdv, Status
from planning.policies import rdvs_for
from planning.rules import booking, registration
from planning.rules.status import ACTIVE
from planning.services.agenda_lock import limit_waiting
from planning.services.opening_lock import hold_opening
from planning.services.rdv_announce import announce_joined
from planning.services.rdv_book import refusals_in_french
from planning.services.rdv_create import attach_people
from planning.services.rdv_history import record
from planning.slots.seats import Seats
from rdv.common.errors import DomainError
from usagers.models import Rattachement, Usager
from usagers.policies import usagers_bookable, usagers_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Organisation
    from agents.permissions import Actor


class WorkshopFull(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Not enough seats: `seats` are those of the moment. An agent may overbook on purpose."""

    def __init__(self, seats: Seats) -> None:
        left = seats.left or 0
        super().__init__(
            ngettext(
                "Il ne reste qu’une place.", "Il ne reste que %(left)s places.", left
            ) % {"left": left}
            if left
            else _("Il ne reste plus de place.")
        )  # fmt: skip
        self.seats = seats


class RegistrationRefused(DomainError):  # noqa: N818
    """The workshop, or the person, cannot be registered by that actor: the message says why."""


@dataclass(frozen=True)
class _Door:
    """By which somebody comes in. With `prescribed_from`, an agent sends people as a partner does.

    They go by what the public may join, are refused overbooking, and see nothing of the workshop.
    """

    actor: Actor
    prescribed_from: Organisation | None = None

    @property
    def is_desk(self) -> bool:
        return isinstance(self.actor, AgentActor) and self.prescribed_from is None

    @property
    def levels(self) -> tuple[str, ...]:
        partner = isinstance(self.actor, PrescripteurActor) or self.prescribed_from
        return booking.OPEN_TO_PRESCRIPTEURS if partner else booking.OPEN_TO_USAGERS

    def author(self, rdv: Rdv) -> dict[str, int]:
        """Return the columns that say who registers."""
        actor = self.actor
        if isinstance(actor, AgentActor) and self.prescribed_from is not None:
            origin = self.prescribed_from.pk
            return {"created_by_agent_id": actor.agent_id, "prescribed_from_id": origin}
        if isinstance(actor, AgentActor):
            return {"created_by_agent_id": actor.agent_id}
        if isinstance(actor, PrescripteurActor):
            return {"prescripteur_id": actor.prescripteur_id}
        if isinstance(actor, UsagerActor):
            territoire = rdv.organisation.territoire_id
            own = Usager.objects.get(pk__in=actor.usager_ids, territoire=territoire)
            return {"created_by_usager_id": own.pk}
        raise TypeError("Nobody else registers people.")


@dataclass(frozen=True)
class Registration:
    """`added` are told; nothing is written nor said for `already`."""

    rdv: Rdv
    added: tuple[Participation, ...]
    already: tuple[Participation, ...]


def register(
    *,
    rdv_id: int,
    usager_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    accepts_overbooking: bool = False,
    notifies: bool = True,
    prescribed_from: Organisation | None = None,
) -> Registration:
    """Register the people, once each; confirm to those who were not there, tell the agents.

    An usager registers one member of their family, instead of the one who was; within the delays
    of a motif open online. Who had left is back as « inscrit ». `accepts_overbooking` and
    `notifies` are those of an agent of the workshop; one of another organisation sends people
    `prescribed_from` their own. Raises WorkshopFull, RegistrationRefused, RetryLaterError.
    """
    door = _Door(actor, prescribed_from)
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        seen = _seen(rdv_id)
        usagers = _lock_usagers(seen, usager_ids, door)
        if not door.is_desk:  # the public's way in: what is closed is refused below
            hold_opening(motif_id=seen.motif_id, lieu_id=None)
        rdv = _lock_rdv(rdv_id, door)
        _check(rdv, door, now)
        rows = {row.usager_id: row for row in rdv.participations.order_by("pk")}
        coming = [usager for usager in usagers if not _is_active(rows.get(usager.pk))]
        already = tuple(rows[usager.pk] for usager in usagers if _is_active(rows.get(usager.pk)))
        if not coming:
            return Registration(rdv, (), already)
        leaving = _replaced(rows.values(), coming, actor)
        if not (accepts_overbooking and door.is_desk):
            taken = sum(_is_active(row) for row in rows.values()) - len(leaving)
            _check_seats(Seats(rdv.seats_total, taken), len(coming))
        added = _write(rdv, rows, coming, leaving, door=door, now=now)
        told, keys = notifies or not door.is_desk, [row.pk for row in added]
        announce_joined(rdv, actor=actor, now=now, participation_ids=keys, notifies=told)
        return Registration(rdv, tuple(added), already)


def _check_seats(seats: Seats, more: int) -> None:
    if not seats.holds(more):
        raise WorkshopFull(seats)


def _write(
    rdv: Rdv,
    rows: Mapping[int, Participation],
    coming: list[Usager],
    leaving: list[Participation],
    *,
    door: _Door,
    now: datetime,
) -> list[Participation]:
    """Write who comes and who leaves, and the history; return who comes."""
    _attach(rdv, coming, door.actor, now)
    changes = _leave(leaving, now)
    added = [_enter(rdv, usager, rows.get(usager.pk), door, now) for usager in coming]
    for row in added:
        changes[f"participation:{row.pk}"] = ("", str(Status.UNKNOWN))
    rdv.version += 1  # somebody is told: the row is locked
    rdv.save(update_fields=["version"])
    record(rdv, action=Action.EDITED, actor=door.actor, at=now, changes=changes)
    return added


def _is_active(row: Participation | None) -> bool:
    return row is not None and row.status in ACTIVE


def _seen(rdv_id: int) -> Rdv:
    rdv = Rdv.objects.select_related("organisation__territoire").filter(pk=rdv_id).first()
    if rdv is None:
        raise RegistrationRefused(_gone())
    return rdv


def _lock_usagers(rdv: Rdv, usager_ids: Sequence[int], door: _Door) -> list[Usager]:
    """Hold the fiches that the actor may register, in the order of their keys."""
    wanted = set(usager_ids)
    rows = _registrable(rdv, door).filter(pk__in=wanted).order_by("pk")
    found = list(rows.select_related("responsable").select_for_update(of=("self",), no_key=True))
    if not wanted or len(found) != len(wanted):
        raise RegistrationRefused(_("Cette personne ne peut pas être inscrite."))
    if isinstance(door.actor, UsagerActor) and len(wanted) > 1:
        raise RegistrationRefused(_("Une seule personne par famille peut s’inscrire."))
    return found


def _registrable(rdv: Rdv, door: _Door) -> QuerySet[Usager]:
    actor = door.actor
    if isinstance(actor, AgentActor):
        rows: QuerySet[Usager] = usagers_bookable(actor, door.prescribed_from or rdv.organisation)
        return rows
    territoire = rdv.organisation.territoire_id
    if isinstance(actor, UsagerActor):
        return usagers_for(actor, Permission.USAGER_READ).filter(territoire=territoire)
    if isinstance(actor, PrescripteurActor):
        return Usager.objects.living().filter(territoire=territoire)
    raise RegistrationRefused(_("Cette personne ne peut pas être inscrite."))


def _lock_rdv(rdv_id: int, door: _Door) -> Rdv:
    rows = Rdv.objects.kept()
    if door.is_desk:
        rows = rdvs_for(door.actor, Permission.RDV_EDIT)
    rdv = (
        rows.select_for_update(of=("self",))
        .select_related("motif", "lieu", "organisation__territoire")
        .filter(pk=rdv_id, motif__is_collective=True)
        .first()
    )
    if rdv is None:
        raise RegistrationRefused(_gone())
    return rdv


def _check(rdv: Rdv, door: _Door, now: datetime) -> None:
    if door.is_desk:
        refusal = registration.refusal_of_agent(status=rdv.status)
    else:
        motif, organisation = rdv.motif, rdv.organisation
        motif.organisation = organisation
        refusal = registration.refusal_of_public(
            status=rdv.status,
            is_open=motif.booking_level in door.levels
            and not motif.is_follow_up
            and motif.archived_at is None
            and organisation.archived_at is None
            and suspension_of(motif, now=now) is None,
            starts_at=rdv.starts_at,
            min_delay=timedelta(minutes=motif.min_delay_minutes),
            max_delay=timedelta(minutes=motif.max_delay_minutes),
            now=now,
        )
    if refusal:
        raise RegistrationRefused(_(refusal))


def _replaced(
    rows: Iterable[Participation], coming: list[Usager], actor: Actor
) -> list[Participation]:
    """Return the other members of the usager's family, who give their seat."""
    if not isinstance(actor, UsagerActor):
        return []
    keys = {usager.pk for usager in coming}
    return [
        row
        for row in rows
        if _is_active(row) and row.usager_id in actor.family_ids and row.usager_id not in keys
    ]


def _attach(rdv: Rdv, usagers: list[Usager], actor: Actor, now: datetime) -> None:
    """Make the people known by the organisation; an agent's choice is audited (decision 13)."""
    if isinstance(actor, AgentActor):
        attach_people(rdv, usagers, actor=actor, now=now)
        return
    people = {row.pk for usager in usagers for row in (usager, usager.to_notify)}
    Rattachement.objects.bulk_create(
        [Rattachement(usager_id=pk, organisation=rdv.organisation) for pk in sorted(people)],
        ignore_conflicts=True,
    )


def _leave(rows: list[Participation], now: datetime) -> dict[str, tuple[str, str]]:
    changes = {f"participation:{row.pk}": (str(row.status), str(Status.EXCUSED)) for row in rows}
    for row in rows:
        row.status, row.cancelled_at = Status.EXCUSED, now
        row.save(update_fields=["status", "cancelled_at"])
    return changes


def _enter(
    rdv: Rdv, usager: Usager, row: Participation | None, door: _Door, now: datetime
) -> Participation:
    """Write the participation, or bring back the one that was cancelled."""
    if row is None:
        told = rdv.motif.notifies_usagers
        return Participation.objects.create(
            rdv=rdv,
            usager=usager,
            notifies_changes=told,
            notifies_reminder=told,
            created_at=now,
            **door.author(rdv),
        )
    refusal = registration.refusal_to_return(status=row.status)
    if refusal and not door.is_desk:
        raise RegistrationRefused(_(refusal))
    row.status, row.cancelled_at, row.arrived_at = Status.UNKNOWN, None, None
    row.save(update_fields=["status", "cancelled_at", "arrived_at"])
    if isinstance(door.actor, PrescripteurActor) or door.prescribed_from:
        _bring_back(row, door.author(rdv))
    return row


def _bring_back(row: Participation, author: Mapping[str, int]) -> None:
    """Write that who prescribes, and nobody else, brings that person now."""
    row.created_by_agent = row.created_by_usager = row.prescribed_from = row.prescripteur = None
    for name, value in author.items():
        setattr(row, name, value)
    row.save(
        update_fields=["created_by_agent", "created_by_usager", "prescribed_from", "prescripteur"]
    )


def _gone() -> str:
    return _("Ce rendez-vous collectif n’existe plus.")
