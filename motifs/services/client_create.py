"""Open a client: territoire, first organisation, first admin, motifs (G16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Brand, Service, Territoire, TerritoireService
from agents.models.territoire import Kind
from agents.services.audit_write import record_change
from agents.services.first_admin import add_first_admin
from agents.services.organisation_create import add_organisation, free_slug
from motifs.models import Lieu
from motifs.queries.motif_pack import pack_lines
from motifs.rules.packs import services_of_pack
from motifs.services.motif_pack import add_motifs
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Agent, Organisation


@dataclass(frozen=True)
class ClientFields:
    """`services`: codes of the preset list, besides those of the pack when it is taken."""

    territoire_name: str
    territoire_kind: str
    departement_number: str
    timezone: str
    holiday_zone: str
    organisation_name: str
    organisation_kind: str
    first_name: str
    last_name: str
    email: str
    services: list[str]
    phone_number: str = ""
    lieu_address: str = ""
    takes_pack: bool = True


@dataclass(frozen=True)
class Client:
    territoire: Territoire
    organisation: Organisation
    admin: Agent


@transaction.atomic
def create_client(*, fields: ClientFields, superadmin_id: int | None, now: datetime) -> Client:
    """Insert everything, or nothing. Raises InvalidRow with the fields of the form at fault.

    `superadmin_id`: the account of who does it; None from the command line.
    """
    territoire = _territoire(fields)
    services = _services(fields)
    TerritoireService.objects.bulk_create(
        TerritoireService(territoire=territoire, service=service) for service in services
    )
    organisation = add_organisation(
        territoire,
        name=fields.organisation_name,
        kind=fields.organisation_kind,
        phone_number=fields.phone_number,
    )
    admin = add_first_admin(
        organisation,
        first_name=fields.first_name,
        last_name=fields.last_name,
        email=fields.email,
        services=services,
        now=now,
    )
    _equip(organisation, fields)
    record_change(
        action="client_created",
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=organisation.pk,
        territoire_id=territoire.pk,
        actor=None,
        now=now,
        superadmin_id=superadmin_id,
    )
    return Client(territoire, organisation, admin)


def _equip(organisation: Organisation, fields: ClientFields) -> None:
    """Give the organisation its first lieu, named like it, and the motifs of the pack."""
    if fields.lieu_address:
        name, address = fields.organisation_name, fields.lieu_address
        save_checked(Lieu(organisation=organisation, name=name, address=address))
    if fields.takes_pack:
        lines = pack_lines(organisation, fields.organisation_kind)
        add_motifs(organisation, [line for line in lines if line.may_be_taken])


def _territoire(fields: ClientFields) -> Territoire:
    territoire = Territoire(
        name=fields.territoire_name,
        slug=free_slug(Territoire, fields.territoire_name),
        kind=fields.territoire_kind,
        departement_number=fields.departement_number,
        timezone=fields.timezone,
        holiday_zone=fields.holiday_zone,
        phone_number=fields.phone_number,
        # Decision 13.
        searches_across_organisations=fields.territoire_kind == Kind.DEPARTEMENT,
        brand=Brand.objects.filter(is_default=True).first(),
    )
    save_checked(territoire)
    return territoire


def _services(fields: ClientFields) -> list[Service]:
    codes = set(fields.services)
    if fields.takes_pack:
        codes.update(services_of_pack(fields.organisation_kind))
    services = list(Service.objects.filter(code__in=codes))
    if not services or len(services) != len(codes):
        raise InvalidRow({"services": [_("Choisissez au moins un service de la liste.")]})
    return services
