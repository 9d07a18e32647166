from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from motifs.models import BookingLevel, Lieu, Motif
from tests.factories.agents import OrganisationFactory, service


class LieuFactory(DjangoModelFactory):
    class Meta:
        model = Lieu

    organisation = factory.SubFactory(OrganisationFactory)
    name = factory.Sequence(lambda n: f"Antenne {n}")
    address = "1 rue de la Paix, 62000 Arras"


class MotifFactory(DjangoModelFactory):
    """Open online by default: `booking_level="agents"` closes it."""

    class Meta:
        model = Motif

    organisation = factory.SubFactory(OrganisationFactory)
    service = factory.LazyFunction(service)
    name = factory.Sequence(lambda n: f"Premier accueil {n}")
    booking_level = BookingLevel.USAGERS
