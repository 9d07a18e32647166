"""The bookings under way, found by those who may: their own session, or the secret of the link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usagers.models import BookingDraft
from usagers.rules.link_digest import link_digest

if TYPE_CHECKING:
    from django.db.models import QuerySet


def _drafts() -> QuerySet[BookingDraft]:
    return BookingDraft.objects.select_related("motif__organisation__territoire", "workshop")


def draft_of_session(uuid: str | None) -> BookingDraft | None:
    """Return the draft that this browser began, unless it led to a RDV."""
    if not uuid:
        return None
    drafts = _drafts().select_related("motif__service", "lieu")
    return drafts.filter(uuid=uuid, rdv=None, link_used_at=None).first()


def draft_of_link(secret: str) -> BookingDraft | None:
    """Return the draft that a link opens; the link may be used, or over.

    Its lieu, service and RDV are read when a page shows them: the button that books shows none.
    """
    return _drafts().filter(digest=link_digest(secret)).first()
