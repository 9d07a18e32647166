from __future__ import annotations

from typing import Any

import factory
from factory.django import DjangoModelFactory

from agents.models import (
    Agent,
    AgentService,
    Attribution,
    Brand,
    DroitTerritoire,
    Equipe,
    Level,
    Organisation,
    RoleOrganisation,
    Sector,
    SectorZone,
    Service,
    Territoire,
)
from rdv.accounts.models import Account, Kind

PASSWORD = "Correcth0rse!battery"


def service(code: str = "social") -> Service:
    """Return a service of the preset list."""
    return Service.objects.get(code=code)


class TerritoireFactory(DjangoModelFactory):
    class Meta:
        model = Territoire

    name = factory.Sequence(lambda n: f"Territoire {n}")
    slug = factory.Sequence(lambda n: f"territoire-{n}")
    departement_number = "62"


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    territoire = factory.SubFactory(TerritoireFactory)
    name = factory.Sequence(lambda n: f"Maison des solidarités {n}")
    slug = factory.Sequence(lambda n: f"organisation-{n}")
    phone_number = "+33321000000"
    email = factory.LazyAttribute(lambda o: f"contact@{o.slug}.example.fr")


class AgentFactory(DjangoModelFactory):
    """`AgentFactory(organisations=[org], services=[s], level="admin", territoire_admin=t)`.

    `email=None` makes an intervenant.
    """

    class Meta:
        model = Agent
        skip_postgeneration_save = True

    class Params:
        email = factory.Sequence(lambda n: f"agent{n}@example.fr")

    first_name = factory.Sequence(lambda n: f"Camille{n}")
    last_name = factory.Sequence(lambda n: f"Durand{n}")
    account = factory.LazyAttribute(
        lambda o: (
            Account.objects.create_account(kind=Kind.AGENT, email=o.email, password=PASSWORD)
            if o.email
            else None
        )
    )

    @factory.post_generation
    def organisations(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for organisation in extracted or ():
            RoleOrganisation.objects.create(
                agent=self, organisation=organisation, level=kwargs.get("level", Level.BASIQUE)
            )

    @factory.post_generation
    def services(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        territoires = {role.organisation.territoire for role in self.roles.all()}
        for territoire in sorted(territoires, key=lambda t: t.pk):
            for row in extracted or ():
                AgentService.objects.create(agent=self, territoire=territoire, service=row)

    @factory.post_generation
    def territoire_admin(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        if extracted:
            DroitTerritoire.objects.create(
                agent=self,
                territoire=extracted,
                is_admin=True,
                manages_teams=True,
                manages_rights=True,
                invites_agents=True,
            )


class EquipeFactory(DjangoModelFactory):
    class Meta:
        model = Equipe

    territoire = factory.SubFactory(TerritoireFactory)
    name = factory.Sequence(lambda n: f"Équipe {n}")


class SectorFactory(DjangoModelFactory):
    """`SectorFactory(territoire=t, cities={"62041": "Arras"}, organisations=[o], agents=[...])`.

    `agents` are (agent, organisation).
    """

    class Meta:
        model = Sector
        skip_postgeneration_save = True

    territoire = factory.SubFactory(TerritoireFactory)
    name = factory.Sequence(lambda n: f"Secteur {n}")
    human_id = factory.Sequence(lambda n: f"secteur-{n}")

    @factory.post_generation
    def cities(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for code, name in (extracted or {}).items():
            SectorZoneFactory(sector=self, city_code=code, city_name=name)

    @factory.post_generation
    def organisations(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for organisation in extracted or ():
            Attribution.objects.create(sector=self, organisation=organisation)

    @factory.post_generation
    def agents(self: Any, create: bool, extracted: Any, **kwargs: Any) -> None:
        for agent, organisation in extracted or ():
            Attribution.objects.create(sector=self, organisation=organisation, agent=agent)


class SectorZoneFactory(DjangoModelFactory):
    class Meta:
        model = SectorZone

    sector = factory.SubFactory(SectorFactory)
    city_code = factory.Sequence(lambda n: f"62{n % 900 + 1:03}")
    city_name = factory.Sequence(lambda n: f"Commune {n}")


class BrandFactory(DjangoModelFactory):
    class Meta:
        model = Brand

    name = factory.Sequence(lambda n: f"RDV {n}")
