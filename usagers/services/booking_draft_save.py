"""Keep on the server what somebody typed and chose, until their address is proven (A05)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from rdv.common.errors import DomainError
from usagers.models import BookingDraft

if TYPE_CHECKING:
    from datetime import datetime


class DraftClosed(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The booking is finished, or was forgotten: there is nothing left to change."""


@dataclass(frozen=True)
class Choice:
    """A créneau. `chosen_at` is when it was chosen: the minimum delay counts from it."""

    motif_id: int
    lieu_id: int | None
    starts_at: datetime
    chosen_at: datetime


@dataclass(frozen=True)
class Identity:
    first_name: str
    last_name: str
    email: str
    phone_number: str = ""


@transaction.atomic
def save_booking_draft(
    *, draft_id: int | None, choice: Choice, identity: Identity, now: datetime
) -> BookingDraft:
    """Write the visitor's draft: the one they have under way, else a new one.

    A link already sent belonged to the former choice: it dies.
    """
    draft = _open_draft(draft_id) or BookingDraft(created_at=now)
    for name, value in {**asdict(choice), **asdict(identity)}.items():
        setattr(draft, name, value)
    _forget_link(draft)
    draft.save()
    return draft


@transaction.atomic
def correct_draft_address(*, draft_id: int, email: str) -> BookingDraft:
    """Replace the address; the link sent to the former one dies. Raises DraftClosed."""
    draft = open_draft(draft_id)
    draft.email = email
    _forget_link(draft)
    draft.save()
    return draft


@transaction.atomic
def choose_other_slot(*, draft_id: int, choice: Choice) -> BookingDraft:
    """Move the draft to another créneau; its link stays good. Raises DraftClosed."""
    draft = open_draft(draft_id)
    for name, value in asdict(choice).items():
        setattr(draft, name, value)
    draft.save()
    return draft


def open_draft(draft_id: int) -> BookingDraft:
    """Lock and return a draft that did not lead to a RDV yet. Raises DraftClosed."""
    draft = _open_draft(draft_id)
    if draft is None:
        raise DraftClosed(_("Cette réservation est terminée."))
    return draft


def _open_draft(draft_id: int | None) -> BookingDraft | None:
    if draft_id is None:
        return None
    drafts = BookingDraft.objects.select_for_update(of=("self",))
    return drafts.filter(pk=draft_id, rdv=None, link_used_at=None).first()


def _forget_link(draft: BookingDraft) -> None:
    draft.digest = draft.link_sent_at = draft.link_expires_at = None
