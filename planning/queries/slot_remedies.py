"""What would help when a search finds nothing: each help is tried before it is offered (E04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import AgentService
from agents.permissions import AgentActor, Permission
from agents.policies import colleagues_in, organisations_for
from planning.queries.availability import next_slot
from planning.queries.plage_choices import motifs_for_plage
from planning.queries.slot_lack import horizon
from planning.rules.slot_lack import Lack
from usagers.policies import fiches_of
from usagers.queries.referents import unfollowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from agents.models import Agent
    from agents.permissions import Actor
    from planning.queries.slot_search import Wanted
    from planning.rules.slot_lack import Reason
    from usagers.models import Usager

AGENDAS_SHOWN = 5
OPENINGS = {
    Lack.NO_PLAGE,
    Lack.REFERENTS_WITHOUT_PLAGE,
    Lack.PLAGES_OVER,
    Lack.PLAGES_LATER,
    Lack.AGENTS_WITHOUT_PLAGE,
    Lack.LIEUX_WITHOUT_PLAGE,
    Lack.TOO_SHORT,
    Lack.HOLIDAYS,
    Lack.ABSENT,
    Lack.FULL,
    Lack.ABSENT_OR_FULL,
}
"""What one more plage d'ouverture would cure."""
PATIENCE = {
    Lack.PLAGES_LATER,
    Lack.HOLIDAYS,
    Lack.ABSENT,
    Lack.FULL,
    Lack.ABSENT_OR_FULL,
}
"""What a later date may cure."""


@dataclass(frozen=True)
class Remedies:
    """`without_*`: the next availability when these criteria are left out; None: that is no help.

    `later`: the first one after the six months, as far as six months more.
    `opener`: whose plage the actor may create for this motif. `agendas`: where to plan by hand.
    `fiches`: on which the actor may name a référent.
    """

    without_agents: datetime | None
    without_lieux: datetime | None
    without_both: datetime | None
    later: datetime | None
    opener: Agent | None
    edits_lieux: bool
    agendas: list[Agent]
    fiches: list[Usager]


def remedies_for(wanted: Wanted, reasons: Iterable[Reason], actor: Actor | None) -> Remedies:
    """Return the helps that really help, in a constant number of statements."""
    lacks = {reason.lack for reason in reasons}
    day = wanted.criteria.day
    by_agents, by_lieux = wanted.agents is not None, wanted.lieux is not None
    agents = next_slot(wanted.search_all_agents(), day) if by_agents else None
    lieux = next_slot(wanted.search_all_lieux(), day) if by_lieux else None
    both = None
    if by_agents and by_lieux and not agents and not lieux:
        both = next_slot(wanted.search_everything(), day)
    organisations = organisations_for(actor, Permission.LIEU_EDIT)
    return Remedies(
        without_agents=agents[0] if agents else None,
        without_lieux=lieux[0] if lieux else None,
        without_both=both[0] if both else None,
        later=_later(wanted, reasons),
        opener=_opener(wanted, actor) if lacks & OPENINGS else None,
        edits_lieux=Lack.LIEU_CLOSED in lacks
        and organisations.filter(pk=wanted.motif.organisation_id).exists(),
        agendas=_agendas(wanted, reasons),
        fiches=_fiches(wanted, actor) if Lack.NO_REFERENT in lacks else [],
    )


def _fiches(wanted: Wanted, actor: Actor | None) -> list[Usager]:
    heads = [person.pk for person in unfollowed(wanted.usagers)]
    rows = fiches_of(actor, Permission.USAGER_EDIT, wanted.motif.organisation)
    return list(rows.filter(pk__in=heads).order_by("pk"))


def _later(wanted: Wanted, reasons: Iterable[Reason]) -> datetime | None:
    day = next((r.day for r in reasons if r.lack is Lack.PLAGES_LATER), None)
    if not any(reason.lack in PATIENCE for reason in reasons):
        return None
    found = next_slot(wanted.search(), day or horizon(wanted))
    return found[0] if found else None


def _agendas(wanted: Wanted, reasons: Iterable[Reason]) -> list[Agent]:
    """An agent may plan outside of the plages and over an absence: their agenda stays open."""
    closed = {Lack.ABSENT, Lack.FULL, Lack.ABSENT_OR_FULL, Lack.HOLIDAYS, Lack.TOO_SHORT}
    names = {name for reason in reasons if reason.lack in closed for name in reason.names}
    return [a for a in wanted.choices.agents if a.full_name in names][:AGENDAS_SHOWN]


def _opener(wanted: Wanted, actor: Actor | None) -> Agent | None:
    organisation = wanted.motif.organisation
    editable = set(
        colleagues_in(actor, Permission.PLAGE_EDIT, organisation).values_list("pk", flat=True)
    )
    for agent in _candidates(wanted, actor):
        motifs = motifs_for_plage(actor, organisation=organisation, agent=agent)
        if agent.pk in editable and motifs.filter(pk=wanted.motif.pk).exists():
            return agent
    return None


def _candidates(wanted: Wanted, actor: Actor | None) -> Iterator[Agent]:
    """Three agents at most: the first one chosen, oneself, the first of the motif's service."""
    agents = wanted.receivers
    if wanted.agents:
        yield from [agent for agent in agents if agent.pk in wanted.agents][:1]
    if isinstance(actor, AgentActor):
        yield from (agent for agent in agents if agent.pk == actor.agent_id)
    trade = AgentService.objects.filter(
        agent__in=wanted.visible,
        service=wanted.motif.service_id,
        territoire=wanted.motif.organisation.territoire_id,
    )
    keys = set(trade.values_list("agent_id", flat=True))
    yield from [agent for agent in agents if agent.pk in keys][:1]
