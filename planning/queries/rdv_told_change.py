"""Who would be told of a status or of an edit, by which channels: read before confirming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from notifications.messages.recipients import Author, agents_to_tell, usagers_to_tell
from planning.queries.rdv_told import Told

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.permissions import AgentActor
    from notifications.messages.recipients import Recipient
    from planning.models import Participation, Rdv


def told_of(
    rdv: Rdv,
    people: Sequence[Participation],
    *,
    actor: AgentActor,
    now: datetime,
) -> Told:
    """Return who is told of something about `people`: the same choice as the messages themselves.

    Reads `rdv.agents`, which the caller prefetches. Nobody once the RDV has begun.
    """
    if rdv.starts_at <= now:
        return Told((), ())
    recipients = usagers_to_tell(rdv, people)
    agents = agents_to_tell(
        rdv.agents.all(),
        author=Author(agent_id=actor.agent_id, name=actor.name),
        starts_at=rdv.starts_at,
        zone=rdv.organisation.territoire.zone,
        now=now,
    )
    reached = {recipient.person.pk for recipient in recipients}
    families = {row.usager.to_notify.pk: row.usager.to_notify for row in people}
    return Told(
        people=(
            *(f"{r.person.full_name}, {_channels(r)}" for r in recipients),
            *(_("%(name)s (agent), par e-mail") % {"name": agent.full_name} for agent in agents),
        ),
        untold=tuple(person.full_name for pk, person in families.items() if pk not in reached),
    )


def _channels(recipient: Recipient) -> str:
    if recipient.email and recipient.phone:
        return _("par e-mail et par SMS")
    return _("par e-mail") if recipient.email else _("par SMS")
