"""Who would be told of a cancelling or a move, by which channels: what the agent reads before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from notifications.messages.recipients import Author, agents_to_tell, usagers_to_tell

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from agents.models import Agent
    from agents.permissions import AgentActor
    from notifications.messages.recipients import Recipient
    from planning.models import Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class Told:
    """Lines to read: "Léa MARTIN, par e-mail et par SMS". `untold`: people nobody will reach.

    `agents`: the lines of `people` that are agents'.
    """

    people: tuple[str, ...]
    untold: tuple[str, ...]
    agents: tuple[str, ...] = ()


def told_of_cancelling(rdv: Rdv, *, actor: AgentActor, now: datetime) -> Told:
    """Return who is told when `actor` cancels now: the same choice as the messages themselves.

    Reads `rdv.participations` and `rdv.agents`, which the caller prefetches.
    """
    if rdv.starts_at <= now:
        return Told((), ())
    return _told(rdv, rdv.agents.all(), soonest=rdv.starts_at, actor=actor, now=now)


def told_of_moving(
    rdv: Rdv,
    *,
    starts_at: datetime,
    is_moved: bool,
    agents: Iterable[Agent],
    actor: AgentActor,
    now: datetime,
) -> Told:
    """Return who is told when `actor` moves it to `starts_at`; `agents` are those before and after.

    Usagers only when its hours change (decision 29); nobody when it would begin in the past.
    """
    if starts_at <= now:
        return Told((), ())
    told = _told(rdv, agents, soonest=min(rdv.starts_at, starts_at), actor=actor, now=now)
    return told if is_moved else Told(told.agents, (), told.agents)


def _told(
    rdv: Rdv, agents: Iterable[Agent], *, soonest: datetime, actor: AgentActor, now: datetime
) -> Told:
    active = [row for row in rdv.participations.all() if not row.is_cancelled]
    recipients = usagers_to_tell(rdv, active)
    mails = agents_to_tell(
        agents,
        author=Author(agent_id=actor.agent_id, name=actor.name),
        starts_at=soonest,
        zone=rdv.organisation.territoire.zone,
        now=now,
    )
    reached = {recipient.person.pk for recipient in recipients}
    people: dict[int, Usager] = {row.usager.to_notify.pk: row.usager.to_notify for row in active}
    names = tuple(_("%(name)s (agent), par e-mail") % {"name": agent.full_name} for agent in mails)
    return Told(
        people=(*(f"{r.person.full_name}, {_channels(r)}" for r in recipients), *names),
        untold=tuple(person.full_name for pk, person in people.items() if pk not in reached),
        agents=names,
    )


def _channels(recipient: Recipient) -> str:
    if recipient.email and recipient.phone:
        return _("par e-mail et par SMS")
    return _("par e-mail") if recipient.email else _("par SMS")
