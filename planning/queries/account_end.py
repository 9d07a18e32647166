"""What ending one's account would touch: the RDVs to come, and which of them may be cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.permissions import Permission
from planning.queries.rdv_of_usager import rdvs_of_usager
from planning.rules.cancellation import refusal_to_cancel

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import UsagerActor
    from planning.models import Rdv


@dataclass(frozen=True)
class AccountEnd:
    """RDVs that the person sees and still expects: `held` cannot be cancelled online."""

    cancellable: tuple[Rdv, ...]
    held: tuple[Rdv, ...]

    @property
    def coming(self) -> int:
        return len(self.cancellable) + len(self.held)


def account_end(actor: UsagerActor, *, now: datetime) -> AccountEnd:
    """Return it; two statements. An invisible RDV is not named: nobody may learn of it here."""
    cancellable: list[Rdv] = []
    held: list[Rdv] = []
    rdvs = rdvs_of_usager(actor, Permission.RDV_READ).filter(ends_at__gt=now)
    for rdv in rdvs.order_by("starts_at", "pk"):
        active = [row for row in rdv.family if not row.is_cancelled]  # type: ignore[attr-defined]
        if rdv.is_cancelled or not active:
            continue
        refusal = refusal_to_cancel(
            status=active[0].status,
            starts_at=rdv.starts_at,
            by_usager=True,
            motif_allows=rdv.motif.is_cancellable_by_usager,
            now=now,
        )
        (held if refusal else cancellable).append(rdv)
    return AccountEnd(tuple(cancellable), tuple(held))
