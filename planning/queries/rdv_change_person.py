"""Whether the family may still say who comes, and come back to a workshop (A07, A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from planning.queries.public_workshops import refusal_to_join
from planning.rules.registration import refusal_to_return
from planning.rules.status import UNKNOWN

if TYPE_CHECKING:
    from datetime import datetime

    from planning.models import Rdv


def may_change_person(rdv: Rdv, *, now: datetime) -> bool:
    """Say so of a RDV with its `family`: to come, and one of them comes. No statement."""
    if rdv.status != UNKNOWN or rdv.starts_at <= now or not _coming(rdv):
        return False
    return not rdv.motif.is_collective or not refusal_to_join(rdv, now=now)


def may_return(rdv: Rdv, *, now: datetime) -> bool:
    """Say whether the family had left this workshop and may register again; seats not looked at."""
    if not rdv.motif.is_collective or _coming(rdv) or refusal_to_join(rdv, now=now):
        return False
    family = rdv.family  # type: ignore[attr-defined]
    return any(not refusal_to_return(status=row.status) for row in family)


def _coming(rdv: Rdv) -> bool:
    return any(not row.is_cancelled for row in rdv.family)  # type: ignore[attr-defined]
