"""Tell an agent that a way into their account has changed (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Agent
from agents.queries.agent_home import home_organisation, zone_of
from notifications.messages.security import announce_security_change

if TYPE_CHECKING:
    from datetime import datetime

    from notifications.messages.security import Change


def tell_security_change(
    *, account_id: int, change: Change, author: str = "", device: str = "", now: datetime
) -> None:
    """Queue the mail, in the transaction of the change. No account but an agent's is written to.

    An address that nobody has proven yet is left alone.
    """
    rows = Agent.objects.active().select_related("account")
    agent = rows.filter(account=account_id, account__email_is_proven=True).first()
    if agent is None:
        return
    organisation = home_organisation(agent)
    announce_security_change(
        agent,
        change=change,
        organisation=organisation,
        zone=zone_of(agent, organisation),
        author=author,
        device=device,
        now=now,
    )
