"""One unsaved message about one RDV, to one person, by one channel, in their language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import translation

from notifications.messages import facts, render
from notifications.messages.occasion import Said
from notifications.messages.recipients import agents_to_tell
from notifications.models import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from agents.models import Agent
    from notifications.ics import Method
    from notifications.messages.occasion import Occasion
    from notifications.messages.recipients import Recipient
    from notifications.models import OutboxMessage
    from planning.models import Rdv

    Extra = Callable[[Recipient], Mapping[str, object]]


def to_agents(
    occasion: Occasion,
    agents: Iterable[Agent],
    kind: str,
    *,
    method: Method | None,
    extra: Mapping[str, object] | None = None,
    soonest: datetime | None = None,
    occurrence: str = "",
) -> Iterator[OutboxMessage]:
    """Yield the mail of each agent that wants it, with an ICS when there is a `method`.

    `soonest` is the earlier of the old and the new start, for those who want what is soon. Agents
    read French. The same `occurrence` is said once.
    """
    rdv, links, now = occasion.rdv, occasion.links, occasion.now
    zone = rdv.organisation.territoire.zone
    context = {
        "when": facts.when(rdv),
        "rows": facts.rows_for_agent(rdv),
        "author": occasion.author,
        "rdv_url": links.rdv,
        **(extra or {}),
    }
    for agent in agents_to_tell(
        agents, author=occasion.author, starts_at=soonest or rdv.starts_at, zone=zone, now=now
    ):
        ics = facts.ics_for_agent(rdv, agent, method, url=links.rdv, now=now) if method else ""
        yield render.email(
            kind,
            {**context, "first_name": agent.first_name},
            recipient=agent.email,
            recipient_name=agent.full_name,
            dedup_key=_dedup_key(kind, rdv, Channel.EMAIL, _agent_key(agent, occurrence)),
            ics=ics,
            ics_method=method or "",
            rdv=rdv,
            organisation=rdv.organisation,
            expires_at=rdv.starts_at,
        )


def channels_of(recipient: Recipient) -> list[Channel]:
    """Return the open channels, the e-mail first."""
    channels = [Channel.EMAIL] if recipient.email else []
    return channels + ([Channel.SMS] if recipient.phone else [])


def to_usager(
    occasion: Occasion,
    recipient: Recipient,
    kind: str,
    channels: Sequence[Channel],
    extra: Mapping[str, object] | Extra,
    *,
    method: Method = "PUBLISH",
    occurrence: str = "",
) -> list[Said]:
    """Return one message by channel, each with a link of its own.

    `extra` that holds words is a function, called in the language of the person. The same
    `occurrence` is said once.
    """
    with translation.override(recipient.person.language):
        said = extra(recipient) if callable(extra) else extra
        letter = _Letter(occasion, recipient, kind, said, method, occurrence)
        return [
            Said(occasion, recipient, kind, letter.extra, letter.by(channel))
            for channel in channels
        ]


@dataclass(frozen=True)
class _Letter:
    occasion: Occasion
    recipient: Recipient
    kind: str
    extra: Mapping[str, object]
    method: Method
    occurrence: str

    def by(self, channel: Channel) -> OutboxMessage:
        rdv, person = self.occasion.rdv, self.recipient.person
        participation = self.recipient.participations[0]
        who = f"usager:{person.pk}" + (f":{self.occurrence}" if self.occurrence else "")
        columns = {
            "recipient_name": person.full_name,
            "dedup_key": _dedup_key(self.kind, rdv, channel, who),
            "secret_link": self.occasion.links.personal(participation, person),
            "rdv": rdv,
            "participation": participation,
            "organisation": rdv.organisation,
            "expires_at": rdv.starts_at,
        }
        return self._sms(columns) if channel == Channel.SMS else self._email(columns)

    def _sms(self, columns: Mapping[str, object]) -> OutboxMessage:
        rdv = self.occasion.rdv
        return render.sms(
            self.kind,
            {"when": facts.when_short(rdv), "link": columns["secret_link"]},
            place=facts.place_short(rdv),
            phone=facts.contact_of(rdv).phone,
            language=self.recipient.person.language,
            **{"recipient": self.recipient.phone, **columns},
        )

    def _email(self, columns: Mapping[str, object]) -> OutboxMessage:
        occasion, recipient, rdv = self.occasion, self.recipient, self.occasion.rdv
        is_cancelled = self.method == "CANCEL"
        visio = "" if is_cancelled else occasion.links.visio
        rows = facts.rows_for_usager(
            rdv, recipient, referents=occasion.referents, is_cancelled=is_cancelled
        )
        context = {
            "when": facts.when(rdv),
            "rows": rows,
            "contact": facts.contact_of(rdv),
            "first_name": recipient.person.first_name,
            "someone": facts.somebody_else(recipient),
            "organisation": rdv.organisation.name,
            "note": occasion.note,
            "visio_url": visio,
            "link": columns["secret_link"],
            **self.extra,
        }
        ics = facts.ics_for_usager(rdv, method=self.method, now=occasion.now, visio_url=visio)
        return render.email(
            self.kind,
            context,
            language=recipient.person.language,
            **{
                "recipient": recipient.email,
                "reply_to": rdv.organisation.email,
                "ics": ics,
                "ics_method": self.method,
                **columns,
            },
        )


def _agent_key(agent: Agent, occurrence: str) -> str:
    return f"agent:{agent.pk}" + (f":{occurrence}" if occurrence else "")


def agent_of(message: OutboxMessage) -> int | None:
    """Return the key of the agent to whom `to_agents` wrote; None for any other message."""
    found = re.search(r":agent:(\d+)(?::|$)", message.dedup_key)
    return int(found[1]) if found else None


def _dedup_key(kind: str, rdv: Rdv, channel: str, who: str) -> str:
    return f"{kind}:{rdv.pk}:{rdv.version}:{channel}:{who}"


def in_french() -> translation.override:
    """Return the language of the agents, whatever that of the page."""
    return translation.override(settings.LANGUAGE_CODE)
