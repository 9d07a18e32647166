"""Forget at once a booking that somebody leaves unfinished (A14)."""

from __future__ import annotations

from usagers.models import BookingDraft


def forget_draft(*, draft_uuid: str | None) -> bool:
    """Delete the draft of a browser; False when its link is in a mailbox, and still serves."""
    if not draft_uuid:
        return True
    drafts = BookingDraft.objects.filter(uuid=draft_uuid, rdv=None)
    drafts.filter(link_sent_at=None).delete()
    return not drafts.exists()
