from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from motifs.models import BookingLevel, Lieu, Motif, MotifCategory
from tests.factories.agents import OrganisationFactory, TerritoireFactory, service


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
