"""Tell a RDV to those it concerns: gathers who and what, makes the personal links."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from agents.models import Agent
from agents.permissions import AgentActor, TokenActor, UsagerActor
from notifications.messages import again as again_messages
from notifications.messages import arrival as arrival_messages
from notifications.messages import participation as participation_messages
from notifications.messages import rdv as rdv_messages
from notifications.messages.facts import Before
from notifications.messages.recipients import Author
from planning.queries.visio import visio_link
from usagers.services.access_token_issue import issue_access_token

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from notifications.messages.rdv import Gathering
    from notifications.models import OutboxMessage
    from planning.models import Participation, Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class RdvChange:
    """What an edit changed: `before`, and the keys of agents and participations in and out."""

    before: Before
    agents_in: frozenset[int] = frozenset()
    agents_out: frozenset[int] = frozenset()
    people_in: frozenset[int] = frozenset()
    people_out: frozenset[int] = frozenset()

    def tells_usagers(self, rdv: Rdv) -> bool:
        """Decision 29: start, end, lieu."""
        return self.before != Before.of(rdv)

    def tells_agents(self, rdv: Rdv) -> bool:
        """Decision 29: start, end, lieu, agents."""
        return self.tells_usagers(rdv) or bool(self.agents_in or self.agents_out)

    def counts(self, rdv: Rdv) -> bool:
        """Whether somebody is told of something: a new version of the RDV."""
        return self.tells_agents(rdv) or bool(self.people_in or self.people_out)


def announce_created(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    participations: Sequence[Participation] | None = None,
) -> None:
    """Queue the confirmation of the active participations and the mails of the agents.

    Call it last, in the transaction that writes the RDV. `participations`: those that the caller
    has just written, with their usager and responsable; else they are read.
    """
    if participations is None:
        participations = _people(rdv, rdv.participations.active())
    rdv_messages.rdv_created(
        _occasion(rdv, actor, now),
        participations=participations,
        agents=_agents(rdv),
    )


def announce_restored(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    participation_ids: Collection[int],
    notifies: bool = True,
) -> None:
    """Confirm again to those who come back with the RDV, and to the calendars of the agents."""
    rdv_messages.withdraw(rdv, rdv_messages.OVERTAKEN_BY_RESTORING, now=now)
    if notifies:
        people = _people(rdv, rdv.participations.filter(pk__in=participation_ids))
        announce_created(rdv, actor=actor, now=now, participations=people)


def announce_joined(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    participation_ids: Collection[int],
    notifies: bool = True,
) -> None:
    """Confirm to those who join, or come back; the agents of the RDV read who they are."""
    keys = list(participation_ids)
    overtaken = rdv_messages.OVERTAKEN_BY_RESTORING
    rdv_messages.withdraw(rdv, overtaken, participation_ids=keys, now=now)
    if not notifies:
        return
    occasion = _occasion(rdv, actor, now)
    people = _people(rdv, rdv.participations.filter(pk__in=keys))
    rdv_messages.rdv_created(occasion, participations=people, agents=[])
    participation_messages.participation_added(occasion, participations=people, agents=_agents(rdv))


def announce_changed(
    rdv: Rdv,
    change: RdvChange,
    *,
    actor: Actor,
    now: datetime,
    notifies: bool = True,
    gathering: Gathering | None = None,
) -> None:
    """Tell each person what they must know of an edit, once (decision 29).

    Who joins gets a creation, who leaves a cancellation, the others old and new when date, duration
    or place changed. What the usagers are told of it is left in `gathering`, when there is one, for
    whoever says it with other RDVs. Without `notifies` nobody is told, but what became false is
    withdrawn. Call it last, in the transaction that writes the RDV, `version` already raised.
    """
    _withdraw_overtaken(rdv, change, now)
    if not notifies:
        return
    occasion, agents = _occasion(rdv, actor, now, gathering), _agents(rdv)
    kept = [agent for agent in agents if agent.pk not in change.agents_in]
    people = rdv.participations
    if change.people_in:
        joined = _people(rdv, people.filter(pk__in=change.people_in))
        rdv_messages.rdv_created(occasion, participations=joined, agents=[])
    if change.people_out:
        left = _people(rdv, people.filter(pk__in=change.people_out))
        rdv_messages.rdv_cancelled(occasion, participations=left, agents=[])
    told = people.active().exclude(pk__in=change.people_in)
    rdv_messages.rdv_changed(
        occasion,
        change.before,
        participations=_people(rdv, told) if change.tells_usagers(rdv) else [],
        agents=kept if change.tells_agents(rdv) else [],
    )
    joining = [agent for agent in agents if agent.pk in change.agents_in]
    rdv_messages.agents_added(occasion, joining)
    leaving = Agent.objects.filter(pk__in=change.agents_out).select_related("account")
    rdv_messages.agents_removed(occasion, change.before, leaving)


def announce_new_address(
    rdv: Rdv, before: Before, *, actor: Actor, now: datetime, gathering: Gathering | None = None
) -> None:
    """Tell everybody that the lieu of the RDV has another address than in `before` (G13).

    Call it like `announce_changed`; a lieu is the same row, so that nothing else tells the change.
    """
    rdv_messages.withdraw(rdv, rdv_messages.OVERTAKEN_BY_CHANGE, now=now)
    rdv_messages.withdraw(rdv, rdv_messages.OVERTAKEN_BY_CHANGE_FOR_AGENTS, now=now)
    rdv_messages.rdv_changed(
        _occasion(rdv, actor, now, gathering),
        before,
        participations=_people(rdv, rdv.participations.active()),
        agents=_agents(rdv),
    )


def _withdraw_overtaken(rdv: Rdv, change: RdvChange, now: datetime) -> None:
    out, back = list(change.people_out), list(change.people_in)
    if change.tells_usagers(rdv):
        rdv_messages.withdraw(rdv, rdv_messages.OVERTAKEN_BY_CHANGE, now=now)
    if change.tells_agents(rdv):
        rdv_messages.withdraw(rdv, rdv_messages.OVERTAKEN_BY_CHANGE_FOR_AGENTS, now=now)
    overtaken = rdv_messages.OVERTAKEN_BY_CANCELLING
    rdv_messages.withdraw(rdv, overtaken, participation_ids=out, now=now)
    overtaken_back = rdv_messages.OVERTAKEN_BY_RESTORING
    rdv_messages.withdraw(rdv, overtaken_back, participation_ids=back, now=now)


def announce_reminder(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    occurrence: str,
    participation_ids: Collection[int] | None = None,
) -> None:
    """Remind those who still come, or these participations only.

    The same `occurrence` is said once.
    """
    people = rdv.participations.active()
    if participation_ids is not None:
        people = people.filter(pk__in=participation_ids)
    rdv_messages.rdv_reminder(
        _occasion(rdv, actor, now),
        participations=_people(rdv, people),
        occurrence=occurrence,
    )


def announce_arrival(
    rdv: Rdv, participation: Participation, *, actor: Actor, now: datetime
) -> None:
    """Tell the agents of the RDV who is waiting, where the territoire wants it."""
    if rdv.organisation.territoire.mails_arrivals:
        occasion = _occasion(rdv, actor, now)
        arrival_messages.somebody_arrived(occasion, participation, _agents(rdv))


def announce_again(
    rdv: Rdv,
    participation: Participation,
    *,
    kind: str,
    channel: str,
    occurrence: str,
    actor: Actor,
    now: datetime,
) -> OutboxMessage | None:
    """Queue one fresh message in place of a lost one; None when nobody can be told."""
    return again_messages.say_again(
        _occasion(rdv, actor, now),
        participation,
        kind=kind,
        channel=channel,
        occurrence=occurrence,
    )


def announce_again_to_agent(
    rdv: Rdv,
    agent: Agent,
    lost: OutboxMessage,
    *,
    occurrence: str,
    actor: Actor,
    now: datetime,
    joined: Sequence[Participation] = (),
) -> OutboxMessage | None:
    """Queue one fresh mail in place of `lost`; None when the agent wants none."""
    occasion = _occasion(rdv, actor, now)
    return again_messages.say_again_to_agent(
        occasion, agent, lost, occurrence=occurrence, joined=joined
    )


def announce_cancelled(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    participations: Sequence[Participation] | None = None,
    notifies: bool = True,
    gathering: Gathering | None = None,
) -> None:
    """Queue the cancellation for `participations` (those just cancelled; None: all of the RDV).

    The agents get a CANCEL when the RDV is cancelled, else a word about the participation. What
    the usagers are told is left in `gathering`, as in `announce_changed`. Without `notifies` nobody
    is told, but what had not left yet is withdrawn all the same.
    """
    concerned = rdv.participations.all() if participations is None else participations
    ids = [row.pk for row in concerned]
    rdv_messages.withdraw(
        rdv,
        rdv_messages.OVERTAKEN_BY_CANCELLING,
        participation_ids=None if rdv.is_cancelled else ids,
        now=now,
    )
    if not notifies:
        return
    occasion, agents = _occasion(rdv, actor, now, gathering), _agents(rdv)
    rdv_messages.rdv_cancelled(
        occasion,
        participations=_people(rdv, rdv.participations.filter(pk__in=ids)),
        agents=agents if rdv.is_cancelled else [],
    )
    if not rdv.is_cancelled:
        participation_messages.participation_cancelled(occasion, agents=agents)


def author_of(actor: Actor) -> Author:
    if isinstance(actor, AgentActor):
        return Author(agent_id=actor.agent_id, name=actor.name)
    return Author(is_usager=isinstance(actor, UsagerActor | TokenActor))


def _people(rdv: Rdv, participations: QuerySet[Participation]) -> list[Participation]:
    people = list(participations.select_related("usager__responsable").order_by("pk"))
    for row in people:
        row.rdv = rdv  # the one that the service has just written, not the one of before
    return people


def _agents(rdv: Rdv) -> list[Agent]:
    return list(Agent.objects.filter(agent_rdvs__rdv=rdv).select_related("account"))


def _occasion(
    rdv: Rdv, actor: Actor, now: datetime, gathering: Gathering | None = None
) -> rdv_messages.Occasion:
    return rdv_messages.Occasion(
        rdv=rdv,
        author=author_of(actor),
        links=_links(rdv, now),
        now=now,
        gathering=gathering,
        referents=_referents(rdv),
    )


def _referents(rdv: Rdv) -> tuple[str, ...]:
    """Return who receives, for a follow-up: of other RDVs no agent is named."""
    return tuple(a.short_name for a in _agents(rdv)) if rdv.motif.is_follow_up else ()


def _absolute(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _links(rdv: Rdv, now: datetime) -> rdv_messages.Links:
    def personal(participation: Participation, recipient: Usager) -> str:
        secret = issue_access_token(participation=participation, recipient=recipient, now=now)
        return _absolute("usagers:token_entry", secret)

    booking = ""
    if rdv.motif.is_open_online:
        booking = _absolute("usagers:booking_organisation", rdv.organisation.slug)
        if rdv.motif.is_follow_up:  # booked from the person's space only
            booking = _absolute("usagers:rdv_list")
    return rdv_messages.Links(
        personal=personal,
        rdv=_absolute("planning:rdv_detail", rdv.uuid),
        booking=booking,
        visio=visio_link(rdv),
    )
