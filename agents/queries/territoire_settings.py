"""What the settings of a territoire depend on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from agents.models import Organisation

if TYPE_CHECKING:
    from agents.models import Territoire


def has_planning(territoire: Territoire) -> bool:
    """Say whether somebody has a RDV or a plage there; archived organisations count."""
    used = Q(rdvs__isnull=False) | Q(plages__isnull=False)
    return Organisation.objects.filter(used, territoire=territoire).exists()
