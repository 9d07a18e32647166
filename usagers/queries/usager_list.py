"""« Usagers »: nobody is listed before a search or a référent (usagers-notifications §1.7)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Case, Exists, OuterRef, Value, When

from agents.permissions import Permission
from usagers.models import Referent, Usager
from usagers.policies import fiches_of
from usagers.queries.usager_search import wanted_by, with_vector

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor


def listed_usagers(
    text: str, *, referent: Agent | None, actor: Actor | None, organisation: Organisation
) -> QuerySet[Any]:
    """Return those whom the text finds, and whom `referent` follows; nobody without either.

    Last names before first names, then by name. Only those that the organisation knows, or the
    territoire's for its admin.
    """
    wanted = wanted_by(text)
    if wanted is None and (referent is None or text.strip()):
        return Usager.objects.none()
    rows = fiches_of(actor, Permission.USAGER_READ, organisation).select_related("responsable")
    if referent is not None:
        followed = Referent.objects.filter(usager=OuterRef("pk"), agent=referent)
        proche = Referent.objects.filter(usager=OuterRef("responsable"), agent=referent)
        rows = rows.filter(Exists(followed) | Exists(proche))
    if wanted is None:
        return rows.order_by("search_key", "pk")
    rows = with_vector(rows)
    # A word is a name, or the beginning of an address when nobody is called so.
    found = [rows.filter(condition) for condition in wanted.own]
    chosen = next((one for one in found[:-1] if one.exists()), found[-1])
    rank = Case(When(search_key__startswith=wanted.key, then=Value(0)), default=Value(1))
    return chosen.order_by(rank, "search_key", "pk")
