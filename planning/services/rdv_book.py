"""Book a créneau (A06)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction

from agents.models import Agent
from agents.permissions import UsagerActor
from motifs.models import Lieu, Motif
from planning.models import Action, AgentRdv, Participation, Rdv
from planning.queries.public_slots import Agendas
from planning.services.rdv_announce import announce_created
from planning.services.rdv_history import record
from planning.slots.engine import bookable_slots
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.permissions import Actor


class SlotTaken(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Nobody is free any more at that time."""


@transaction.atomic
def book_rdv(
    *,
    motif_id: int,
    lieu_id: int | None,
    starts_at: datetime,
    usager_ids: Sequence[int],
    actor: Actor,
    now: datetime,
    chosen_at: datetime | None = None,
) -> Rdv:
    motif = Motif.objects.select_related("organisation__territoire", "service").get(pk=motif_id)
    lieu = Lieu.objects.get(pk=lieu_id) if lieu_id else None
    agendas = Agendas([motif], now=now)
    list(
        Agent.objects.select_for_update(no_key=True)
        .filter(pk__in={o.agent for o in agendas.openings})
        .order_by("pk")
    )
    agendas = Agendas([motif], now=now)
    found = bookable_slots(
        agendas.request(motif, lieu, agendas.today), starts_at, chosen_at=chosen_at
    )
    if not found:
        raise SlotTaken("Ce créneau n’est plus libre.")
    rdv = Rdv.objects.create(
        organisation=motif.organisation,
        motif=motif,
        lieu=lieu,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=motif.duration_minutes),
        created_at=now,
    )
    AgentRdv.objects.create(rdv=rdv, agent_id=found[0].agent)
    assert isinstance(actor, UsagerActor)
    for usager in usager_ids:
        Participation.objects.create(
            rdv=rdv, usager_id=usager, created_by_usager_id=usager, created_at=now
        )
    record(rdv, action=Action.CREATED, actor=actor, at=now)
    announce_created(rdv, actor=actor, now=now)
    return rdv
