"""A draft read again through the policies: what its agent may no longer use is not there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agents.permissions import Permission
from agents.policies import colleagues_in
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for
from planning.policies import plages_for
from planning.queries.schedules import plage_schedule
from planning.rules.rdv_draft import DraftContent, content_of
from planning.slots.recurrence import expand
from planning.slots.types import Interval
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif
    from planning.models import RdvDraft
    from usagers.models import Usager

MOTIF, USAGERS, DETAILS, CONFIRM = "motif", "usagers", "details", "confirm"


@dataclass(frozen=True)
class Draft:
    """`usagers` carry `is_known`: those that are not must be shown masked."""

    row: RdvDraft
    organisation: Organisation
    content: DraftContent
    motif: Motif | None
    usagers: tuple[Usager, ...]
    agents: tuple[Agent, ...]
    lieu: Lieu | None

    @property
    def has_place(self) -> bool:
        if self.motif is None or not self.motif.requires_lieu:
            return True
        return self.lieu is not None or bool(self.content.lieu_name)

    @property
    def missing_step(self) -> str:
        """Return the first step that lacks something, CONFIRM when none does."""
        if self.motif is None:
            return MOTIF
        if not self.usagers and not self.motif.is_collective:
            return USAGERS
        return CONFIRM if self.has_details else DETAILS

    @property
    def has_details(self) -> bool:
        has_time = self.content.starts_at and self.content.ends_at
        return bool(has_time and self.agents and self.has_place)


def read_draft(row: RdvDraft, *, actor: Actor | None, organisation: Organisation) -> Draft:
    content = content_of(row.content)
    usagers = usagers_bookable(actor, organisation).filter(pk__in=content.usagers)
    by_key: dict[int, Any] = {usager.pk: usager for usager in usagers.select_related("responsable")}
    return Draft(
        row=row,
        organisation=organisation,
        content=content,
        motif=usable_motifs(actor, organisation).filter(pk=content.motif or 0).first(),
        usagers=tuple(by_key[pk] for pk in content.usagers if pk in by_key),
        agents=tuple(bookable_agents(actor, organisation).filter(pk__in=content.agents)),
        lieu=open_lieux(actor, organisation).filter(pk=content.lieu or 0).first(),
    )


def usable_motifs(actor: Actor | None, organisation: Organisation) -> QuerySet[Motif]:
    """Return the active motifs with which `actor` may place a RDV, by service (decision 9)."""
    mine = motifs_for(actor, Permission.MOTIF_USE).values("pk")
    return (
        organisation.motifs.active()
        .filter(pk__in=mine)
        .select_related("service", "organisation__territoire")
        .order_by("service__name", "name", "pk")
    )


def bookable_agents(actor: Actor | None, organisation: Organisation) -> QuerySet[Agent]:
    """Return those in whose agenda `actor` may place a RDV (decision 9)."""
    return colleagues_in(actor, Permission.AGENDA_READ, organisation).select_related("account")


def open_lieux(actor: Actor | None, organisation: Organisation) -> QuerySet[Lieu]:
    return lieux_for(actor, Permission.LIEU_READ).filter(
        organisation=organisation, availability=Availability.OPEN
    )


def likely_lieu(
    actor: Actor | None,
    organisation: Organisation,
    *,
    agent_ids: tuple[int, ...],
    starts_at: datetime,
    ends_at: datetime,
) -> int | None:
    """Return where the first agent receives at that time, else the only open lieu, else None."""
    lieux = list(open_lieux(actor, organisation))
    plages = (
        plages_for(actor, Permission.PLAGE_READ)
        .filter(organisation=organisation, agent__in=agent_ids[:1], lieu__in=lieux)
        .prefetch_related("exceptions")
    )
    period = Interval(starts_at, ends_at)
    for plage in plages:
        if expand(plage_schedule(plage), period, organisation.territoire.zone):
            return plage.lieu_id
    return lieux[0].pk if len(lieux) == 1 else None
