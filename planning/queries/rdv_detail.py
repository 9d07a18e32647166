"""Everything that the page of a RDV shows to an agent (E06), in a constant number of statements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from motifs.models import Visibility
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, RdvEvent
from planning.policies import rdvs_for
from planning.queries.rdv_acts import StatusAct, arrival_is_open, moment_of, person_acts
from planning.queries.rdv_changes import Change, changes_of
from planning.queries.rdv_status import StatusDisplay, status_display
from planning.queries.rdv_warnings import Kind, Proposal, RdvWarning, warnings_for
from planning.rules.status import UNKNOWN
from usagers.queries.usager_detail import channels_of_person, known_in

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor, Permission
    from planning.models import Rdv


_FLAGS = (Kind.OVERLAP, Kind.ABSENCE, Kind.SAME_DAY)


@dataclass(frozen=True)
class Participant:
    """`channels`: how they are told of changes. `silence`: why they are not, "" when they are.

    `opens_fiche`: the actor may open their fiche from the organisation of the RDV.
    `status`: said when it is not simply the RDV's. `acts`: the buttons of this person.
    """

    participation: Participation
    channels: tuple[str, ...]
    silence: str
    status: StatusDisplay | None = None
    acts: tuple[StatusAct, ...] = ()
    arrival_is_open: bool = False
    opens_fiche: bool = False


@dataclass(frozen=True)
class HistoryLine:
    event: RdvEvent
    changes: tuple[Change, ...]


def rdvs_in_full(actor: Actor | None, permission: Permission) -> QuerySet[Rdv]:
    """Return the RDVs that `actor` may touch, with what their page prints."""
    people = Participation.objects.select_related(
        "usager__responsable",
        "created_by_usager",
        "created_by_agent__account",
        "prescripteur",
        "prescribed_from",
    )
    messages = OutboxMessage.objects.select_related("grouped_in")
    return (
        rdvs_for(actor, permission)
        .select_related("organisation__territoire", "motif__service", "lieu")
        .prefetch_related(
            "agents__account",
            Prefetch("participations", people),
            Prefetch("events", RdvEvent.objects.order_by("-at", "-pk")),
            Prefetch("messages", messages.order_by("-created_at", "-pk")),
            "messages__tries",
            "messages__grouped_in__tries",
        )
    )


def rdvs_at_a_glance(actor: Actor | None, permission: Permission) -> QuerySet[Rdv]:
    """Return the RDVs that `actor` may touch, with what their summary prints."""
    people = Participation.objects.select_related(
        "usager__responsable", "prescripteur", "prescribed_from", "created_by_agent__account"
    )
    agents = AgentRdv.objects.select_related("agent__account").order_by("agent__sort_key", "pk")
    return (
        rdvs_for(actor, permission)
        .select_related("organisation__territoire", "motif__service", "lieu")
        .prefetch_related(Prefetch("participations", people), Prefetch("agent_rdvs", agents))
    )


def participants_of(
    rdv: Rdv, *, actor: Actor | None, may_edit: bool, now: datetime
) -> list[Participant]:
    """Return the people of the RDV, the channels that reach them, and their buttons."""
    rows = list(rdv.participations.all())
    known = known_in([row.usager for row in rows], actor=actor, organisation=rdv.organisation)
    is_shared = len(rows) > 1 or rdv.motif.is_collective
    return [
        Participant(
            participation=row,
            channels=channels,
            silence=_silence(rdv, row, channels),
            status=status_display(row.status, is_person=True) if is_shared else None,
            acts=person_acts(rdv, row, may_edit=may_edit, now=now),
            arrival_is_open=arrival_is_open(rdv, row, may_edit=may_edit, now=now),
            opens_fiche=row.usager_id in known,
        )
        for row in rows
        for channels in [channels_of(row)]
    ]


def channels_of(participation: Participation) -> tuple[str, ...]:
    """Return "e-mail (adresse)", "SMS (numéro)"; those of the responsable of a proche."""
    return channels_of_person(participation.usager.to_notify)


def _silence(rdv: Rdv, participation: Participation, channels: tuple[str, ...]) -> str:
    if rdv.motif.visibility == Visibility.INVISIBLE:
        return _("Ce motif est invisible pour l’usager : aucun message ne part.")
    if rdv.motif.visibility == Visibility.SILENT:
        return _("Ce motif ne prévient pas l’usager.")
    if not participation.notifies_changes:
        return _("Les notifications sont coupées pour ce RDV.")
    if not channels:
        return _("Ni adresse e-mail ni téléphone mobile : personne ne peut être prévenu.")
    return ""


def history_of(rdv: Rdv) -> list[HistoryLine]:
    """Return the history, latest first."""
    people = {row.pk: row.usager.full_name for row in rdv.participations.all()}
    return [HistoryLine(event, changes_of(event, people)) for event in rdv.events.all()]


def flags_of(rdv: Rdv, *, actor: Actor | None, now: datetime) -> list[RdvWarning]:
    """Return what is wrong around a RDV to come: overlaps, absences, the same RDV that day."""
    moment = moment_of(rdv, now)
    if rdv.status != UNKNOWN or moment.day < moment.today:
        return []
    proposal = Proposal(
        organisation=rdv.organisation,
        motif=rdv.motif,
        starts_at=rdv.starts_at,
        ends_at=rdv.ends_at,
        lieu_id=rdv.lieu_id,
        agent_ids=tuple(agent.pk for agent in rdv.agents.all()),
        usager_ids=tuple(row.usager_id for row in rdv.participations.all() if not row.is_cancelled),
        rdv_id=rdv.pk,
    )
    return [one for one in warnings_for(proposal, actor=actor, now=now) if one.kind in _FLAGS]
