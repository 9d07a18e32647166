"""« Vos organisations »: where one works, grouped by territoire (G09)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import Q

from agents.models import Organisation
from agents.permissions import Permission
from agents.policies import organisations_for, organisations_scope
from agents.queries.territoire_menu import may_in_territoire

if TYPE_CHECKING:
    from agents.models import Territoire
    from agents.permissions import AgentActor


@dataclass
class TerritoireGroup:
    """`may_open`: the actor holds a right on the whole territoire, and has its Espace admin."""

    territoire: Territoire
    may_open: bool = False
    lines: list[OrganisationLine] = field(default_factory=list)


@dataclass(frozen=True)
class OrganisationLine:
    """`role` is the agent's level there, "" where they only see it as admin de territoire."""

    organisation: Organisation
    role: str
    may_edit: bool


def organisation_groups(actor: AgentActor) -> list[TerritoireGroup]:
    """Return what the actor may open, one's own organisations first in each territoire."""
    rows = (
        organisations_for(actor, Permission.ORGANISATION_READ)
        .select_related("territoire")
        .order_by("territoire__name", "territoire", "name", "pk")
    )
    editable = set(
        Organisation.objects.filter(
            organisations_scope(actor, Permission.ORGANISATION_EDIT) & Q(archived_at=None)
        ).values_list("pk", flat=True)
    )
    groups: dict[int, TerritoireGroup] = {}
    for organisation in rows:
        group = groups.setdefault(
            organisation.territoire_id,
            TerritoireGroup(
                organisation.territoire,
                may_open=may_in_territoire(
                    actor, organisation.territoire, Permission.TERRITOIRE_READ
                ),
            ),
        )
        role = actor.roles.get(organisation.pk)
        group.lines.append(
            OrganisationLine(organisation, str(role or ""), organisation.pk in editable)
        )
    for group in groups.values():
        group.lines.sort(key=lambda line: not line.role)
    return list(groups.values())
