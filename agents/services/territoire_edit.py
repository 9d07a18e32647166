"""Change the settings of a territoire, one page of « Espace admin » at a time (G05)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, ClassVar

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.queries.territoire_settings import has_planning
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Territoire
    from agents.permissions import Actor


@dataclass(frozen=True)
class TerritoireSettings:
    """What holds for the whole territoire; names are the model's."""

    action: ClassVar[str] = "territoire_settings_changed"
    name: str
    phone_number: str
    email: str
    timezone: str
    holiday_zone: str
    searches_across_organisations: bool
    shows_rdv_context: bool
    mails_arrivals: bool
    colours_arrivals: bool


@dataclass(frozen=True)
class FicheFields:
    """Which facts the fiches hold beyond name and contact."""

    action: ClassVar[str] = "territoire_fiches_changed"
    usager_fields: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class DataContacts:
    """Who answers for personal data (I08)."""

    action: ClassVar[str] = "territoire_data_contacts_changed"
    controller_name: str = ""
    dpo_name: str = ""
    dpo_email: str = ""


@dataclass(frozen=True)
class EmbeddingSites:
    """Where the booking journey may be shown in a frame (A10)."""

    action: ClassVar[str] = "territoire_embedding_changed"
    embedding_domains: list[str] = field(default_factory=list)


Fields = TerritoireSettings | FicheFields | DataContacts | EmbeddingSites


@transaction.atomic
def update_territoire(
    *, territoire_id: int, fields: Fields, actor: Actor | None, now: datetime
) -> Territoire:
    """Write one page of settings, and which of them changed into the audit trail.

    Raises TerritoireRefused, or InvalidRow: also when the time zone would change under RDVs and
    plages, whose hours people have written down.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    changed = [name for name, value in asdict(fields).items() if getattr(territoire, name) != value]
    if not changed:
        return territoire
    if "timezone" in changed and has_planning(territoire):
        raise InvalidRow({"timezone": [_("Des plages ou des RDV existent : l’heure reste.")]})
    for name in changed:
        setattr(territoire, name, getattr(fields, name))
    save_checked(territoire)
    record_change(
        action=fields.action,
        object_kind="territoire",
        object_uuid=territoire.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"fields": sorted(changed)},
    )
    return territoire
