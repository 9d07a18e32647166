"""Tell a RDV to those it concerns: gathers who and what, makes the personal links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from agents.models import Agent
from agents.permissions import AgentActor, TokenActor, UsagerActor
from notifications.messages import participation as participation_messages
from notifications.messages import rdv as rdv_messages
from notifications.messages.recipients import Author
from usagers.services.access_token_issue import issue_access_token

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from planning.models import Participation, Rdv
    from usagers.models import Usager


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


def announce_cancelled(
    rdv: Rdv,
    *,
    actor: Actor,
    now: datetime,
    participations: Sequence[Participation] | None = None,
    notifies: bool = True,
) -> None:
    """Queue the cancellation for `participations` (those just cancelled; None: all of the RDV).

    The agents get a CANCEL when the RDV is cancelled, else a word about the participation. Without
    `notifies` nobody is told, but what had not left yet is withdrawn all the same.
    """
    concerned = rdv.participations.all() if participations is None else participations
    ids = [row.pk for row in concerned]
    rdv_messages.withdraw_overtaken(
        rdv, participation_ids=None if rdv.is_cancelled else ids, now=now
    )
    if not notifies:
        return
    occasion, agents = _occasion(rdv, actor, now), _agents(rdv)
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


def _occasion(rdv: Rdv, actor: Actor, now: datetime) -> rdv_messages.Occasion:
    return rdv_messages.Occasion(rdv=rdv, author=author_of(actor), links=_links(rdv, now), now=now)


def _absolute(name: str, *args: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _links(rdv: Rdv, now: datetime) -> rdv_messages.Links:
    def personal(participation: Participation, recipient: Usager) -> str:
        secret = issue_access_token(participation=participation, recipient=recipient, now=now)
        return _absolute("usagers:token_entry", secret)

    booking = ""
    if rdv.motif.is_open_online:
        booking = _absolute("usagers:booking_organisation", rdv.organisation.slug)
    return rdv_messages.Links(
        personal=personal, rdv=_absolute("planning:rdv_detail", rdv.uuid), booking=booking
    )
