"""Create, rename and delete a category of motifs (G05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from motifs.models import MotifCategory
from motifs.policies import motif_categories_for
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor

MOST = 200


class MotifCategoryRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that to the category any more."""


@transaction.atomic
def create_category(
    *, territoire_id: int, name: str, actor: Actor | None, now: datetime
) -> MotifCategory:
    """Add a category. Raises TerritoireRefused, InvalidRow."""
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    if territoire.motif_categories.count() >= MOST:
        raise InvalidRow({"name": [_("%(most)s catégories au plus.") % {"most": MOST}]})
    category = MotifCategory(territoire=territoire, name=name)
    save_checked(category)
    _record("motif_category_created", category, actor, now)
    return category


@transaction.atomic
def rename_category(
    *, category_id: int, name: str, actor: Actor | None, now: datetime
) -> MotifCategory:
    """Change the name. Raises MotifCategoryRefused, InvalidRow."""
    category = _lock(category_id, actor)
    category.name = name
    save_checked(category)
    _record("motif_category_renamed", category, actor, now)
    return category


@transaction.atomic
def delete_category(*, category_id: int, actor: Actor | None, now: datetime) -> None:
    """Delete it; its motifs go on without. Raises MotifCategoryRefused."""
    category = _lock(category_id, actor)
    _record("motif_category_deleted", category, actor, now)
    category.delete()


def _lock(category_id: int, actor: Actor | None) -> MotifCategory:
    rows = motif_categories_for(actor, Permission.TERRITOIRE_EDIT)
    category = rows.select_for_update(of=("self",)).filter(pk=category_id).first()
    if category is None:
        raise MotifCategoryRefused(_("Cette catégorie n’existe plus."))
    return category


def _record(action: str, category: MotifCategory, actor: Actor | None, now: datetime) -> None:
    record_change(
        action=action,
        object_kind="territoire",
        object_uuid=category.territoire.uuid,
        organisation_id=None,
        territoire_id=category.territoire_id,
        actor=actor,
        now=now,
        detail={"category": category.name},
    )
