"""A motif whose créneaux are all taken, and people who wait for one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from agents.permissions import AgentActor, TokenActor
from notifications.models import OutboxMessage
from planning.models import Outcome, Rdv, WaitingListEntry, WaitingListOffer
from planning.services.rdv_cancel import cancel_rdv
from planning.services.waiting_list_join import wait_for_earlier
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)

# Monday 22 March 2027, 9:00 in Paris; Easter Monday is the 29th, the clock changes on the 28th.
NOW = datetime(2027, 3, 22, 8, 0, tzinfo=UTC)
WEDNESDAY = date(2027, 3, 24)
HALF_HOUR = timedelta(minutes=30)


class WaitingWorld:
    """One agent, one lieu, one morning of six créneaux, all taken until some is freed."""

    def __init__(self, day: date = WEDNESDAY, **motif: object) -> None:
        self.organisation = OrganisationFactory()
        self.lieu = LieuFactory(organisation=self.organisation)
        self.motif = MotifFactory(
            organisation=self.organisation, booking_level="usagers", min_delay_minutes=60, **motif
        )
        self.plage = PlageOuvertureFactory(lieu=self.lieu, motifs=[self.motif], first_day=day)
        self.agent = self.plage.agent
        self.desk = AgentActor(agent_id=self.agent.pk)
        zone = self.organisation.territoire.zone
        nine = datetime.combine(day, time(9), zone).astimezone(UTC)
        self.starts = [nine + HALF_HOUR * rank for rank in range(6)]
        self.rdvs = [self.rdv(start) for start in self.starts]

    def rdv(self, starts_at: datetime, **person: object) -> Rdv:
        usager = UsagerFactory(territoire=self.organisation.territoire, **person)
        return RdvFactory(
            motif=self.motif,
            lieu=self.lieu,
            agents=[self.agent],
            usagers=[usager],
            starts_at=starts_at,
        )

    def free(self, rank: int = 0, *, now: datetime = NOW) -> datetime:
        """Cancel the RDV of that rank; return the time it frees."""
        cancel_rdv(rdv_id=self.rdvs[rank].pk, actor=self.desk, now=now)
        return self.starts[rank]

    def wait(self, email: str = "ana@exemple.fr", at: datetime = NOW, **fields: object):
        return WaitingListEntry.objects.create(
            motif=self.motif,
            email=email,
            confirmed_at=at,
            created_at=at,
            **{"lieu": self.lieu, **fields},
        )

    def wait_with_rdv(self, starts_at: datetime, at: datetime = NOW, **person: object):
        """Somebody has a RDV far away, and asks for an earlier one."""
        PlageOuvertureFactory(
            lieu=self.lieu,
            agent=self.agent,
            motifs=[self.motif],
            first_day=starts_at.date(),
            end_time=time(9, 30),
        )
        rdv = self.rdv(starts_at, **person)
        return wait_for_earlier(rdv_id=rdv.pk, actor=actor_of(rdv), now=at)


def actor_of(rdv: Rdv) -> TokenActor:
    row = rdv.participations.get()
    return TokenActor(token_id=0, participation_id=row.pk, usager_id=row.usager_id)


def offers() -> list[WaitingListOffer]:
    return list(WaitingListOffer.objects.select_related("entry", "hold").order_by("pk"))


def pending() -> WaitingListOffer:
    return WaitingListOffer.objects.get(outcome=Outcome.PENDING)


def told() -> list[str]:
    """Return who got an offer, in order: one line for each message."""
    rows = OutboxMessage.objects.filter(kind="waiting_list_offer").order_by("pk")
    return list(rows.values_list("recipient", flat=True))


def link(kind: str = "waiting_list_offer") -> str:
    """Return the path of the link of the latest message of that kind."""
    body = OutboxMessage.objects.filter(kind=kind).latest("pk").body
    found = re.search(r"https?://[^/\s]+(/l/[\w-]+/(?:retrait/)?)", body)
    assert found, body
    return found[1]
