"""Where the address of a fiche that was merged leads (F03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.permissions import Permission
from usagers.policies import fiches_of

if TYPE_CHECKING:
    from uuid import UUID

    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import Usager


def kept_fiche(
    absorbed_uuid: UUID, *, actor: Actor | None, organisation: Organisation
) -> Usager | None:
    """Return the fiche that took over `absorbed_uuid`, when `actor` opens it from there."""
    rows = fiches_of(actor, Permission.USAGER_READ, organisation)
    kept: Usager | None = rows.filter(absorbed__uuid=absorbed_uuid).first()
    return kept
