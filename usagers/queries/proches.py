"""The relatives of a citizen, in the order in which they are offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from usagers.models import Usager


def proches_of(fiche: Usager) -> list[Usager]:
    """Return the relatives by first name. One territoire: that of the fiche."""
    return list(fiche.proches.living().order_by("first_name", "pk"))
