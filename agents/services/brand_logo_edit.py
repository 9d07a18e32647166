"""Give a brand its logo, or take it away (decision 36)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Brand, BrandLogo
from agents.permissions import Permission
from agents.queries.brand import owned_brands
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from agents.rules.picture import Picture


class BrandLogoRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The territoire does not own the brand any more."""


@transaction.atomic
def write_brand_logo(
    *,
    territoire_id: int,
    brand_id: int,
    picture: Picture,
    alt_text: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Replace the logo. Raises TerritoireRefused, BrandLogoRefused, InvalidRow."""
    brand = _locked_brand(territoire_id, brand_id, actor)
    logo = BrandLogo.objects.filter(brand=brand).first() or BrandLogo(brand=brand)
    logo.content = picture.content
    logo.digest = hashlib.sha256(picture.content).hexdigest()[:16]
    logo.width, logo.height = picture.width, picture.height
    logo.alt_text, logo.updated_at = alt_text.strip(), now
    save_checked(logo)
    _record("brand_logo_changed", brand, territoire_id, actor, now)


@transaction.atomic
def remove_brand_logo(
    *, territoire_id: int, brand_id: int, actor: Actor | None, now: datetime
) -> None:
    """Leave the name alone. Raises TerritoireRefused, BrandLogoRefused."""
    brand = _locked_brand(territoire_id, brand_id, actor)
    removed, _rows = BrandLogo.objects.filter(brand=brand).delete()
    if removed:
        _record("brand_logo_removed", brand, territoire_id, actor, now)


def _locked_brand(territoire_id: int, brand_id: int, actor: Actor | None) -> Brand:
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    rows = owned_brands(actor, territoire).select_for_update(of=("self",))
    brand = rows.filter(pk=brand_id).first()
    if brand is None:
        raise BrandLogoRefused(_("Votre territoire ne tient plus les pages de cette marque."))
    return brand


def _record(
    action: str, brand: Brand, territoire_id: int, actor: Actor | None, now: datetime
) -> None:
    record_change(
        action=action,
        object_kind="brand",
        object_uuid=brand.uuid,
        organisation_id=None,
        territoire_id=territoire_id,
        actor=actor,
        now=now,
    )
