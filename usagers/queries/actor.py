"""Which citizen is asking."""

from __future__ import annotations

from agents.permissions import UsagerActor
from usagers.models import Usager


def load_usager_actor(*, account_id: int) -> UsagerActor:
    """Return the actor of an usager's account: their fiches (one a territoire) and relatives."""
    fiches = list(Usager.objects.living().filter(account_id=account_id))
    ids = frozenset(fiche.pk for fiche in fiches)
    proches = Usager.objects.living().filter(responsable_id__in=ids).values_list("pk", flat=True)
    return UsagerActor(
        account_id=account_id,
        usager_ids=ids,
        proche_ids=frozenset(proches) if ids else frozenset(),
        name=fiches[0].full_name if fiches else "",
    )
