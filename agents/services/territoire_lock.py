"""What every change of a whole territoire begins with: held, the actor's right read in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from agents.policies import territoires_for
from rdv.common.errors import DomainError

if TYPE_CHECKING:
    from agents.models import Territoire
    from agents.permissions import Actor, Permission


class TerritoireRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that in the territoire, or not any more."""


def lock_territoire(actor: Actor | None, permission: Permission, territoire_id: int) -> Territoire:
    """Hold one territoire on the whole of which `actor` has `permission`.

    Raises TerritoireRefused.
    """
    rows = territoires_for(actor, permission).filter(pk=territoire_id)
    found = rows.select_for_update(of=("self",), no_key=True).first()
    if found is None:
        raise TerritoireRefused(_("Vous ne pouvez pas agir dans ce territoire."))
    return found
