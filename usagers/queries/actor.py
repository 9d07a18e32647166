"""Which citizen is asking."""

from __future__ import annotations

from operator import attrgetter

from agents.permissions import UsagerActor
from usagers.models import Usager


def load_usager_actor(*, account_id: int) -> UsagerActor:
    """Return the actor of an usager's account: their fiches (one a territoire) and relatives."""
    living = Usager.objects.living().only("first_name", "last_name", "birth_name", "account")
    proches = living.filter(responsable__account_id=account_id, responsable__anonymised_at=None)
    people = sorted(living.filter(account_id=account_id).union(proches), key=attrgetter("pk"))
    fiches = [person for person in people if person.account_id == account_id]
    ids = frozenset(fiche.pk for fiche in fiches)
    return UsagerActor(
        account_id=account_id,
        usager_ids=ids,
        proche_ids=frozenset(person.pk for person in people) - ids,
        name=fiches[0].full_name if fiches else "",
    )
