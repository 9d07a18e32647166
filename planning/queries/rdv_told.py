"""Who would be told of a RDV's cancelling, by which channels: what the agent reads before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from notifications.messages.recipients import Author, agents_to_tell, usagers_to_tell

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import AgentActor
    from notifications.messages.recipients import Recipient
    from planning.models import Rdv
    from usagers.models import Usager


@dataclass(frozen=True)
class Told:
    """Lines to read: "Léa MARTIN, par e-mail et par SMS". `untold`: people nobody will reach."""

    people: tuple[str, ...]
    untold: tuple[str, ...]


def told_of_cancelling(rdv: Rdv, *, actor: AgentActor, now: datetime) -> Told:
    """Return who is told when `actor` cancels now: the same choice as the messages themselves.

    Reads `rdv.participations` and `rdv.agents`, which the caller prefetches.
    """
    active = [row for row in rdv.participations.all() if not row.is_cancelled]
    if rdv.starts_at <= now:
        return Told((), ())
    recipients = usagers_to_tell(rdv, active)
    agents = agents_to_tell(
        rdv.agents.all(),
        author=Author(agent_id=actor.agent_id, name=actor.name),
        starts_at=rdv.starts_at,
        zone=rdv.organisation.territoire.zone,
        now=now,
    )
    reached = {recipient.person.pk for recipient in recipients}
    people: dict[int, Usager] = {row.usager.to_notify.pk: row.usager.to_notify for row in active}
    return Told(
        people=(
            *(f"{r.person.full_name}, {_channels(r)}" for r in recipients),
            *(_("%(name)s (agent), par e-mail") % {"name": agent.full_name} for agent in agents),
        ),
        untold=tuple(person.full_name for pk, person in people.items() if pk not in reached),
    )


def _channels(recipient: Recipient) -> str:
    if recipient.email and recipient.phone:
        return _("par e-mail et par SMS")
    return _("par e-mail") if recipient.email else _("par SMS")
