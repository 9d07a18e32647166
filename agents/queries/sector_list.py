"""The sectors of a territoire, as « Espace admin » shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from agents.models import Attribution, Organisation, RoleOrganisation, Sector, SectorZone

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Territoire


def sectors_of(territoire: Territoire) -> QuerySet[Sector]:
    """Return them by name, with `communes`, `streets` and `receivers` counted."""
    return territoire.sectors.annotate(
        communes=Count("zones", filter=Q(zones__level="city"), distinct=True),
        streets=Count("zones", filter=Q(zones__level="street"), distinct=True),
        receivers=Count("attributions", distinct=True),
    ).order_by("name", "pk")


def attributions_of(sector: Sector) -> QuerySet[Attribution]:
    """Return who receives, by organisation, the whole organisation first."""
    rows = sector.attributions.select_related("organisation", "agent")
    return rows.order_by("organisation__name", "agent__last_name", "agent__first_name", "pk")


def zones_of_territoire(territoire: Territoire) -> QuerySet[SectorZone]:
    """Return every zone with its sector, as the file of an export lists them."""
    rows = SectorZone.objects.filter(sector__territoire=territoire).select_related("sector")
    return rows.order_by("sector__name", "sector", "city_name", "street_name", "pk")


@dataclass(frozen=True)
class ReceiverGroup:
    """An organisation and (value, name) of what may be attributed there."""

    name: str
    choices: tuple[tuple[str, str], ...]


def receivers_left(sector: Sector, whole: str) -> list[ReceiverGroup]:
    """Return what the sector may still be attributed to; `whole` names an organisation at large.

    Two statements, and one for what is attributed already.
    """
    taken = set(sector.attributions.values_list("organisation_id", "agent_id"))
    organisations = Organisation.objects.filter(territoire=sector.territoire_id, archived_at=None)
    roles = RoleOrganisation.objects.filter(
        organisation__in=organisations, agent__deactivated_at=None
    ).select_related("agent")
    agents: dict[int, list[RoleOrganisation]] = {}
    for role in roles.order_by("agent__last_name", "agent__first_name", "pk"):
        agents.setdefault(role.organisation_id, []).append(role)
    groups = []
    for row in organisations.order_by("name", "pk"):
        choices = [] if (row.pk, None) in taken else [(str(row.uuid), whole)]
        choices += [
            (f"{row.uuid}/{role.agent.uuid}", role.agent.full_name)
            for role in agents.get(row.pk, [])
            if (row.pk, role.agent_id) not in taken
        ]
        if choices:
            groups.append(ReceiverGroup(row.name, tuple(choices)))
    return groups
