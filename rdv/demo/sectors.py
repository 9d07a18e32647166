"""Cut the département in sectors: one motif goes by organisation, another by agent (G15)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import Attribution, Sector, SectorZone, ZoneLevel
from rdv.demo.places import DEPARTEMENT

if TYPE_CHECKING:
    from agents.models import Agent
    from rdv.demo.world import World


@dataclass(frozen=True)
class SectorPlan:
    """`agents` are keys of `World.agents`, in the organisation that receives by agent."""

    human_id: str
    name: str
    cities: tuple[tuple[str, str], ...]
    organisation: str
    agents_of: str
    agents: tuple[str, ...]
    streets: tuple[tuple[str, str, str, str], ...] = ()


ARVELLES = ("96001", "Arvelles-sur-Alvière")

# Corvannes is in none of them: who lives there is told whom to call.
SECTORS = (
    SectorPlan(
        "arvelles", "Bassin d’Arvelles", (ARVELLES, ("96071", "Vaulnoy")),
        "pmi-arvelles", "mds-arvelles", ("martin.fournel", "julien.carpentier"),
    ),
    SectorPlan(
        "la-ferte", "Pays de La Ferté",
        (("96034", "La Ferté-Brune"), ("96052", "Montbrun-les-Bois"),
         ("96049", "Le Mesnil-Cendré")),
        "pmi-arvelles", "mds-la-ferte-brune", ("sophie.grosjean", "yasmine.ouali"),
    ),
    # Two streets of Arvelles are on this side of the river.
    SectorPlan(
        "saint-aubert", "Vallée de Saint-Aubert", (("96062", "Saint-Aubert-des-Prés"),),
        "pmi-saint-aubert", "mds-arvelles", ("elodie.le-guen",),
        ((*ARVELLES, "96001_0412", "Quai des Bateliers"),
         (*ARVELLES, "96001_0530", "Chemin des Écluses")),
    ),
)  # fmt: skip


def add_sectors(world: World) -> None:
    for plan in SECTORS:
        sector = Sector.objects.create(
            uuid=world.uuid("sector", plan.human_id),
            territoire=world.territoires[DEPARTEMENT],
            name=plan.name,
            human_id=plan.human_id,
        )
        SectorZone.objects.bulk_create(_zones(world, sector, plan))
        receivers: list[tuple[str, Agent | None]] = [(plan.organisation, None)]
        receivers += [(plan.agents_of, world.agents[key]) for key in plan.agents]
        Attribution.objects.bulk_create(
            _attribution(world, sector, slug, agent) for slug, agent in receivers
        )


def _zones(world: World, sector: Sector, plan: SectorPlan) -> list[SectorZone]:
    cities = [
        SectorZone(
            uuid=world.uuid("zone", f"{plan.human_id}/{code}"),
            sector=sector,
            city_code=code,
            city_name=name,
        )
        for code, name in plan.cities
    ]
    streets = [
        SectorZone(
            uuid=world.uuid("zone", f"{plan.human_id}/{key}"),
            sector=sector,
            level=ZoneLevel.STREET,
            city_code=code,
            city_name=city,
            street_code=key,
            street_name=name,
        )
        for code, city, key, name in plan.streets
    ]
    return cities + streets


def _attribution(world: World, sector: Sector, slug: str, agent: Agent | None) -> Attribution:
    who = agent.uuid if agent else ""
    return Attribution(
        uuid=world.uuid("attribution", f"{sector.human_id}/{slug}/{who}"),
        sector=sector,
        organisation=world.organisations[slug],
        agent=agent,
    )
