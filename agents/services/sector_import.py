"""Zones of a file: the whole file is checked first, then written, or not at all (G15)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Sector, SectorZone
from agents.permissions import Permission
from agents.services.audit_write import record_change
from agents.services.sector_edit import MOST_ZONES, ZoneFields, refusal_of_city
from agents.services.territoire_lock import lock_territoire

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor

MOST_LINES = 3_000


@dataclass(frozen=True)
class ZoneLine:
    """A line as it was typed; `number` is the file's own."""

    number: int
    human_id: str
    zone: ZoneFields


@dataclass(frozen=True)
class LineError:
    number: int
    refusal: str


@dataclass(frozen=True)
class SectorCount:
    name: str
    new: int
    renamed: int
    same: int


@dataclass(frozen=True)
class ZoneImport:
    """What the file does, by sector; with `errors`, it does nothing."""

    errors: tuple[LineError, ...] = ()
    sectors: tuple[SectorCount, ...] = ()

    @property
    def total(self) -> int:
        return sum(count.new + count.renamed for count in self.sectors)


@dataclass
class _Plan:
    sectors: dict[str, Sector]
    known: dict[tuple[int, str], SectorZone]
    new: list[SectorZone] = field(default_factory=list)
    renamed: list[SectorZone] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)


@transaction.atomic
def import_zones(
    *,
    lines: Sequence[ZoneLine],
    territoire_id: int,
    actor: Actor | None,
    now: datetime,
    is_trial: bool,
) -> ZoneImport:
    """Add the zones of the file, write again the names of those that are there; none is removed.

    One line at fault and nothing is written. Raises TerritoireRefused.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    plan = _plan_of(territoire)
    errors = [error for error in (_look(line, plan, territoire) for line in lines) if error]
    errors += _twice(lines)
    if len(plan.known) + len(plan.new) > MOST_ZONES:
        errors.append(LineError(0, _("%(most)s zones au plus.") % {"most": MOST_ZONES}))
    if errors:
        return ZoneImport(errors=tuple(sorted(errors, key=lambda error: error.number)))
    if not is_trial:
        _write(plan, territoire, actor, now)
    return ZoneImport(sectors=_counts(plan))


def _plan_of(territoire: Territoire) -> _Plan:
    zones = SectorZone.objects.filter(sector__territoire=territoire)
    return _Plan(
        sectors={sector.human_id: sector for sector in territoire.sectors.all()},
        known={(zone.sector_id, _key(zone)): zone for zone in zones},
    )


def _key(zone: SectorZone | ZoneFields) -> str:
    return zone.street_code or zone.city_code


def _look(line: ZoneLine, plan: _Plan, territoire: Territoire) -> LineError | None:
    """Say what is wrong with a line, or remember what it does."""
    sector = plan.sectors.get(line.human_id)
    if sector is None:
        told = _("Secteur inconnu : « %(name)s ».") % {"name": line.human_id[:60]}
        return LineError(line.number, told)
    zone = SectorZone(sector=sector, level=line.zone.level, **vars(line.zone))
    try:
        zone.clean_fields(exclude={"sector", "uuid"})
        zone.validate_constraints(exclude={"sector"})
    except ValidationError as error:
        return LineError(line.number, _told(error))
    refusal = refusal_of_city(territoire, zone.city_code)
    if refusal:
        return LineError(line.number, refusal)
    known = plan.known.get((sector.pk, _key(zone)))
    if known is None:
        plan.new.append(zone)
        plan.counts[sector.name, "new"] += 1
    elif (known.city_name, known.street_name) != (zone.city_name, zone.street_name):
        known.city_name, known.street_name = zone.city_name, zone.street_name
        plan.renamed.append(known)
        plan.counts[sector.name, "renamed"] += 1
    else:
        plan.counts[sector.name, "same"] += 1
    return None


def _told(error: ValidationError) -> str:
    """Return what is wrong, after the name of its column in the file."""
    return " ".join(
        " ".join(messages) if name == NON_FIELD_ERRORS else f"{name} : {' '.join(messages)}"
        for name, messages in error.message_dict.items()
    )


def _twice(lines: Sequence[ZoneLine]) -> list[LineError]:
    first: dict[tuple[str, str], int] = {}
    errors = []
    for line in lines:
        at = first.setdefault((line.human_id, _key(line.zone)), line.number)
        if at != line.number:
            told = _("Cette zone est déjà à la ligne %(first)s du fichier.") % {"first": at}
            errors.append(LineError(line.number, told))
    return errors


def _counts(plan: _Plan) -> tuple[SectorCount, ...]:
    return tuple(
        SectorCount(name, *(plan.counts[name, kind] for kind in ("new", "renamed", "same")))
        for name in sorted({name for name, _kind in plan.counts})
    )


def _write(plan: _Plan, territoire: Territoire, actor: Actor | None, now: datetime) -> None:
    SectorZone.objects.bulk_create(plan.new, batch_size=1_000)
    SectorZone.objects.bulk_update(plan.renamed, ["city_name", "street_name"], batch_size=1_000)
    record_change(
        action="sector_zones_imported",
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"new": len(plan.new), "renamed": len(plan.renamed)},
    )
