from __future__ import annotations

from datetime import UTC, datetime

import factory
from factory.django import DjangoModelFactory

from motifs.models import BookingLevel, Lieu, Motif, MotifBulkEdit, MotifBulkLine, MotifCategory
from tests.factories.agents import AgentFactory, OrganisationFactory, TerritoireFactory, service


class LieuFactory(DjangoModelFactory):
    class Meta:
        model = Lieu

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Antenne {n}")
    address = "1 rue de la Paix, 62000 Arras"


class MotifCategoryFactory(DjangoModelFactory):
    class Meta:
        model = MotifCategory

    territoire = factory.SubFactory(TerritoireFactory)
    name = factory.Sequence(lambda n: f"Papiers {n}")


class MotifFactory(DjangoModelFactory):
    """Open online by default: `booking_level="agents"` closes it."""

    class Meta:
        model = Motif

    organisation = factory.SubFactory(OrganisationFactory)
    service = factory.LazyFunction(service)
    name = factory.Sequence(lambda n: f"Premier accueil {n}")
    booking_level = BookingLevel.USAGERS


class MotifBulkEditFactory(DjangoModelFactory):
    class Meta:
        model = MotifBulkEdit

    territoire = factory.SubFactory(TerritoireFactory)
    agent = factory.SubFactory(AgentFactory)
    created_at = datetime(2027, 1, 4, 9, tzinfo=UTC)


class MotifBulkLineFactory(DjangoModelFactory):
    class Meta:
        model = MotifBulkLine

    bulk = factory.SubFactory(MotifBulkEditFactory)
    motif = factory.SubFactory(MotifFactory)
    before = {"duration_minutes": 30}
    after = {"duration_minutes": 45}
