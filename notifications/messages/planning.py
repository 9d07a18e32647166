"""What an agent is told when somebody else changes their plages or indisponibilités (D01)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.ics import series_text
from notifications.messages import render
from notifications.messages.facts import organizer
from notifications.outbox import enqueue

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Agent, Organisation
    from notifications.ics import Method, Series
    from notifications.messages.recipients import Author

PLAGE, INDISPONIBILITE = "plage_agent", "indisponibilite_agent"


class Change(StrEnum):
    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True)
class Told:
    """One series as the mail says it: label and value, then what the calendar receives.

    Never its title, which somebody typed and may name a person (decision 6).
    """

    rows: Sequence[tuple[str, str]]
    series: Series


def wants(agent: Agent, kind: str, author: Author) -> bool:
    """Say whether `agent` is told: of others' acts only, and by preference."""
    level = agent.plage_notifications if kind == PLAGE else agent.indisponibilite_notifications
    return bool(
        agent.email
        and agent.deactivated_at is None
        and agent.pk != author.agent_id
        and level != "none"
    )


def planning_changed(
    kind: str,
    change: Change,
    told: Sequence[Told],
    *,
    agent: Agent,
    author: Author,
    url: str,
    organisation: Organisation | None,
    now: datetime,
) -> None:
    """Queue one mail, with one calendar, for all that one act changed. `url`: their page."""
    if not told or not wants(agent, kind, author):
        return
    method: Method = "CANCEL" if change is Change.DELETED else "PUBLISH"
    first = told[0].series.appointment
    with translation.override(settings.LANGUAGE_CODE):
        message = render.email(
            kind,
            {
                "change": change.value,
                "count": len(told),
                "tables": [each.rows for each in told],
                "author": author,
                "first_name": agent.first_name,
                "url": url,
            },
            recipient=agent.email,
            recipient_name=agent.full_name,
            dedup_key=f"{kind}:{change}:{first.uid}:{first.sequence}:agent:{agent.pk}",
            ics=series_text(
                [each.series for each in told], method=method, organizer=organizer(), stamp=now
            ),
            ics_method=method,
            organisation=organisation,
        )
        enqueue(message, now=now)
