"""Who is told, by which channel: preferences ∩ motif ∩ switches of the RDV (C01, decision 7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from rdv.common.phones import is_mobile
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from agents.models import Agent
    from planning.models import Participation, Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class Author:
    """Who did it. `agent_id` is None unless an agent did; `name` is an agent's, else empty."""

    agent_id: int | None = None
    name: str = ""
    is_usager: bool = False


@dataclass(frozen=True)
class Recipient:
    """A person told once about the participations of their family.

    An empty `email` or `phone` means that the channel is closed.
    """

    person: Usager
    participations: tuple[Participation, ...]
    email: str
    phone: str


def usagers_to_tell(
    rdv: Rdv, participations: Iterable[Participation], *, is_reminder: bool = False
) -> list[Recipient]:
    """Return who must be told of a change (or reminded), in the order of the participations.

    The responsable is told for a proche, once. An invisible or silent motif tells nobody, whatever
    happens to the RDV.
    """
    if not rdv.motif.notifies_usagers:
        return []
    families: dict[int, list[Participation]] = {}
    for participation in participations:
        if participation.notifies_reminder if is_reminder else participation.notifies_changes:
            families.setdefault(participation.usager.to_notify.pk, []).append(participation)
    recipients = [_recipient(family) for family in families.values()]
    return [recipient for recipient in recipients if recipient.email or recipient.phone]


def _recipient(family: list[Participation]) -> Recipient:
    person = family[0].usager.to_notify
    return Recipient(
        person=person,
        participations=tuple(family),
        email=(person.email or "") if person.notifies_by_email else "",
        phone=mobile_of(person) if person.notifies_by_sms else "",
    )


def mobile_of(person: Usager) -> str:
    """Return the mobile number in E.164, or "": a landline gets no SMS."""
    e164 = str(person.phone_number.as_e164) if person.phone_number else ""
    return e164 if is_mobile(e164) else ""


def agents_to_tell(
    agents: Iterable[Agent], *, author: Author, starts_at: datetime, zone: ZoneInfo, now: datetime
) -> list[Agent]:
    """Return the agents of a RDV who get the e-mail and its ICS, by their level (D01)."""
    is_soon = local_day(starts_at, zone) - local_day(now, zone) <= timedelta(days=1)
    return [
        agent
        for agent in agents
        if agent.email
        and agent.deactivated_at is None
        and _level_allows(agent, is_author=agent.pk == author.agent_id, is_soon=is_soon)
    ]


def _level_allows(agent: Agent, *, is_author: bool, is_soon: bool) -> bool:
    return {
        "all": True,
        "others": not is_author,
        "soon": not is_author and is_soon,
        "none": False,
    }[agent.rdv_notifications]
