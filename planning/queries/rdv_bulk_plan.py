"""What an action on many RDVs would do, and who would be told: read before confirming (E10)."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from notifications.messages.recipients import Author, agents_to_tell
from planning.queries.rdv_bulk import active_people, period_of
from planning.queries.rdv_told import Told, told_of_cancelling
from planning.queries.rdv_told_change import told_of
from planning.rules import rdv_bulk as rule
from planning.rules.rdv_bulk import Choice, NewLine, SeenLine
from rdv.common.french import instant_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from agents.models import Agent
    from agents.permissions import AgentActor
    from planning.models import Rdv
    from planning.queries.rdv_bulk import Options


@dataclass(frozen=True)
class PlanLine:
    """`words`: what will happen. `conflict`: why it cannot, "" when it can.

    `after`: the RDV as it would be, unsaved, when its time or its place changes.
    """

    rdv: Rdv
    choice: Choice
    words: str
    told: Told
    conflict: str = ""
    after: Rdv | None = None

    @property
    def value(self) -> str:
        """What the page posts back: the choice, and the RDV as it was read."""
        return str(SeenLine(self.rdv.uuid, self.choice, self.rdv.version, self.rdv.status))


@dataclass(frozen=True)
class Plan:
    lines: tuple[PlanLine, ...]

    @property
    def possible(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.conflict]

    @property
    def conflicts(self) -> list[PlanLine]:
        return [line for line in self.lines if line.conflict]

    @property
    def only_cancels(self) -> bool:
        return all(line.choice.act == rule.CANCEL for line in self.possible)

    @property
    def gives(self) -> bool:
        return any(line.choice.act == rule.AGENT for line in self.possible)

    @property
    def writes_to_usagers(self) -> bool:
        """Whether a message may be added: to a cancellation or a change, not to a handover."""
        return any(line.choice.act != rule.AGENT for line in self.possible)


def plan_of(
    rdvs: Sequence[Rdv],
    choices: Mapping[UUID, Choice],
    *,
    options: Options,
    actor: AgentActor,
    now: datetime,
) -> Plan:
    """Return what each choice would do. Two RDVs given to one agent at once are a conflict too."""
    lines = []
    for rdv in rdvs:
        choice = choices[rdv.uuid]
        line = _LINES[choice.act](rdv, choice, options, actor, now)
        if choice.act != rule.CANCEL and rdv.starts_at <= now:
            begun = _("Ce RDV a déjà commencé : il peut seulement être annulé.")
            line = PlanLine(rdv, choice, line.words, line.told, begun)
        lines.append(line)
    return Plan(tuple(lines))


def _cancel(
    rdv: Rdv, choice: Choice, _options: Options, actor: AgentActor, now: datetime
) -> PlanLine:
    return PlanLine(rdv, choice, _("Annulé"), told_of_cancelling(rdv, actor=actor, now=now))


def _give(rdv: Rdv, choice: Choice, options: Options, actor: AgentActor, now: datetime) -> PlanLine:
    agent = next((one for one in options.agents if str(one.uuid) == choice.target), None)
    leaving = options.leaving_of(rdv)
    if agent is None or leaving is None:
        gone = _("Ce RDV ne peut pas être confié à cet agent.")
        return PlanLine(rdv, choice, _("Confié à un autre agent"), Told((), ()), gone)
    conflict = options.refusal_to_give(rdv, agent)
    if not conflict:
        options.free.take(agent.pk, rdv.pk, period_of(rdv))
    words = _("Confié à %(name)s, à la place de %(leaving)s") % {
        "name": agent.full_name,
        "leaving": leaving.full_name,
    }
    return PlanLine(rdv, choice, words, _told_agents(rdv, agent, actor, now), conflict)


def _told_agents(rdv: Rdv, joining: Agent, actor: AgentActor, now: datetime) -> Told:
    """Who comes, who leaves, who stays; the usagers are not told of agents (decision 29)."""
    agents = agents_to_tell(
        [*rdv.agents.all(), joining],
        author=Author(agent_id=actor.agent_id, name=actor.name),
        starts_at=rdv.starts_at,
        zone=rdv.organisation.territoire.zone,
        now=now,
    )
    lines = (_("%(name)s (agent), par e-mail") % {"name": a.full_name} for a in agents)
    return Told(tuple(lines), ())


def _relocate(
    rdv: Rdv, choice: Choice, options: Options, actor: AgentActor, now: datetime
) -> PlanLine:
    lieu = next((one for one in options.lieux if str(one.uuid) == choice.target), None)
    conflict = ""
    if lieu is None:
        conflict = _("Ce lieu n’est plus ouvert.")
    elif not rdv.motif.requires_lieu:
        conflict = _("Ce RDV n’a pas lieu sur place.")
    elif lieu.pk == rdv.lieu_id:
        conflict = _("Ce RDV est déjà dans ce lieu.")
    words = _("Déplacé à « %(name)s »") % {"name": lieu.name} if lieu else _("Déplacé")
    told = told_of(rdv, active_people(rdv), actor=actor, now=now)
    after = copy(rdv)
    after.lieu = lieu
    return PlanLine(rdv, choice, words, told, conflict, after)


def _postpone(
    rdv: Rdv, choice: Choice, options: Options, actor: AgentActor, now: datetime
) -> PlanLine:
    period = period_of(rdv, date.fromisoformat(choice.target))
    local = period.start.astimezone(rdv.organisation.territoire.zone)
    words = _("Reporté au %(instant)s") % {"instant": instant_text(local)}
    conflict = ""
    if period.start <= now:
        conflict = _("Le nouvel horaire est déjà passé.")
    elif period.start == rdv.starts_at:
        conflict = _("Ce RDV est déjà ce jour-là.")
    for agent in rdv.agents.all():
        if not conflict and options.free.has_rdv(agent.pk, rdv, period):
            conflict = _("%(name)s a déjà un RDV à cette heure.") % {"name": agent.full_name}
        if not conflict and options.free.is_away(agent.pk, period):
            conflict = _("%(name)s est indisponible à cette heure.") % {"name": agent.full_name}
    if not conflict:
        for agent in rdv.agents.all():
            options.free.take(agent.pk, rdv.pk, period)
    told = told_of(rdv, active_people(rdv), actor=actor, now=now)
    after = copy(rdv)
    after.starts_at, after.ends_at = period.start, period.end
    return PlanLine(rdv, choice, words, told, conflict, after)


_LINES = {
    rule.CANCEL: _cancel,
    rule.AGENT: _give,
    rule.LIEU: _relocate,
    rule.DAY: _postpone,
}


def new_lines(
    rdvs: Sequence[Rdv], seen: Mapping[UUID, SeenLine], *, options: Options
) -> list[NewLine]:
    """Return what to write for the RDVs that were confirmed, without those that have no target.

    Nobody looks at the agendas again here: each RDV is judged when it is done.
    """
    agents = {str(agent.uuid): agent.pk for agent in options.agents}
    lieux = {str(lieu.uuid): lieu.pk for lieu in options.lieux}
    found = []
    for rdv in rdvs:
        line = seen[rdv.uuid]
        act, target = line.choice.act, line.choice.target
        leaving = options.leaving_of(rdv) if act == rule.AGENT else None
        row = NewLine(
            rdv_id=rdv.pk,
            act=act,
            seen_version=line.version,
            seen_status=line.status,
            from_agent_id=leaving.pk if leaving else None,
            to_agent_id=agents.get(target) if act == rule.AGENT else None,
            to_lieu_id=lieux.get(target) if act == rule.LIEU else None,
            to_day=date.fromisoformat(target) if act == rule.DAY else None,
        )
        if _is_complete(row):
            found.append(row)
    return found


def _is_complete(row: NewLine) -> bool:
    return {
        rule.CANCEL: True,
        rule.AGENT: row.from_agent_id is not None and row.to_agent_id is not None,
        rule.LIEU: row.to_lieu_id is not None,
        rule.DAY: row.to_day is not None,
    }[row.act]
