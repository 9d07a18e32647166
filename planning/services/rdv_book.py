"""Book a créneau: lock, look again, write, tell (docs/adr/0006; decisions 10, 17, 18, 24)."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _
from psycopg.errors import DeadlockDetected, ExclusionViolation, LockNotAvailable

from agents.permissions import AgentActor, PrescripteurActor, TokenActor, UsagerActor
from motifs.models import Motif
from planning.models import Action, AgentRdv, Participation, Rdv, SlotHold
from planning.queries.availability import Audience, Search, bookable
from planning.rules import booking as rule
from planning.rules.holder import holder_digest
from planning.services.agenda_lock import busy_message, limit_waiting, lock_agendas
from planning.services.opening_lock import hold_opening
from planning.services.rdv_announce import announce_created
from planning.services.rdv_history import author_fiche, record
from rdv.common.errors import DomainError, RetryLaterError
from usagers.models import Rattachement, Usager
from usagers.queries.referents import referents_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class SlotTaken(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Nobody can take that time any more. Offer `availability.nearest_slots`."""


class RdvNotBookable(DomainError):  # noqa: N818
    """The motif is not open to that person, or the person is not of the territoire."""


class AlreadyBooked(DomainError):  # noqa: N818
    """The usager already has an upcoming RDV of that motif: `rdv` (A12)."""

    def __init__(self, message: str, rdv: Rdv) -> None:
        super().__init__(message)
        self.rdv = rdv


def book_rdv(
    *,
    motif_id: int,
    lieu_id: int | None,
    starts_at: datetime,
    usager_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    chosen_at: datetime | None = None,
    persons: int = 1,
    motif: Motif | None = None,
    visitor: str = "",
    prescribed_from: Organisation | None = None,
    sector_ids: frozenset[int] = frozenset(),
) -> Rdv:
    """Give the créneau to who keeps it for `visitor`, else the first registered agent who is free.

    `chosen_at`: decision 18. `motif` spares reading its organisation and territoire. What
    `visitor` (their raw key) holds is freed; what others hold is taken, except for agents, unless
    they send somebody from `prescribed_from` (B04). A sectorised motif goes to who receives
    `sector_ids`, except at home. SlotTaken, RdvNotBookable, AlreadyBooked, RetryLaterError.
    """
    with refusals_in_french(), transaction.atomic():
        usagers = _lock_usagers(usager_ids)
        motif = _hold_motif(motif or _motif(motif_id), lieu_id)
        audience, doors = _side(actor, prescribed_from)
        _check(motif, usagers, actor=actor, now=now, persons=persons, doors=doors)
        asked, who = frozenset({motif_id}), frozenset(usager_ids)
        search = Search(asked, audience, now, persons=persons, visitor=visitor, usager_ids=who)
        search = replace(search, sector_ids=sector_ids)
        named = _held_agent(visitor, starts_at)
        agent_id = choose_agent(search, starts_at, lieu_id, chosen_at, preferred=named)
        rdv = _create(motif, lieu_id, starts_at, agent_id, persons=persons, now=now)
        own = author_fiche(rdv, actor, among=usagers)
        by = _author(actor, own, prescribed_from)
        rows = _add_participations(rdv, usagers, author=by, now=now)
        record(rdv, action=Action.CREATED, actor=actor, at=now, own=own)
        announce_created(rdv, actor=actor, now=now, participations=rows)
        _free_hold(visitor)
        return rdv


def _create(
    motif: Motif,
    lieu_id: int | None,
    starts_at: datetime,
    agent_id: int,
    *,
    persons: int,
    now: datetime,
) -> Rdv:
    ends_at = starts_at + timedelta(minutes=motif.duration_minutes * persons)
    rdv = Rdv.objects.create(
        organisation=motif.organisation,
        motif=motif,
        lieu_id=lieu_id,
        starts_at=starts_at,
        ends_at=ends_at,
        created_at=now,
    )
    AgentRdv.objects.create(rdv=rdv, agent_id=agent_id)
    return rdv


def _held_agent(visitor: str, starts_at: datetime) -> frozenset[int]:
    """Return whose time is kept for `visitor`: the recap has named them (RDV de suivi).

    A first registered agent may have become free since. Nor is a hold that has just ended
    forgotten: whom it named still comes first, if they are free.
    """
    if not visitor:
        return frozenset()
    held = SlotHold.objects.filter(holder=holder_digest(visitor), starts_at=starts_at)
    return frozenset(held.values_list("agent_id", flat=True))


def _free_hold(visitor: str) -> None:
    if visitor:
        SlotHold.objects.filter(holder=holder_digest(visitor)).delete()


def _lock_usagers(usager_ids: Sequence[int]) -> list[Usager]:
    """Hold the fiches: one person confirming twice books once (A12). Before the agendas, always.

    Those of the responsables too, in the same order: a household counts as one when the motif says.
    """
    limit_waiting()
    wanted = Q(pk__in=usager_ids) | Q(proches__in=usager_ids)
    keys = Usager.objects.filter(wanted).values("pk")
    rows = Usager.objects.living().filter(pk__in=keys).order_by("pk")
    locked = rows.select_related("responsable").select_for_update(of=("self",), no_key=True)
    found = [usager for usager in locked if usager.pk in set(usager_ids)]
    if not found or len(found) != len(set(usager_ids)):
        raise RdvNotBookable(_("Cette fiche n’existe plus."))
    return found


def _motif(motif_id: int) -> Motif:
    try:
        return Motif.objects.active().select_related("organisation__territoire").get(pk=motif_id)
    except Motif.DoesNotExist:
        raise RdvNotBookable(_gone()) from None


def _hold_motif(seen: Motif, lieu_id: int | None) -> Motif:
    """Return the motif as it is now; nobody closes it, its organisation nor the lieu meanwhile."""
    motif = hold_opening(motif_id=seen.pk, lieu_id=lieu_id)
    if motif is None:
        raise RdvNotBookable(_gone())
    motif.organisation = seen.organisation
    return motif


def _gone() -> str:
    return _("Ce rendez-vous n’est plus proposé.")


def _check(
    motif: Motif,
    usagers: list[Usager],
    *,
    actor: Actor,
    now: datetime,
    persons: int,
    doors: tuple[str, ...],
) -> None:
    """Refuse what the actor may not book, for these people."""
    refusal = rule.refusal_to_book(
        booking_level=motif.booking_level,
        open_to=doors,
        persons=persons,
        max_persons=motif.max_persons,
        needs_referent=motif.is_follow_up and not _is_followed(usagers, actor),
    )
    if refusal:
        raise RdvNotBookable(_(refusal))
    family = _family(actor)
    territoire = motif.organisation.territoire_id
    for usager in usagers:
        if usager.territoire_id != territoire or (family is not None and usager.pk not in family):
            raise RdvNotBookable(_("Cette personne ne peut pas prendre ce rendez-vous."))
    if not isinstance(actor, AgentActor):
        _refuse_second_rdv(motif, usagers, now)


def _is_followed(usagers: list[Usager], actor: Actor) -> bool:
    """Tell whether a motif de suivi may be booked for them; a partner books none.

    Their fiches are held: nobody names nor removes a référent meanwhile.
    """
    if isinstance(actor, PrescripteurActor):
        return False
    return bool(referents_of(usager.pk for usager in usagers))


def _refuse_second_rdv(motif: Motif, usagers: list[Usager], now: datetime) -> None:
    """One upcoming RDV for each usager and motif, or for each household (A12)."""
    people = Q(usager__in=usagers)
    if motif.limits_household:
        heads = {usager.responsable_id or usager.pk for usager in usagers}
        people = Q(usager__in=heads) | Q(usager__responsable__in=heads)
    mine = Participation.objects.active().filter(people, rdv=OuterRef("pk"))
    rdvs = Rdv.objects.active().filter(Exists(mine), motif=motif, starts_at__gt=now)
    existing = rdvs.order_by("starts_at").first()
    if existing:
        raise AlreadyBooked(_("Cette personne a déjà ce rendez-vous."), existing)


def choose_agent(
    search: Search,
    starts_at: datetime,
    lieu_id: int | None,
    chosen_at: datetime | None,
    *,
    preferred: frozenset[int] = frozenset(),
) -> int:
    """Return who is free, their agenda locked: one of `preferred`, else the first registered.

    Raises SlotTaken.
    """
    free = bookable(search, starts_at, lieu_id, chosen_at)
    if free:
        agents = frozenset(agent for agent, _plage in free)
        lock_agendas(agents)
        # Somebody may have been faster: look again, at those whose agenda we hold.
        free = bookable(replace(search, agent_ids=agents), starts_at, lieu_id, chosen_at)
    if not free:
        raise SlotTaken(taken_message())
    return next((agent for agent, _plage in free if agent in preferred), free[0][0])


def _add_participations(
    rdv: Rdv, usagers: list[Usager], *, author: dict[str, int], now: datetime
) -> list[Participation]:
    told = rdv.motif.notifies_usagers
    Rattachement.objects.bulk_create(
        [Rattachement(usager=usager, organisation=rdv.organisation) for usager in usagers],
        ignore_conflicts=True,
    )
    return Participation.objects.bulk_create(
        Participation(
            rdv=rdv,
            usager=usager,
            notifies_changes=told,
            notifies_reminder=told,
            created_at=now,
            **author,
        )
        for usager in usagers
    )


def _author(
    actor: Actor, own: Usager | None, prescribed_from: Organisation | None
) -> dict[str, int]:
    if isinstance(actor, AgentActor) and prescribed_from is not None:
        return {"created_by_agent_id": actor.agent_id, "prescribed_from_id": prescribed_from.pk}
    if isinstance(actor, AgentActor):
        return {"created_by_agent_id": actor.agent_id}
    if isinstance(actor, PrescripteurActor):
        return {"prescripteur_id": actor.prescripteur_id}
    if own is not None:
        return {"created_by_usager_id": own.pk}
    raise TypeError("Background work books nothing.")


def _side(actor: Actor, prescribed_from: Organisation | None) -> tuple[Audience, tuple[str, ...]]:
    """Return what is seen of the agendas, and the levels of motifs that are open."""
    if prescribed_from:
        return Audience.USAGER, rule.OPEN_TO_PRESCRIPTEURS
    is_agent = isinstance(actor, AgentActor)
    return Audience.AGENT if is_agent else Audience.USAGER, _doors(actor)


def _doors(actor: Actor) -> tuple[str, ...]:
    if isinstance(actor, AgentActor):
        return rule.OPEN_TO_AGENTS
    if isinstance(actor, PrescripteurActor):
        return rule.OPEN_TO_PRESCRIPTEURS
    return rule.OPEN_TO_USAGERS


def _family(actor: Actor) -> frozenset[int] | None:
    """Return the only people the actor may book for, or None: any of the territoire."""
    if isinstance(actor, UsagerActor):
        return actor.family_ids
    if isinstance(actor, TokenActor):
        return frozenset({actor.usager_id})
    return None


@contextmanager
def refusals_in_french() -> Iterator[None]:
    """Turn what PostgreSQL refuses into what the person may read; errors of ours pass."""
    try:
        yield
    except (IntegrityError, OperationalError) as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: Exception) -> DomainError | None:
    """Return what PostgreSQL's refusal means for the person, or None: an error of ours."""
    if isinstance(error.__cause__, ExclusionViolation):
        return SlotTaken(taken_message())
    if isinstance(error.__cause__, DeadlockDetected | LockNotAvailable):
        return RetryLaterError(busy_message())
    return None


def taken_message() -> str:
    return _("Ce créneau vient d’être pris. Choisissez-en un autre.")
