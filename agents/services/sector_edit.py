"""Sectors, their zones, who receives their people: changed by who edits the territoire (G15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Attribution, RoleOrganisation, Sector, SectorZone, ZoneLevel
from agents.permissions import Permission
from agents.policies import sectors_for
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from uuid import UUID

    from agents.models import Territoire
    from agents.permissions import Actor

MOST_SECTORS = 500
MOST_ZONES = 20_000


class SectorRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that to the sector any more."""


@dataclass(frozen=True)
class ZoneFields:
    """As typed; a street has both its fields, a commune none."""

    city_code: str
    city_name: str
    street_code: str = ""
    street_name: str = ""

    @property
    def level(self) -> str:
        return ZoneLevel.STREET if self.street_code or self.street_name else ZoneLevel.CITY


@transaction.atomic
def create_sector(
    *, territoire_id: int, name: str, human_id: str, actor: Actor | None, now: datetime
) -> Sector:
    """Add an empty sector. Raises TerritoireRefused, InvalidRow."""
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    if territoire.sectors.count() >= MOST_SECTORS:
        raise InvalidRow({"": [_("%(most)s secteurs au plus.") % {"most": MOST_SECTORS}]})
    sector = Sector(territoire=territoire, name=name, human_id=human_id)
    save_checked(sector)
    _record("sector_created", sector, actor, now)
    return sector


@transaction.atomic
def update_sector(
    *, sector_id: int, name: str, human_id: str, actor: Actor | None, now: datetime
) -> Sector:
    """Change the name and the identifier. Raises SectorRefused, InvalidRow."""
    sector = _lock(sector_id, actor)
    sector.name, sector.human_id = name, human_id
    save_checked(sector)
    _record("sector_updated", sector, actor, now)
    return sector


@transaction.atomic
def delete_sector(*, sector_id: int, actor: Actor | None, now: datetime) -> None:
    """Delete it with its zones and attributions. Raises SectorRefused."""
    sector = _lock(sector_id, actor)
    _record("sector_deleted", sector, actor, now)
    sector.delete()


@transaction.atomic
def add_zone(
    *, sector_id: int, fields: ZoneFields, actor: Actor | None, now: datetime
) -> SectorZone:
    """Add a commune or a street. Raises SectorRefused, InvalidRow."""
    sector = _lock(sector_id, actor)
    if SectorZone.objects.filter(sector__territoire=sector.territoire_id).count() >= MOST_ZONES:
        raise InvalidRow({"": [_("%(most)s zones au plus.") % {"most": MOST_ZONES}]})
    refusal = refusal_of_city(sector.territoire, fields.city_code)
    if refusal:
        raise InvalidRow({"city_code": [refusal]})
    zone = SectorZone(sector=sector, level=fields.level, **vars(fields))
    save_checked(zone)
    _record("sector_zone_added", sector, actor, now)
    return zone


@transaction.atomic
def remove_zones(
    *, sector_id: int, zones: Iterable[UUID] | None, actor: Actor | None, now: datetime
) -> int:
    """Remove these zones, or all of them (None); return how many. Raises SectorRefused."""
    sector = _lock(sector_id, actor)
    rows = sector.zones.all()
    if zones is not None:
        rows = rows.filter(uuid__in=list(zones))
    removed, _by_model = rows.delete()
    if removed:
        _record("sector_zones_removed", sector, actor, now)
    return removed


@transaction.atomic
def attribute(
    *,
    sector_id: int,
    organisation_uuid: UUID,
    agent_uuid: UUID | None,
    actor: Actor | None,
    now: datetime,
) -> Attribution:
    """Let an organisation, or one of its agents, receive the sector.

    Raises SectorRefused, InvalidRow.
    """
    sector = _lock(sector_id, actor)
    organisations = sector.territoire.organisations.filter(archived_at=None)
    organisation = organisations.filter(uuid=organisation_uuid).first()
    role = None
    if organisation is not None and agent_uuid is not None:
        roles = RoleOrganisation.objects.filter(organisation=organisation)
        # Held: the role may not go while the attribution is written.
        locked = roles.select_for_update(of=("self",))
        role = locked.filter(agent__uuid=agent_uuid, agent__deactivated_at=None).first()
    if organisation is None or (agent_uuid is not None and role is None):
        raise SectorRefused(_("Cette personne ou cette organisation n’est plus là. Rechargez."))
    row = Attribution(
        sector=sector, organisation=organisation, agent_id=role.agent_id if role else None
    )
    save_checked(row)
    _record("sector_attributed", sector, actor, now)
    return row


@transaction.atomic
def end_attribution(
    *, sector_id: int, attribution: UUID, actor: Actor | None, now: datetime
) -> None:
    """Take an attribution back; nothing to do when it is gone. Raises SectorRefused."""
    sector = _lock(sector_id, actor)
    removed, _by_model = sector.attributions.filter(uuid=attribution).delete()
    if removed:
        _record("sector_attribution_ended", sector, actor, now)


def refusal_of_city(territoire: Territoire, city_code: str) -> str:
    """Return why a commune is none of the territoire, or ""."""
    number = territoire.departement_number
    if territoire.kind == "departement" and not city_code.startswith(number):
        return _("Cette commune n’est pas du département %(number)s.") % {"number": number}
    return ""


def _lock(sector_id: int, actor: Actor | None) -> Sector:
    rows = sectors_for(actor, Permission.TERRITOIRE_EDIT).select_related("territoire")
    sector = rows.select_for_update(of=("self",)).filter(pk=sector_id).first()
    if sector is None:
        raise SectorRefused(_("Ce secteur n’existe plus, ou vous ne pouvez plus le modifier."))
    return sector


def _record(action: str, sector: Sector, actor: Actor | None, now: datetime) -> None:
    record_change(
        action=action,
        object_kind="territoire",
        object_uuid=sector.territoire.uuid,
        organisation_id=None,
        territoire_id=sector.territoire_id,
        actor=actor,
        now=now,
        detail={"sector": sector.human_id},
    )
