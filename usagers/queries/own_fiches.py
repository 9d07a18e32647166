"""What somebody who is signed in sees of themselves and of their relatives (A08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import F, Prefetch

from agents.permissions import UsagerActor
from usagers.models import Usager
from usagers.policies import usagers_for

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Territoire
    from agents.permissions import Actor, Permission


def own_fiches(actor: Actor | None, permission: Permission) -> QuerySet[Usager]:
    """Return the fiches of the account, one a territoire, with `family`: the relatives there."""
    ids = actor.usager_ids if isinstance(actor, UsagerActor) else frozenset()
    proches = Usager.objects.living().order_by("first_name", "pk")
    return (
        usagers_for(actor, permission)
        .filter(pk__in=ids)
        .select_related("territoire", "account")
        .prefetch_related(Prefetch("proches", queryset=proches, to_attr="family"))
        .order_by("territoire__name", "pk")
    )


def own_proches(actor: Actor | None, permission: Permission) -> QuerySet[Usager]:
    """Return the relatives of the account."""
    ids = actor.proche_ids if isinstance(actor, UsagerActor) else frozenset()
    rows = usagers_for(actor, permission).filter(pk__in=ids)
    return rows.select_related("responsable__territoire")


def family_of(
    actor: Actor | None, permission: Permission, territoire: Territoire
) -> QuerySet[Usager]:
    """Return oneself and one's relatives in a territoire, oneself first."""
    rows = usagers_for(actor, permission).filter(territoire=territoire)
    return rows.order_by(F("responsable").asc(nulls_first=True), "first_name", "pk")
