"""What is known of somebody who is signed in, for their next booking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rdv.accounts.models import Account
from usagers.models import Usager
from usagers.queries.certified_identity import identity_of

if TYPE_CHECKING:
    from agents.models import Territoire
    from agents.permissions import UsagerActor


def fiche_for(actor: UsagerActor, territoire: Territoire) -> Usager | None:
    """Return their fiche in `territoire`, else the one of another, else None.

    Who came by FranceConnect outside any territoire has none yet: theirs is then unsaved, under
    the certified names. The account's address is fetched with it.
    """
    fiches = Usager.objects.living().filter(pk__in=actor.usager_ids).select_related("account")
    by_place = sorted(fiches, key=lambda row: (row.territoire_id != territoire.pk, row.pk))
    return by_place[0] if by_place else _certified(actor, territoire)


def _certified(actor: UsagerActor, territoire: Territoire) -> Usager | None:
    account = Account.objects.get(pk=actor.account_id)
    identity = identity_of(account)
    if identity is None or not identity.is_named:
        return None
    return Usager(territoire=territoire, account=account, email=account.email, **identity.columns)
