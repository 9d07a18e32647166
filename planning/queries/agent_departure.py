"""What stands in the way of an agent who leaves an organisation, and what would go (G04, §3.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import DroitTerritoire, Invitation, RoleOrganisation
from planning.models import PlageMotif, PlageOuverture, Rdv
from planning.queries.plage_ouverture_list import ended_before
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation, Territoire

SHOWN = 20


@dataclass(frozen=True)
class Departure:
    """`rdvs`: the first of those to hand over, `expected` in all, the last on `last_day`.

    `closes`: it is their last organisation, the account goes too.
    """

    rdvs: tuple[Rdv, ...]
    expected: int
    plages: int
    closes: bool
    today: date
    last_day: date | None

    @property
    def more(self) -> int:
        return self.expected - len(self.rdvs)


def expected_rdvs(agent: Agent, organisation: Organisation, *, now: datetime) -> QuerySet[Rdv]:
    """Return the RDVs that have not begun and stand, in order of time."""
    rows = (
        Rdv.objects.kept()
        .active()
        .filter(agent_rdvs__agent=agent, organisation=organisation, starts_at__gt=now)
    )
    return rows.order_by("starts_at", "pk")


def departure_of(agent: Agent, organisation: Organisation, *, now: datetime) -> Departure:
    """Return it; six statements."""
    rdvs = expected_rdvs(agent, organisation, now=now)
    last = rdvs.last()
    zone = organisation.territoire.zone
    return Departure(
        rdvs=tuple(rdvs.select_related("motif", "lieu")[:SHOWN]),
        expected=rdvs.count(),
        plages=PlageOuverture.objects.filter(agent=agent, organisation=organisation).count(),
        closes=closes_account(agent, without=organisation),
        today=local_day(now, zone),
        last_day=local_day(last.starts_at, zone) if last else None,
    )


def closes_account(agent: Agent, *, without: Organisation) -> bool:
    """Say whether nothing keeps the agent once out of `without`.

    Another organisation does, and being admin of a territoire: who manages one organisation does
    not close the account of who manages them all. So does an invitation elsewhere of who never
    signed in: their link still leads somewhere.
    """
    if RoleOrganisation.objects.filter(agent=agent).exclude(organisation=without).exists():
        return False
    if DroitTerritoire.objects.filter(agent=agent, is_admin=True).exists():
        return False
    waiting = Invitation.objects.pending().filter(agent=agent, joins_by_accepting=True)
    return not (agent.is_invited and waiting.exists())


def leaves_territoire(agent: Agent, territoire: Territoire) -> bool:
    """Say whether nothing of the agent is left in the territoire, once a role is deleted."""
    roles = RoleOrganisation.objects.filter(agent=agent, organisation__territoire=territoire)
    admins = DroitTerritoire.objects.filter(agent=agent, territoire=territoire, is_admin=True)
    return not roles.exists() and not admins.exists()


def services_in_use(
    agent: Agent, territoire: Territoire, service_ids: Collection[int], *, now: datetime
) -> list[str]:
    """Return the names of the services that a current plage of the agent needs, in order."""
    today = local_day(now, territoire.zone)
    plages = PlageOuverture.objects.filter(
        agent=agent, organisation__territoire=territoire
    ).exclude(ended_before(today))
    rows = PlageMotif.objects.filter(
        plage__in=plages.values("pk"), motif__service__in=service_ids, motif__archived_at=None
    )
    names = rows.order_by("motif__service__name").values_list("motif__service__name", flat=True)
    return list(names.distinct())
