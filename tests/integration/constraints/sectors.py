"""The bad rows of sectors, zones and attributions."""

from __future__ import annotations

from agents.models import Attribution, Sector, SectorZone
from tests.factories import (
    AgentFactory,
    OrganisationFactory,
    SectorFactory,
    SectorZoneFactory,
    TerritoireFactory,
)
from tests.integration.constraints.doors import changed, twin


def street_zone():
    zone = SectorZoneFactory.build()
    return SectorZoneFactory(
        level="street", street_code=f"{zone.city_code}_0270", street_name="Rue", **_city(zone)
    )


def _city(zone):
    return {"city_code": zone.city_code, "city_name": zone.city_name}


def attribution():
    sector = SectorFactory()
    organisation = OrganisationFactory(territoire=sector.territoire)
    return Attribution.objects.create(sector=sector, organisation=organisation)


def agent_attribution():
    row = attribution()
    agent = AgentFactory(organisations=[row.organisation])
    return Attribution.objects.create(sector=row.sector, organisation=row.organisation, agent=agent)


def same_human_id():
    first = SectorFactory()
    return SectorFactory(territoire=first.territoire), {"human_id": first.human_id}


CASES = {
    "sector_human_id_unique_in_territoire": [same_human_id],
    "sector_human_id_readable": [
        changed(SectorFactory, human_id=""),
        changed(SectorFactory, human_id="Arras Nord"),
        changed(SectorFactory, human_id="=1+1"),
    ],
    "sector_name_not_blank": [changed(SectorFactory, name="")],
    "sector_zone_level_known": [changed(SectorZoneFactory, level="region")],
    "sector_zone_city_code_of_insee": [
        changed(SectorZoneFactory, city_code="6204"),
        changed(SectorZoneFactory, city_code="62O41"),
    ],
    "sector_zone_city_name_not_blank": [changed(SectorZoneFactory, city_name="")],
    "sector_zone_street_when_level_says": [
        changed(SectorZoneFactory, level="street"),
        changed(SectorZoneFactory, street_name="Rue de Lille"),
        changed(street_zone, street_name=""),
        changed(street_zone, level="city"),
    ],
    "sector_zone_street_of_its_city": [
        changed(street_zone, street_code="59350_0270"),
        changed(street_zone, street_code="62041-0270"),
    ],
    "sector_zone_city_once": [twin(SectorZoneFactory, "sector", "city_code")],
    "sector_zone_street_once": [twin(street_zone, "sector", "city_code", "street_code")],
    "attribution_once": [
        twin(attribution, "sector", "organisation"),
        twin(agent_attribution, "sector", "organisation", "agent"),
    ],
}


def attribution_to_another_territoire():
    Attribution.objects.filter(pk=attribution().pk).update(organisation=OrganisationFactory())


def attribution_to_a_stranger():
    Attribution.objects.filter(pk=attribution().pk).update(agent=AgentFactory())


def zone_of_another_departement():
    SectorZone.objects.filter(pk=SectorZoneFactory().pk).update(city_code="59350")


def sector_moves_away():
    Sector.objects.filter(pk=SectorFactory().pk).update(territoire=TerritoireFactory())


REFUSALS = {
    ("attribution_agent_of_organisation", "attribution_agent_of_organisation"): [
        attribution_to_a_stranger
    ],
    ("agents_attribution_check", "attribution_of_territoire"): [attribution_to_another_territoire],
    ("agents_sectorzone_check", "sector_zone_of_departement"): [zone_of_another_departement],
    ("agents_sector_check", "sector_stays_in_territoire"): [sector_moves_away],
}
