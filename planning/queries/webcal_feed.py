"""The RDVs that an agent's outside calendar follows: motif, place and link only (D02, D03)."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db.models import Count, Exists, Max, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from agents.permissions import Permission
from agents.queries.actor import agent_actor
from motifs.models import LocationType
from notifications.ics import Appointment, feed_text
from notifications.messages.facts import PLACES_FOR_AGENTS, organizer
from planning.models import AgentRdv, Participation, RdvEvent
from planning.policies import rdvs_for
from planning.rules.status import ACTIVE, CANCELLED

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Agent
    from agents.permissions import AgentActor
    from notifications.ics import Method

logger = logging.getLogger(__name__)
KEPT_AFTER_START = timedelta(days=30)
REFRESH = timedelta(hours=1)
# Goes up when the text of the same rows changes, so that calendars read it again.
FORMAT = 1
_REMEMBERED = 40 * 24 * 3600


class _Row(NamedTuple):
    """What the feed tells of a RDV, and nothing of who comes."""

    uuid: UUID
    version: int
    starts_at: datetime
    ends_at: datetime
    status: str
    title: str
    seats_total: int | None
    created_at: datetime
    changed_at: datetime | None
    organisation__territoire__timezone: str
    motif__name: str
    motif__location_type: str
    motif__is_collective: bool
    lieu__name: str | None
    lieu__address: str | None
    pk: int


@dataclass(frozen=True)
class WebcalFeed:
    """`etag` is quoted and strong: it covers all that `text` is made of."""

    name: str
    rows: tuple[tuple[_Row, int], ...]
    etag: str

    def text(self) -> str:
        entries = [_entry(row, taken) for row, taken in self.rows]
        return feed_text(entries, name=self.name, organizer=organizer(), refresh=REFRESH)


def webcal_feed(agent: Agent, *, now: datetime) -> WebcalFeed | None:
    """Return the RDVs that began 30 days ago at most, latest first; None for who works nowhere.

    Five statements, however many RDVs. Those of an organisation that the agent left are not read.
    """
    actor = agent_actor(agent)
    if not actor.roles and not actor.droits:
        return None
    rows = _rows(actor, since=now - KEPT_AFTER_START)
    taken = _taken([row.pk for row in rows if row.motif__is_collective])
    named = _("%(agent)s sur %(site)s") % {"agent": agent.full_name, "site": settings.SITE_NAME}
    seated = tuple((row, taken.get(row.pk, 0)) for row in rows)
    facts = (FORMAT, named, settings.SITE_URL, organizer(), seated)
    digest = hashlib.sha256(repr(facts).encode()).hexdigest()[:40]
    return WebcalFeed(named, seated, f'"{digest}"')


def feed_changed_at(agent: Agent, feed: WebcalFeed, *, now: datetime) -> datetime | None:
    """Return since when the feed is what it is, to the second: its Last-Modified.

    Rows cannot tell it: a RDV that passes to a colleague leaves no trace among those that stay. The
    moment at which this state was first served is remembered; forgotten, it is now, and calendars
    read once more than needed. Two states never share a second. None when the cache is down: then
    only the ETag, which needs no memory, spares a reading.
    """
    name = f"webcal:{agent.pk}"
    try:
        etag, at = cache.get(name, ("", 0))
        if etag != feed.etag:
            at = max(int(now.timestamp()), at + 1)
            cache.set(name, (feed.etag, at), _REMEMBERED)
    except RedisError:
        logger.warning("the cache is down: a calendar leaves without its Last-Modified")
        return None
    return datetime.fromtimestamp(at, UTC)


def _rows(actor: AgentActor, *, since: datetime) -> list[_Row]:
    mine = AgentRdv.objects.filter(rdv=OuterRef("pk"), agent=actor.agent_id)
    last = RdvEvent.objects.filter(rdv=OuterRef("pk")).order_by().values("rdv")
    found = (
        rdvs_for(actor, Permission.RDV_READ)
        .filter(Exists(mine), starts_at__gt=since)
        .annotate(changed_at=Subquery(last.annotate(at_last=Max("at")).values("at_last")))
        .order_by("-starts_at", "-pk")
    )
    return [_Row._make(values) for values in found.values_list(*_Row._fields)]


def _taken(rdv_ids: list[int]) -> dict[int, int]:
    rows = Participation.objects.filter(rdv__in=rdv_ids, status__in=ACTIVE).order_by()
    return dict(rows.values_list("rdv").annotate(Count("pk")))


def _entry(row: _Row, taken: int) -> tuple[Appointment, Method, datetime]:
    url = f"{settings.SITE_URL}{reverse('planning:rdv_detail', args=[row.uuid])}"
    appointment = Appointment(
        uid=str(row.uuid),
        sequence=row.version,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        zone=row.organisation__territoire__timezone,
        summary=_summary(row, taken),
        location=_location(row),
        description=_("Voir le RDV : %(url)s") % {"url": url},
        url=url,
    )
    method: Method = "CANCEL" if row.status in CANCELLED else "PUBLISH"
    return appointment, method, row.changed_at or row.created_at


def _summary(row: _Row, taken: int) -> str:
    """Return the motif; of a workshop its title too, and its seats: « Atelier : Budget (1/5) »."""
    if not row.motif__is_collective:
        return row.motif__name
    title = f" : {row.title}" if row.title else ""
    seats = f"{taken}/{row.seats_total}" if row.seats_total else str(taken)
    return f"{row.motif__name}{title} ({seats})"


def _location(row: _Row) -> str:
    """Return the lieu, or in a word how: never where somebody lives, nor the room of a call."""
    if row.lieu__name:
        return f"{row.lieu__name}, {row.lieu__address}"
    if row.motif__location_type in {LocationType.DOMICILE, LocationType.TELEPHONE}:
        return str(PLACES_FOR_AGENTS[row.motif__location_type])
    return ""
