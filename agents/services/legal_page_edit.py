"""Write a legal page of a brand, or go back to the default text (I08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent, LegalPage
from agents.permissions import AgentActor, Permission
from agents.queries.brand import owned_brands
from agents.services.audit_write import record_change
from agents.services.territoire_lock import lock_territoire
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Brand
    from agents.permissions import Actor


class LegalPageRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The territoire does not own the brand any more."""


@transaction.atomic
def write_legal_page(
    *,
    territoire_id: int,
    brand_id: int,
    kind: str,
    text: str,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Replace the text; an empty one brings the default back.

    Raises TerritoireRefused, LegalPageRefused, InvalidRow.
    """
    territoire = lock_territoire(actor, Permission.TERRITOIRE_EDIT, territoire_id)
    assert isinstance(actor, AgentActor)
    brand = owned_brands(actor, territoire).filter(pk=brand_id).first()
    if brand is None:
        raise LegalPageRefused(_("Votre territoire ne tient plus les pages de cette marque."))
    _write(brand, kind, text.strip(), actor=actor, now=now)
    record_change(
        action="legal_page_changed" if text.strip() else "legal_page_reset",
        object_kind="brand",
        object_uuid=brand.uuid,
        organisation_id=None,
        territoire_id=territoire.pk,
        actor=actor,
        now=now,
        detail={"page": kind},
    )


def _write(brand: Brand, kind: str, text: str, *, actor: AgentActor, now: datetime) -> None:
    rows = LegalPage.objects.filter(brand=brand, kind=kind)
    if not text:
        rows.delete()
        return
    page = rows.select_for_update().first() or LegalPage(brand=brand, kind=kind)
    page.text, page.updated_at = text, now
    page.updated_by = Agent.objects.select_related("account").get(pk=actor.agent_id).account
    save_checked(page)
