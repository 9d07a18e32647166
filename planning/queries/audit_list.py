"""The audit trail of an organisation, or of a territoire: newest first, by pages (I03)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from agents.models import Agent, AuditEntry, Equipe, Organisation, Sector
from agents.permissions import Permission
from agents.policies import organisations_for, territoires_for
from motifs.models import Lieu, Motif
from planning.policies import rdvs_for
from planning.queries.audit_words import action_words, author_words, kind_words, reason_words
from rdv.common.timezones import day_bounds
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID
    from zoneinfo import ZoneInfo

    from django.db.models import Model, QuerySet

    from agents.models import Territoire
    from agents.permissions import Actor

PER_PAGE = 30


@dataclass(frozen=True)
class AuditFilter:
    since: date | None = None
    until: date | None = None
    agent: UUID | None = None
    action: str = ""
    kind: str = ""


@dataclass(frozen=True)
class AuditLine:
    """`name` and `url` of the object: "" when it is gone, or not this person's to open."""

    at: datetime
    author: str
    words: str
    reason: str
    kind: str
    name: str
    url: str
    organisation: str


@dataclass(frozen=True)
class AuditPage:
    """`next_cursor`: what the next page begins after; "" on the last one."""

    lines: list[AuditLine]
    next_cursor: str


def entries_in(actor: Actor | None, place: Organisation | Territoire) -> QuerySet[AuditEntry]:
    """Return the entries of a place whose trail `actor` may read."""
    if isinstance(place, Organisation):
        own = organisations_for(actor, Permission.AUDIT_READ).filter(pk=place.pk)
        return AuditEntry.objects.filter(organisation__in=own)
    if not territoires_for(actor, Permission.AUDIT_READ).filter(pk=place.pk).exists():
        return AuditEntry.objects.none()
    keys = list(Organisation.objects.filter(territoire=place).values_list("pk", flat=True))
    return AuditEntry.objects.filter(Q(organisation__in=keys) | Q(territoire=place))


def agents_of(place: Organisation | Territoire) -> QuerySet[Agent]:
    """Return who may be asked for: those who work there now."""
    if isinstance(place, Organisation):
        scope = Q(roles__organisation=place) | Q(droits__territoire=place.territoire_id)
    else:
        scope = Q(roles__organisation__territoire=place) | Q(droits__territoire=place)
    return Agent.objects.filter(scope, account__isnull=False).select_related("account").distinct()


def audit_page(
    place: Organisation | Territoire, *, wanted: AuditFilter, cursor: str, actor: Actor | None
) -> AuditPage:
    """Return one page; seven statements, however long the trail is."""
    zone = place.territoire.zone if isinstance(place, Organisation) else place.zone
    rows = _filtered(entries_in(actor, place), wanted, zone)
    after = _read_cursor(cursor)
    if after:
        rows = rows.filter(Q(at__lt=after[0]) | Q(at=after[0], pk__lt=after[1]))
    found = list(
        rows.select_related("agent__account", "organisation__territoire", "superadmin").order_by(
            "-at", "-pk"
        )[: PER_PAGE + 1]
    )
    page, more = found[:PER_PAGE], len(found) > PER_PAGE
    last = page[-1] if more else None
    return AuditPage(
        lines=_lines(page, place, actor),
        next_cursor=f"{last.at.isoformat()}.{last.pk}" if last else "",
    )


def _filtered(
    rows: QuerySet[AuditEntry], wanted: AuditFilter, zone: ZoneInfo
) -> QuerySet[AuditEntry]:
    if wanted.since:
        rows = rows.filter(at__gte=day_bounds(wanted.since, zone)[0])
    if wanted.until:
        rows = rows.filter(at__lt=day_bounds(wanted.until, zone)[1])
    if wanted.agent:
        rows = rows.filter(agent__uuid=wanted.agent)
    if wanted.action:
        rows = rows.filter(action=wanted.action)
    return rows.filter(object_kind=wanted.kind) if wanted.kind else rows


def _read_cursor(text: str) -> tuple[datetime, int] | None:
    moment, _dot, key = text.rpartition(".")
    try:
        at = datetime.fromisoformat(moment)
        return (at, int(key)) if at.tzinfo else None
    except ValueError:
        return None


def _lines(
    page: Sequence[AuditEntry], place: Organisation | Territoire, actor: Actor | None
) -> list[AuditLine]:
    names = _Names(page, place, actor)
    return [
        AuditLine(
            at=entry.at,
            author=author_words(
                entry.agent.full_name if entry.agent else "",
                entry.superadmin.email if entry.superadmin else "",
                entry.detail.get("author", ""),
            ),
            words=action_words(entry.action),
            reason=reason_words(entry.detail.get("reason", "")),
            kind=kind_words(entry.object_kind),
            name=names.name_of(entry),
            url=names.url_of(entry),
            organisation=entry.organisation.name if entry.organisation else "",
        )
        for entry in page
    ]


# Things of a place, by what the trail calls them: each has a name of its own.
_NAMED: dict[str, type[Model]] = {
    "equipe": Equipe,
    "lieu": Lieu,
    "motif": Motif,
    "organisation": Organisation,
    "sector": Sector,
}


class _Names:
    """What the objects of a page are called, and where they are.

    Three statements, and one for each other kind of thing on the page.
    """

    def __init__(
        self, page: Sequence[AuditEntry], place: Organisation | Territoire, actor: Actor | None
    ) -> None:
        asked: dict[str, set[UUID]] = {}
        for entry in page:
            if entry.object_uuid:
                asked.setdefault(entry.object_kind, set()).add(entry.object_uuid)
        territoire = place.territoire_id if isinstance(place, Organisation) else place.pk
        known = Usager.objects.living().filter(
            territoire=territoire, uuid__in=asked.get("usager", ())
        )
        if isinstance(place, Organisation):
            known = known.filter(rattachements__organisation=place)
        self._place = place
        self._usagers = {row.uuid: row.full_name for row in known}
        agents = Agent.objects.filter(uuid__in=asked.get("agent", ())).select_related("account")
        self._others = {row.uuid: row.full_name for row in agents}
        for kind, model in _NAMED.items():
            if kind in asked:
                rows = model._default_manager.filter(uuid__in=asked[kind])
                self._others.update(rows.values_list("uuid", "name"))
        rdvs = rdvs_for(actor, Permission.RDV_READ).filter(uuid__in=asked.get("rdv", ()))
        self._rdvs = set(rdvs.values_list("uuid", flat=True))

    def name_of(self, entry: AuditEntry) -> str:
        if entry.object_uuid is None:
            return ""
        if entry.object_kind == "usager":
            return self._usagers.get(entry.object_uuid, "")
        # What was deleted left its name, when it was nobody's.
        return self._others.get(entry.object_uuid, entry.detail.get("name", ""))

    def url_of(self, entry: AuditEntry) -> str:
        if entry.object_uuid in self._rdvs:
            return reverse("planning:rdv_detail", args=[entry.object_uuid])
        organisation = self._place if isinstance(self._place, Organisation) else entry.organisation
        if entry.object_uuid in self._usagers and organisation:
            return reverse("usagers:usager_detail", args=[organisation.uuid, entry.object_uuid])
        return ""
