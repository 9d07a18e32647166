"""What this browser remembers of a prescripteur: who they are, what is proven, what was booked.

All of it is in the session, on the server; nothing of a person is in the URL (A02).
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from planning.models import Rdv
    from planning.services.prescription_confirm import Prescription
    from usagers.models import ContactCode

PARTNER = "prescripteur"
PROVEN = "prescripteur_proven"
CODE = "prescripteur_code"
CHOSEN = "prescription_choice"
DONE = "prescriptions_done"
# A day at work.
PROVEN_FOR = timedelta(hours=8)
MOST_DONE = 20


@dataclass(frozen=True)
class Done:
    """What the summary says of a booking: as it was typed, whoever was found by it."""

    rdv: str
    beneficiary: str
    phone_number: str
    email: str
    partner: str


def partner_of(request: HttpRequest) -> dict[str, str]:
    """Return what they typed of themselves, to show it again; empty the first time."""
    known: dict[str, str] = request.session.get(PARTNER, {})
    return known


def remember_partner(request: HttpRequest, typed: dict[str, str], signed_choice: str) -> None:
    """Keep who they are, and since when they have the créneau before them."""
    request.session[PARTNER] = typed
    request.session[CHOSEN] = signed_choice


def signed_choice(request: HttpRequest) -> str:
    signed: str = request.session.get(CHOSEN, "")
    return signed


def is_proven(request: HttpRequest, email: str, *, now: datetime) -> bool:
    """Whether a code sent to that very address came back through this browser, today."""
    proven = request.session.get(PROVEN, {})
    return bool(email) and proven.get("email") == email and proven["until"] > now.timestamp()


def prove(request: HttpRequest, code: ContactCode, *, now: datetime) -> None:
    request.session.pop(CODE, None)
    request.session[PROVEN] = {"email": code.email, "until": (now + PROVEN_FOR).timestamp()}


def code_under_way(request: HttpRequest, email: str) -> UUID | None:
    """Return the code sent to that address, or None: another was typed since."""
    sent: dict[str, Any] = request.session.get(CODE, {})
    return UUID(sent["uuid"]) if email and sent.get("email") == email else None


def remember_code(request: HttpRequest, code: ContactCode) -> None:
    request.session[CODE] = {"uuid": str(code.uuid), "email": code.email}


def remember_done(request: HttpRequest, rdv: Rdv, wanted: Prescription) -> None:
    request.session.pop(CHOSEN, None)
    typed, partner = wanted.beneficiary, wanted.partner
    done = Done(
        rdv=str(rdv.uuid),
        beneficiary=f"{typed.first_name} {typed.last_name.upper()}",
        phone_number=typed.phone_number,
        email=typed.email,
        partner=f"{partner.first_name} {partner.last_name.upper()}",
    )
    rows = request.session.get(DONE, [])
    request.session[DONE] = [*rows, asdict(done)][-MOST_DONE:]


def done_of(request: HttpRequest, rdv_uuid: UUID) -> Done | None:
    """Return what this browser booked last for that RDV."""
    rows = [row for row in request.session.get(DONE, []) if row["rdv"] == str(rdv_uuid)]
    return Done(**rows[-1]) if rows else None
