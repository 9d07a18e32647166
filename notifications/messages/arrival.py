"""What the agents of a RDV read when somebody is in the waiting room (decision 35)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notifications.messages import facts, render
from notifications.messages.letters import in_french
from notifications.messages.recipients import agents_to_tell
from notifications.outbox import enqueue_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from agents.models import Agent
    from notifications.messages.occasion import Occasion
    from notifications.models import OutboxMessage
    from planning.models import Participation

ARRIVAL = "arrival_agent"


def letters(
    occasion: Occasion, participation: Participation, agents: Iterable[Agent]
) -> Iterator[OutboxMessage]:
    """Yield the mail of each agent that wants it. No ICS: it names a person (decision 6).

    Somebody who comes late is announced too: it leaves until the RDV is over.
    """
    rdv, now = occasion.rdv, occasion.now
    zone = rdv.organisation.territoire.zone
    for agent in agents_to_tell(
        agents, author=occasion.author, starts_at=rdv.starts_at, zone=zone, now=now
    ):
        yield render.email(
            ARRIVAL,
            {
                "first_name": agent.first_name,
                "person": participation.usager.full_name,
                "when": facts.when(rdv),
                "rows": facts.rows_for_agent(rdv),
                "rdv_url": occasion.links.rdv,
            },
            recipient=agent.email,
            recipient_name=agent.full_name,
            dedup_key=f"{ARRIVAL}:{participation.pk}:{now.isoformat()}:agent:{agent.pk}",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.ends_at,
        )


def somebody_arrived(
    occasion: Occasion, participation: Participation, agents: Iterable[Agent]
) -> None:
    """Queue the mails. Call it in the transaction that writes the arrival."""
    with in_french():
        enqueue_all(list(letters(occasion, participation, agents)), now=occasion.now)
