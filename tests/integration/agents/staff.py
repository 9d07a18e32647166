"""What the tests of the staff share."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from agents.models import AgentService, DroitTerritoire
from agents.queries.actor import agent_actor
from agents.services.agent_invite import InvitationFields, Invited, invite_agent
from notifications.models import OutboxMessage
from tests.factories import AgentFactory
from tests.factories.planning import NOW

NEW_PASSWORD = "Nouv3au!secret-long"
EMAIL = "bob.fictif@exemple.fr"
DAY = timedelta(days=1)


def holder(cast: Any, **rights: bool) -> Any:
    """Somebody who holds rights on the territoire, and works in no organisation of it."""
    agent = AgentFactory()
    DroitTerritoire.objects.create(agent=agent, territoire=cast.territoire, **rights)
    return agent


def invite(
    cast: Any, *, by: Any = None, email: str = EMAIL, now: Any = NOW, **changes: Any
) -> Invited:
    fields = {
        "email": email,
        "organisations": (cast.organisation.uuid,),
        "services": ("social",),
        "level": "basique",
        **changes,
    }
    return invite_agent(
        territoire=cast.territoire,
        fields=InvitationFields(**fields),
        actor=agent_actor(by or cast.admin),
        now=now,
    )


def links() -> list[str]:
    """Return the paths of the invitations that left, in order."""
    rows = OutboxMessage.objects.filter(kind="invitation_agent").order_by("pk")
    return [re.search(r"http://testserver(/agents/invitation/\S+)", row.body)[1] for row in rows]


def services(agent: Any) -> set[str]:
    return set(AgentService.objects.filter(agent=agent).values_list("service__code", flat=True))


def level(agent: Any, organisation: Any) -> str | None:
    row = agent.roles.filter(organisation=organisation).first()
    return row.level if row else None
