"""The créneaux as the public journey asks for them: a motif and a lieu, or several places.

Each function runs a constant number of statements for motifs of one duration and pause. `visitor`
is the raw key of who asks: what others hold is taken (decision 19). `persons` come together, and
multiply the duration (decision 24). `usager_ids` are the fiches of who comes, for a motif de suivi;
`sector_ids` the sectors of their address, for a motif that is sectorised (`Search`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypedDict, Unpack

from planning.queries.availability import (
    Audience,
    Search,
    bookable,
    distinct_starts,
    found_slots,
    nearest_slots,
    next_by_lieu,
    next_by_organisation,
    next_slot,
)
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from motifs.models import Lieu, Motif

    Where = tuple[Motif, Lieu | None]

Found = tuple[int, int | None, datetime]
"""Motif, lieu, start."""

WEEK_DAYS = 7
Usagers = frozenset[int]
NOBODY: Usagers = frozenset()
Sectors = frozenset[int] | None
NOWHERE: Sectors = frozenset()


class Who(TypedDict, total=False):
    """Who asks, as every function below takes it: nobody in particular, alone and from nowhere."""

    visitor: str
    persons: int
    usager_ids: Usagers
    sector_ids: Sectors


def next_times(
    wheres: Sequence[Where],
    *,
    now: datetime,
    **who: Unpack[Who],
) -> dict[tuple[int, int | None], datetime]:
    """Return the soonest créneau of each (motif, lieu) that has one. One territoire."""
    found: dict[tuple[int, int | None], datetime] = {}
    for group in _alike(wheres):
        today = _today(group[0][0], now)
        search = _search((motif for motif, _ in group), now, **who)
        by_lieu = next_by_lieu(search, today) if any(lieu for _, lieu in group) else {}
        by_site = next_by_organisation(search, today) if any(not lieu for _, lieu in group) else {}
        for motif, lieu in group:
            slot = by_lieu.get(lieu.pk) if lieu else by_site.get(motif.organisation_id)
            if slot is not None:
                found[_key((motif, lieu))] = slot[0]
    return found


def first_time(
    motif: Motif,
    lieu: Lieu | None,
    *,
    now: datetime,
    from_day: date | None = None,
    **who: Unpack[Who],
) -> datetime | None:
    """Return the soonest créneau, from a civil day on."""
    search = _search([motif], now, lieu, **who)
    slot = next_slot(search, from_day or _today(motif, now))
    return slot[0] if slot else None


def week_times(
    motif: Motif,
    lieu: Lieu | None,
    *,
    first_day: date,
    now: datetime,
    **who: Unpack[Who],
) -> list[datetime]:
    """Return the créneaux of seven civil days, in order, in the zone of the territoire."""
    last_day = first_day + timedelta(days=WEEK_DAYS - 1)
    search = _search([motif], now, lieu, **who)
    return distinct_starts(search, first_day, last_day)


def week_agents(
    motif: Motif,
    lieu: Lieu | None,
    *,
    first_day: date,
    now: datetime,
    **who: Unpack[Who],
) -> dict[datetime, int]:
    """Return the créneaux of `week_times`, each with the first registered agent who is free."""
    last_day = first_day + timedelta(days=WEEK_DAYS - 1)
    search = _search([motif], now, lieu, **who)
    return {
        start: agent for start, agent, _lieu, _plage in found_slots(search, first_day, last_day)
    }


def is_free(
    motif: Motif,
    lieu: Lieu | None,
    starts_at: datetime,
    *,
    now: datetime,
    chosen_at: datetime | None = None,
    **who: Unpack[Who],
) -> bool:
    """Tell whether a chosen time can still be booked (decision 18)."""
    lieu_id = lieu.pk if lieu else None
    search = _search([motif], now, lieu, **who)
    return bool(bookable(search, starts_at, lieu_id, chosen_at))


def nearest_times(
    where: Where,
    wheres: Sequence[Where],
    starts_at: datetime,
    *,
    now: datetime,
    **who: Unpack[Who],
) -> tuple[list[Found], list[Found]]:
    """Return up to 3 créneaux at `where`, then up to 3 at the other lieux of `wheres` (A06).

    The nearest in time within a fortnight; when there is none at all, the next one at `where`.
    """
    motif, lieu = where
    alike = [(m, at) for m, at in wheres if _kind(m) == _kind(motif) and at]
    others = {at.pk: m for m, at in alike if at is not None} if lieu else {}
    search = _search([motif, *others.values()], now, **who)
    here, elsewhere = nearest_slots(search, starts_at, lieu.pk if lieu else None)
    target = starts_at.astimezone(UTC)
    found: list[Found] = [
        (*_key(where), slot[0]) for slot in here if slot[0].astimezone(UTC) != target
    ]
    away: list[Found] = [
        (others[at].pk, at, start) for start, _, at, _ in elsewhere if at in others
    ]
    if not found and not away:
        following = first_time(motif, lieu, now=now, **who)
        found = [(*_key(where), following)] if following else []
    return found, away


def _search(
    motifs: Iterable[Motif],
    now: datetime,
    lieu: Lieu | None = None,
    *,
    visitor: str = "",
    persons: int = 1,
    usager_ids: Usagers = NOBODY,
    sector_ids: Sectors = NOWHERE,
) -> Search:
    return Search(
        motif_ids=frozenset(motif.pk for motif in motifs),
        audience=Audience.USAGER,
        now=now,
        lieu_ids=frozenset({lieu.pk}) if lieu else None,
        visitor=visitor,
        persons=persons,
        usager_ids=usager_ids,
        sector_ids=sector_ids,
    )


def _alike(wheres: Sequence[Where]) -> list[list[Where]]:
    """A search is about one duration and one pause: most often there is one group."""
    groups: dict[tuple[int, int], list[Where]] = {}
    for where in wheres:
        groups.setdefault(_kind(where[0]), []).append(where)
    return list(groups.values())


def _kind(motif: Motif) -> tuple[int, int]:
    return motif.duration_minutes, motif.pause_minutes


def _today(motif: Motif, now: datetime) -> date:
    return local_day(now, motif.organisation.territoire.zone)


def _key(where: Where) -> tuple[int, int | None]:
    motif, lieu = where
    return motif.pk, lieu.pk if lieu else None
