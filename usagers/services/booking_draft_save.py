"""Keep on the server what somebody typed and chose, until their address is proven (A05)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from rdv.common.errors import DomainError
from usagers.models import BookingDraft
from usagers.services.proche_edit import ProcheFields

if TYPE_CHECKING:
    from datetime import datetime


class DraftClosed(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The booking is finished, or was forgotten: there is nothing left to change."""


@dataclass(frozen=True)
class Choice:
    """A créneau, or the session `workshop_id` of a collective RDV.

    `chosen_at` is when it was chosen: the minimum delay counts from it. `persons` come together.
    `sector_ids` are those of the address, for a motif that is sectorised.
    """

    motif_id: int
    lieu_id: int | None
    starts_at: datetime
    chosen_at: datetime
    persons: int = 1
    workshop_id: int | None = None
    sector_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class Identity:
    first_name: str
    last_name: str
    email: str
    phone_number: str = ""


@dataclass(frozen=True)
class Company:
    """Who comes, and what helps them: oneself or not, relatives of one's family, others by name.

    `address` is where a home visit takes place. `needs` are values of `planning.models.Need`.
    """

    is_for_self: bool = True
    proche_ids: tuple[int, ...] = ()
    others: tuple[ProcheFields, ...] = ()
    address: str = ""
    needs: tuple[str, ...] = ()
    needs_details: str = ""

    @property
    def size(self) -> int:
        return self.is_for_self + len(self.proche_ids) + len(self.others)


@transaction.atomic
def save_booking_draft(
    *,
    draft_id: int | None,
    choice: Choice,
    identity: Identity,
    now: datetime,
    company: Company | None = None,
    language: str = "fr",
) -> BookingDraft:
    """Write the visitor's draft: the one they have under way, else a new one.

    A link already sent belonged to the former choice: it dies. Without `company`, the one of the
    draft stays. A draft knows no fiche: its company is oneself and names.
    """
    draft = _open_draft(draft_id) or BookingDraft(created_at=now)
    for name, value in {**asdict(choice), **asdict(identity)}.items():
        setattr(draft, name, value)
    if company is not None:
        _keep_company(draft, company)
    draft.language = language
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


def company_of(draft: BookingDraft) -> Company:
    """Return who comes, as the draft remembers it."""
    return Company(
        is_for_self=draft.is_for_self,
        others=tuple(_person(row) for row in draft.companions),
        address=draft.address,
        needs=tuple(draft.needs),
        needs_details=draft.needs_details,
    )


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


def _keep_company(draft: BookingDraft, company: Company) -> None:
    draft.is_for_self = company.is_for_self
    draft.companions = [
        {
            "first_name": person.first_name,
            "last_name": person.last_name,
            "birth_date": person.birth_date.isoformat() if person.birth_date else "",
        }
        for person in company.others
    ]
    draft.address = company.address
    draft.needs, draft.needs_details = list(company.needs), company.needs_details


def _person(row: dict[str, str]) -> ProcheFields:
    born = date.fromisoformat(row["birth_date"]) if row["birth_date"] else None
    return ProcheFields(row["first_name"], row["last_name"], born)
