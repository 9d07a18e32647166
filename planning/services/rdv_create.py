"""An agent places a RDV, from a créneau or by hand (E05, decisions 8 to 10, 13)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import AgentActor, Permission
from agents.policies import colleagues_in, organisations_for
from agents.services.audit_write import record_changes
from motifs.models import Availability, Lieu
from motifs.policies import lieux_for, motifs_for
from notifications.messages.recipients import mobile_of
from planning.models import Action, AgentRdv, Participation, Rdv
from planning.rules import rdv_placing as rule
from planning.rules.status import ACTIVE
from planning.services.agenda_busy import agenda_busy, busy_agents
from planning.services.agenda_lock import limit_waiting, lock_agendas
from planning.services.opening_lock import hold_opening
from planning.services.rdv_announce import announce_created
from planning.services.rdv_book import SlotTaken, refusals_in_french, taken_message
from planning.services.rdv_history import record
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked
from usagers.models import Rattachement
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import Actor
    from motifs.models import Motif
    from usagers.models import Usager


class RdvNotAllowed(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The actor may not place that RDV: a motif, an agenda, a lieu or a person is not theirs."""


class RdvInvalid(DomainError):  # noqa: N818
    """The RDV itself is impossible: its hours, its people."""


class RdvDuplicated(DomainError):  # noqa: N818
    """The very same RDV exists: `rdv` (planning §6.8)."""

    def __init__(self, rdv: Rdv) -> None:
        super().__init__(_("Ce RDV existe déjà : mêmes personnes, mêmes agents, même heure."))
        self.rdv = rdv


@dataclass(frozen=True)
class Told:
    """Of what one person is told for this RDV."""

    changes: bool = True
    reminder: bool = True


@dataclass(frozen=True)
class NewRdv:
    """Keys are database keys; instants are aware.

    The lieu is `lieu_id`, or a one-off place when `lieu_name` is given. `told` maps an usager to
    their switches; whoever is not there follows the motif. `from_slot`: chosen among the créneaux,
    never overlaps. `title` and `seats_total` are those of a workshop.
    """

    organisation_id: int
    motif_id: int
    starts_at: datetime
    ends_at: datetime
    agent_ids: tuple[int, ...]
    usager_ids: tuple[int, ...] = ()
    lieu_id: int | None = None
    lieu_name: str = ""
    lieu_address: str = ""
    context: str = ""
    title: str = ""
    seats_total: int | None = None
    told: Mapping[int, Told] = field(default_factory=dict)
    accepts_overlap: bool = False
    from_slot: bool = False


def create_rdv(*, fields: NewRdv, actor: Actor | None, now: datetime) -> Rdv:
    """Check the rights, place the RDV, attach its people to the organisation, tell everyone.

    Raises RdvNotAllowed, RdvInvalid, RdvDuplicated, InvalidRow (one-off place), SlotTaken (from a
    créneau), AgendaBusy (by hand, overlap not accepted), RetryLaterError: nothing is written.
    """
    with refusals_in_french(), transaction.atomic():
        if not isinstance(actor, AgentActor):
            raise RdvNotAllowed(_("Seul un agent place un RDV."))
        organisation = _organisation(fields, actor)
        usagers = _lock_usagers(fields, organisation, actor)
        # Before they are read: nobody closes the motif, its organisation nor the lieu meanwhile.
        hold_opening(motif_id=fields.motif_id, lieu_id=fields.lieu_id)
        motif = _motif(fields, actor)
        _check(fields, motif, usagers, now)
        lieu = _lieu(fields, motif, organisation, actor)
        lock_agendas(fields.agent_ids)
        # After the lock: an agent who has just left the organisation receives no RDV there.
        _check_agents(fields, organisation, actor)
        _refuse_duplicate(fields, lieu)
        busy = _busy(fields)
        rdv = _write(fields, motif, lieu, now)
        AgentRdv.objects.bulk_create(
            AgentRdv(rdv=rdv, agent_id=agent, overlap_accepted=agent in busy)
            for agent in sorted(set(fields.agent_ids))
        )
        attach_people(rdv, usagers, actor=actor, now=now)
        _add_participations(rdv, usagers, fields, actor=actor, now=now)
        record(rdv, action=Action.CREATED, actor=actor, at=now)
        announce_created(rdv, actor=actor, now=now)
        return rdv


def _organisation(fields: NewRdv, actor: AgentActor) -> Organisation:
    rows = organisations_for(actor, Permission.RDV_CREATE).select_related("territoire")
    organisation = rows.filter(pk=fields.organisation_id).first()
    if organisation is None:
        raise RdvNotAllowed(_("Vous ne pouvez pas placer de RDV dans cette organisation."))
    return organisation


def _lock_usagers(fields: NewRdv, organisation: Organisation, actor: AgentActor) -> list[Usager]:
    """Hold the fiches, before the agendas: the order of every booking."""
    limit_waiting()
    wanted = set(fields.usager_ids)
    rows = usagers_bookable(actor, organisation).filter(pk__in=wanted).order_by("pk")
    found = list(rows.select_related("responsable").select_for_update(of=("self",), no_key=True))
    if len(found) != len(wanted):
        raise RdvNotAllowed(_("Une personne choisie n’est plus disponible : retirez-la du RDV."))
    return found


def _motif(fields: NewRdv, actor: AgentActor) -> Motif:
    rows = motifs_for(actor, Permission.MOTIF_USE).active()  # type: ignore[attr-defined]
    motif: Motif | None = (
        rows.filter(pk=fields.motif_id, organisation=fields.organisation_id)
        .select_related("organisation__territoire", "service")
        .first()
    )
    if motif is None:
        raise RdvNotAllowed(_("Vous ne pouvez pas utiliser ce motif."))
    return motif


def _check_agents(fields: NewRdv, organisation: Organisation, actor: AgentActor) -> None:
    """Decision 9: only in agendas that the actor may see, of people who work there."""
    wanted = set(fields.agent_ids)
    if not wanted:
        raise RdvInvalid(_("Choisissez au moins un agent."))
    rows = colleagues_in(actor, Permission.AGENDA_READ, organisation)
    if rows.filter(pk__in=wanted).count() != len(wanted):
        raise RdvNotAllowed(_("Vous ne pouvez pas placer de RDV dans l’agenda de cet agent."))


def _check(fields: NewRdv, motif: Motif, usagers: list[Usager], now: datetime) -> None:
    told = [usager.to_notify for usager in usagers]
    refusal = rule.refusal_of_hours(
        starts_at=fields.starts_at, ends_at=fields.ends_at, now=now
    ) or rule.refusal_of_people(
        location_type=motif.location_type,
        is_collective=motif.is_collective,
        people=len(usagers),
        phones=sum(bool(person.phone_number) for person in told),
        reached=sum(bool(person.email or mobile_of(person)) for person in told),
    )
    if refusal:
        raise RdvInvalid(refusal)


def _lieu(
    fields: NewRdv, motif: Motif, organisation: Organisation, actor: AgentActor
) -> Lieu | None:
    """Return the open lieu, or the one-off place, of a RDV that happens on site."""
    if not motif.requires_lieu:
        return None
    if fields.lieu_id is None and fields.lieu_name.strip():
        lieu = Lieu(
            organisation=organisation,
            name=fields.lieu_name.strip(),
            address=fields.lieu_address.strip(),
            availability=Availability.SINGLE_USE,
        )
        save_checked(lieu)
        return lieu
    rows = lieux_for(actor, Permission.LIEU_READ).filter(organisation=organisation)
    chosen = rows.filter(pk=fields.lieu_id or 0, availability=Availability.OPEN).first()
    if chosen is None:
        raise RdvNotAllowed(_("Choisissez un lieu ouvert de l’organisation."))
    return chosen


def _refuse_duplicate(fields: NewRdv, lieu: Lieu | None) -> None:
    place: dict[str, object] = {"lieu": lieu}
    if lieu is not None and fields.lieu_id is None:  # a one-off place has just been born
        place = {"lieu__name": lieu.name, "lieu__address": lieu.address}
    same = Rdv.objects.active().filter(
        **place,
        organisation=fields.organisation_id,
        motif=fields.motif_id,
        starts_at=fields.starts_at,
        ends_at=fields.ends_at,
    )
    for rdv in same.prefetch_related("agent_rdvs", "participations"):
        agents = {row.agent_id for row in rdv.agent_rdvs.all()}
        people = {row.usager_id for row in rdv.participations.all() if row.status in ACTIVE}
        if agents == set(fields.agent_ids) and people == set(fields.usager_ids):
            raise RdvDuplicated(rdv)


def _busy(fields: NewRdv) -> set[int]:
    """Return the agents whose overlap is accepted; their agendas are locked."""
    busy = busy_agents(fields.agent_ids, starts_at=fields.starts_at, ends_at=fields.ends_at)
    if busy and fields.from_slot:
        raise SlotTaken(taken_message())
    if busy and not fields.accepts_overlap:
        raise agenda_busy(busy)
    return busy


def _write(fields: NewRdv, motif: Motif, lieu: Lieu | None, now: datetime) -> Rdv:
    shows_context = motif.organisation.territoire.shows_rdv_context
    rdv = Rdv(
        organisation=motif.organisation,
        motif=motif,
        lieu=lieu,
        starts_at=fields.starts_at,
        ends_at=fields.ends_at,
        context=fields.context.strip() if shows_context else "",
        created_at=now,
    )
    if motif.is_collective:
        rdv.title, rdv.seats_total = fields.title.strip(), fields.seats_total
    rdv.save()
    return rdv


def attach_people(rdv: Rdv, usagers: Sequence[Usager], *, actor: AgentActor, now: datetime) -> None:
    """Make the people, and the responsables who are told, known by the organisation; audited."""
    people = {row.pk: row for usager in usagers for row in (usager, usager.to_notify)}
    rows = Rattachement.objects.filter(organisation=rdv.organisation, usager__in=people)
    new = sorted(set(people) - set(rows.values_list("usager", flat=True)))
    Rattachement.objects.bulk_create(
        [Rattachement(usager_id=pk, organisation=rdv.organisation) for pk in new],
        ignore_conflicts=True,
    )
    record_changes(
        action="usager_attached",
        object_kind="usager",
        object_uuids=[people[pk].uuid for pk in new],
        organisation_id=rdv.organisation_id,
        actor=actor,
        now=now,
        detail={"rdv": str(rdv.uuid)},
    )


def _add_participations(
    rdv: Rdv, usagers: list[Usager], fields: NewRdv, *, actor: AgentActor, now: datetime
) -> None:
    """A silent or invisible motif tells nobody, whatever was ticked (decision 7)."""
    notifies = rdv.motif.notifies_usagers
    for usager in usagers:
        told = fields.told.get(usager.pk, Told())
        Participation.objects.create(
            rdv=rdv,
            usager=usager,
            notifies_changes=notifies and told.changes,
            notifies_reminder=notifies and told.reminder,
            created_by_agent_id=actor.agent_id,
            created_at=now,
        )
