"""What an agent may look for in « Trouver un RDV », and what a search answers (E04).

The créneaux are those of the agents whose agenda the actor may see and plan in (decision 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from agents.models import Equipe, EquipeAgent
from agents.permissions import Permission
from agents.policies import agents_scope, colleagues_in
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for
from motifs.queries.motif_list import current_plage
from planning.models import PlageOuverture
from planning.queries.availability import Audience, Search
from usagers.queries.referents import referents_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from agents.models import Agent, Organisation, Service
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif
    from planning.forms.slot_search import Criteria


@dataclass(frozen=True)
class EquipeChoice:
    """An équipe, and those of its members whom the actor may see in the organisation."""

    equipe: Equipe
    members: frozenset[int]


@dataclass(frozen=True)
class Choices:
    """Everything that the criteria propose; closed lieux and équipes of nobody only when chosen."""

    motifs: list[Motif]
    agents: list[Agent]
    equipes: list[EquipeChoice]
    lieux: list[Lieu]

    @property
    def services(self) -> list[Service]:
        return list({motif.service_id: motif.service for motif in self.motifs}.values())


@dataclass(frozen=True)
class Wanted:
    """The criteria, resolved. `agents` None: everybody whom the actor may see; empty: nobody.

    `lieux` None: everywhere; `persons` come together and multiply the duration (decision 24).
    `usagers` are who comes, () when nobody is chosen yet; `referents` those who may then receive
    for a motif de suivi, None: everybody.
    """

    motif: Motif
    criteria: Criteria
    choices: Choices
    agents: frozenset[int] | None
    lieux: frozenset[int] | None
    now: datetime
    persons: int = 1
    usagers: tuple[int, ...] = ()
    referents: frozenset[int] | None = None

    @property
    def receivers(self) -> list[Agent]:
        """Return those whom the actor may see, and who may receive."""
        return [
            agent
            for agent in self.choices.agents
            if self.referents is None or agent.pk in self.referents
        ]

    @property
    def visible(self) -> frozenset[int]:
        return frozenset(agent.pk for agent in self.receivers)

    @property
    def duration_minutes(self) -> int:
        return self.motif.duration_minutes * self.persons

    def search(self) -> Search:
        return self._search(self.agents, self.lieux)

    def search_all_agents(self) -> Search:
        return self._search(None, self.lieux)

    def search_all_lieux(self) -> Search:
        return self._search(self.agents, None)

    def search_everything(self) -> Search:
        return self._search(None, None)

    def _search(self, agents: frozenset[int] | None, lieux: frozenset[int] | None) -> Search:
        return Search(
            motif_ids=frozenset({self.motif.pk}),
            audience=Audience.AGENT,
            now=self.now,
            agent_ids=self.visible if agents is None else agents,
            lieu_ids=lieux,
            persons=self.persons,
            usager_ids=frozenset(self.usagers),
        )


def choices_for(actor: Actor | None, organisation: Organisation, criteria: Criteria) -> Choices:
    """Return what `actor` may choose from, in five statements."""
    agents = list(
        colleagues_in(actor, Permission.AGENDA_READ, organisation)
        .filter(agents_scope(actor, Permission.RDV_CREATE))
        .select_related("account")
    )
    motifs = (
        motifs_for(actor, Permission.MOTIF_USE)
        .filter(organisation=organisation, archived_at=None)
        .select_related("service", "organisation__territoire")
        .order_by("service__name", "name", "location_type", "pk")
    )
    lieux = lieux_for(actor, Permission.LIEU_READ).filter(organisation=organisation)
    chosen = [lieu for lieu in lieux if str(lieu.uuid) in criteria.lieux]
    return Choices(
        motifs=list(motifs),
        agents=agents,
        equipes=_equipes(organisation, agents, criteria.equipes),
        lieux=[lieu for lieu in lieux if lieu.availability == Availability.OPEN or lieu in chosen],
    )


def _equipes(
    organisation: Organisation, agents: list[Agent], chosen: Iterable[str]
) -> list[EquipeChoice]:
    """Return the équipes that have a visible member, and the chosen ones that have none."""
    rows = EquipeAgent.objects.filter(
        equipe__territoire=organisation.territoire_id, agent__in=[agent.pk for agent in agents]
    )
    members: dict[int, set[int]] = {}
    for equipe, agent in rows.values_list("equipe_id", "agent_id"):
        members.setdefault(equipe, set()).add(agent)
    equipes = Equipe.objects.filter(territoire=organisation.territoire_id)
    return [
        EquipeChoice(equipe, frozenset(members.get(equipe.pk, ())))
        for equipe in equipes
        if equipe.pk in members or str(equipe.uuid) in chosen
    ]


def resolve(
    criteria: Criteria,
    choices: Choices,
    motif: Motif,
    *,
    now: datetime,
    usagers: tuple[int, ...] = (),
) -> Wanted:
    """Return what is looked for: the agents are those chosen and the members of the équipes."""
    agents: frozenset[int] | None = None
    if criteria.filters_agents:
        named = {agent.pk for agent in choices.agents if str(agent.uuid) in criteria.agents}
        teams = (c.members for c in choices.equipes if str(c.equipe.uuid) in criteria.equipes)
        agents = frozenset(named.union(*teams))
    lieux: frozenset[int] | None = None
    if criteria.lieux and motif.requires_lieu:
        lieux = frozenset(
            lieu.pk
            for lieu in choices.lieux
            if str(lieu.uuid) in criteria.lieux
            and (motif.is_collective or lieu.availability == Availability.OPEN)
        )
    together = max(min(len(usagers), motif.max_persons), 1)
    referents = referents_of(usagers) if motif.is_follow_up and usagers else None
    return Wanted(motif, criteria, choices, agents, lieux, now, together, usagers, referents)


def lieux_of(wanted: Wanted) -> list[Lieu]:
    """Return the open lieux where somebody who is looked for has a plage not over on that day."""
    plages = PlageOuverture.objects.filter(
        current_plage(wanted.criteria.day, prefix="")
        | Q(exceptions__new_day__gte=wanted.criteria.day),
        motifs=wanted.motif,
        agent__in=wanted.visible if wanted.agents is None else wanted.agents & wanted.visible,
        lieu__availability=Availability.OPEN,
    )
    if wanted.lieux is not None:
        plages = plages.filter(lieu__in=wanted.lieux)
    offered = set(plages.values_list("lieu_id", flat=True))
    return [lieu for lieu in wanted.choices.lieux if lieu.pk in offered]


def chosen_motif(criteria: Criteria, motifs: Iterable[Motif]) -> Motif | None:
    """Return the motif that is asked for, or the only one of the service."""
    offered = [m for m in motifs if criteria.service in ("", m.service.code)]
    if len(offered) == 1:
        return offered[0]
    return next((motif for motif in offered if str(motif.uuid) == criteria.motif), None)
