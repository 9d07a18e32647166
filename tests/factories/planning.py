from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from planning.models import (
    AgentRdv,
    Indisponibilite,
    Participation,
    PlageMotif,
    PlageOuverture,
    Rdv,
)
from planning.rules.status import CANCELLED
from tests.factories.agents import AgentFactory
from tests.factories.motifs import LieuFactory, MotifFactory
from usagers.models import Rattachement

MONDAY = date(2027, 1, 11)
NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)


class PlageOuvertureFactory(DjangoModelFactory):
    """One Monday morning, 9:00 to 12:00: `motifs=[…]` says what can be booked."""

    class Meta:
        model = PlageOuverture
        skip_postgeneration_save = True

    lieu = factory.SubFactory(LieuFactory)
    organisation = factory.LazyAttribute(lambda o: o.lieu.organisation)
    agent = factory.LazyAttribute(lambda o: AgentFactory(organisations=[o.organisation]))
    title = "Permanence"
    first_day = MONDAY
    start_time = time(9)
    end_time = time(12)

    @factory.post_generation
    def motifs(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for motif in extracted or ():
            PlageMotif.objects.create(plage=self, motif=motif)


class IndisponibiliteFactory(DjangoModelFactory):
    class Meta:
        model = Indisponibilite

    agent = factory.SubFactory(AgentFactory)
    territoire = factory.LazyAttribute(lambda o: o.agent.roles.first().organisation.territoire)
    title = "Congés"
    first_day = MONDAY
    end_day = factory.LazyAttribute(lambda o: o.first_day)
    start_time = time(9)
    end_time = time(18)


class RdvFactory(DjangoModelFactory):
    """`RdvFactory(motif=m, lieu=l, agents=[a], usagers=[u], starts_at=…)`.

    Participations are authored by the first agent.
    """

    class Meta:
        model = Rdv
        skip_postgeneration_save = True

    motif = factory.SubFactory(MotifFactory)
    organisation = factory.LazyAttribute(lambda o: o.motif.organisation)
    lieu = None
    starts_at = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
    ends_at = factory.LazyAttribute(
        lambda o: o.starts_at + timedelta(minutes=o.motif.duration_minutes)
    )
    cancelled_at = factory.LazyAttribute(
        lambda o: NOW if getattr(o, "status", "unknown") in CANCELLED else None
    )
    created_at = NOW

    @factory.post_generation
    def agents(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        overlap = kwargs.get("overlap_accepted", False)
        for agent in extracted or ():
            AgentRdv.objects.create(rdv=self, agent=agent, overlap_accepted=overlap)

    @factory.post_generation
    def usagers(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        first = self.agent_rdvs.order_by("pk").first()
        author = first.agent if first else None
        for usager in extracted or ():
            Rattachement.objects.get_or_create(usager=usager, organisation=self.organisation)
            Participation.objects.create(
                rdv=self,
                usager=usager,
                status=self.status,
                cancelled_at=self.cancelled_at,
                created_by_agent=author or AgentFactory(organisations=[self.organisation]),
                created_at=NOW,
            )
