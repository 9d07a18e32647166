"""The very texts for those who have several RDVs in one action: read before confirming (E10)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse

from notifications.messages import rdv as rdv_messages
from notifications.messages.facts import Before
from notifications.messages.rdvs import by_person_and_channel, grouped
from notifications.messages.recipients import Author, usagers_to_tell
from notifications.models import Channel
from planning.queries.rdv_bulk import active_people
from planning.queries.rdv_preview import SAMPLE_SECRET, Texts
from planning.queries.visio import visio_link
from planning.rules import rdv_bulk as rule

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from agents.permissions import AgentActor
    from notifications.messages.rdv import Said
    from notifications.models import OutboxMessage
    from planning.models import Rdv
    from planning.queries.rdv_bulk_plan import PlanLine

MOST_TEXTS = 20


@dataclass(frozen=True)
class GroupedTexts:
    """`others`: how many persons more will read such a message."""

    shown: tuple[Texts, ...]
    others: int


def grouped_texts(lines: Sequence[PlanLine], *, actor: AgentActor, now: datetime) -> GroupedTexts:
    """Return what each person who has several of these RDVs will read, without the author's note.

    Of the first twenty persons; no statement, when `lines` come with what their rows print.
    """
    telling = [line for line in lines if line.choice.act != rule.AGENT and line.rdv.starts_at > now]
    everybody = _people_of_several(telling)
    people = everybody[:MOST_TEXTS]
    said = [each for line in telling for each in _said(line, people, actor=actor, now=now)]
    found: dict[int, dict[str, OutboxMessage]] = {pk: {} for pk in people}
    names: dict[int, str] = {}
    for theirs in by_person_and_channel(said):
        person = theirs[0].recipient.person
        names[person.pk] = person.full_name
        found[person.pk][theirs[0].message.channel] = grouped(theirs)
    shown = (
        Texts(names[pk], texts.get(Channel.SMS), texts.get(Channel.EMAIL), is_masked=False)
        for pk, texts in found.items()
    )
    return GroupedTexts(tuple(shown), others=len(everybody) - len(people))


def _people_of_several(lines: Iterable[PlanLine]) -> list[int]:
    counts = Counter(
        recipient.person.pk
        for line in lines
        for recipient in usagers_to_tell(line.rdv, active_people(line.rdv))
    )
    return [pk for pk, count in counts.items() if count > 1]


def _said(
    line: PlanLine, people: Collection[int], *, actor: AgentActor, now: datetime
) -> Iterator[Said]:
    theirs = [row for row in active_people(line.rdv) if row.usager.to_notify.pk in people]
    rdv = line.after or line.rdv
    occasion = rdv_messages.Occasion(
        rdv=rdv,
        author=Author(agent_id=actor.agent_id, name=actor.name),
        links=_links(rdv),
        now=now,
    )
    if line.choice.act == rule.CANCEL:
        return rdv_messages.cancellations(occasion, theirs)
    return rdv_messages.changes(occasion, Before.of(line.rdv), theirs)


def _links(rdv: Rdv) -> rdv_messages.Links:
    def absolute(name: str, *args: object) -> str:
        return f"{settings.SITE_URL}{reverse(name, args=args)}"

    sample = absolute("usagers:token_entry", SAMPLE_SECRET)
    booking = ""
    if rdv.motif.is_open_online:
        booking = absolute("usagers:booking_organisation", rdv.organisation.slug)
    return rdv_messages.Links(
        personal=lambda _participation, _person: sample,
        rdv=sample,
        booking=booking,
        visio=visio_link(rdv),
    )
