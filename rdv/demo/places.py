"""The structures: territoires, organisations, lieux. One table each."""

from __future__ import annotations

from dataclasses import dataclass

HOURS = "Du lundi au vendredi, de 8 h 30 à 12 h et de 13 h 30 à 17 h"
TOWN_HALL_HOURS = (
    "Du lundi au vendredi, de 8 h 30 à 12 h et de 13 h 30 à 17 h 30 ; le samedi, de 9 h à 12 h"
)


@dataclass(frozen=True)
class TerritoirePlan:
    slug: str
    name: str
    kind: str
    services: str
    usagers: int
    rdvs: int
    timezone: str = "Europe/Paris"
    holiday_zone: str = "metropole"
    departement_number: str = ""


@dataclass(frozen=True)
class OrganisationPlan:
    territoire: str
    slug: str
    kind: str
    name: str
    hours: str = HOURS


@dataclass(frozen=True)
class LieuPlan:
    organisation: str
    name: str
    address: str
    latitude: float
    longitude: float


DEPARTEMENT = "haute-alviere"
COMMUNE = "corvannes"
OUTRE_MER = "saint-expedit"

TERRITOIRES = (
    TerritoirePlan(
        slug=DEPARTEMENT,
        name="Département de la Haute-Alvière",
        kind="departement",
        services="secretariat social pmi rsa ase autonomie logement france-services "
        "conseiller-numerique emploi acces-au-droit",
        usagers=500,
        rdvs=1500,
    ),
    TerritoirePlan(
        slug=COMMUNE,
        name="Ville de Corvannes",
        kind="commune",
        services="secretariat mairie etat-civil ccas urbanisme",
        usagers=90,
        rdvs=220,
    ),
    TerritoirePlan(
        slug=OUTRE_MER,
        name="Saint-Expédit-les-Hauts",
        kind="commune",
        services="mairie etat-civil pmi",
        usagers=30,
        rdvs=60,
        timezone="Indian/Reunion",
        holiday_zone="reunion",
        departement_number="974",
    ),
)

ORGANISATIONS = (
    OrganisationPlan(
        DEPARTEMENT, "mds-arvelles", "solidarites", "Maison des solidarités d’Arvelles"
    ),
    OrganisationPlan(
        DEPARTEMENT, "mds-la-ferte-brune", "solidarites", "Maison des solidarités de La Ferté-Brune"
    ),
    OrganisationPlan(DEPARTEMENT, "pmi-arvelles", "pmi", "Centre de PMI d’Arvelles"),
    OrganisationPlan(DEPARTEMENT, "pmi-saint-aubert", "pmi", "Centre de PMI de Saint-Aubert"),
    OrganisationPlan(
        DEPARTEMENT,
        "france-services-montbrun",
        "france_services",
        "France Services Montbrun-les-Bois",
    ),
    OrganisationPlan(DEPARTEMENT, "insertion-alviere", "other", "Pôle insertion de l’Alvière"),
    OrganisationPlan(DEPARTEMENT, "maison-autonomie", "other", "Maison de l’autonomie"),
    OrganisationPlan(
        DEPARTEMENT, "protection-enfance", "other", "Unité de protection de l’enfance"
    ),
    OrganisationPlan(COMMUNE, "mairie-corvannes", "mairie", "Mairie de Corvannes", TOWN_HALL_HOURS),
    OrganisationPlan(COMMUNE, "ccas-corvannes", "ccas", "CCAS de Corvannes"),
    OrganisationPlan(
        OUTRE_MER, "mairie-saint-expedit", "mairie", "Mairie de Saint-Expédit-les-Hauts"
    ),
)

LIEUX = (
    LieuPlan("mds-arvelles", "Maison des solidarités", "14 rue des Tisserands, "
             "96000 Arvelles-sur-Alvière", 46.9021, 3.9514),
    LieuPlan("mds-arvelles", "Antenne du Faubourg", "3 quai des Bateliers, "
             "96000 Arvelles-sur-Alvière", 46.8968, 3.9632),
    LieuPlan("mds-arvelles", "Permanence de Vaulnoy", "Mairie, 1 place du Marché-aux-Herbes, "
             "96150 Vaulnoy", 46.9587, 3.8716),
    LieuPlan("mds-la-ferte-brune", "Maison des solidarités", "27 avenue de la Gare, "
             "96140 La Ferté-Brune", 47.0312, 4.0805),
    LieuPlan("pmi-arvelles", "Centre de PMI", "8 rue de l’Ancien-Hôpital, "
             "96000 Arvelles-sur-Alvière", 46.9043, 3.9477),
    LieuPlan("pmi-saint-aubert", "Centre de PMI", "2 allée des Érables, "
             "96210 Saint-Aubert-des-Prés", 46.8105, 3.8241),
    LieuPlan("france-services-montbrun", "France Services", "5 rue Haute, "
             "96320 Montbrun-les-Bois", 46.7450, 4.1129),
    LieuPlan("france-services-montbrun", "Bus France Services", "Place de l’Église, "
             "96470 Le Mesnil-Cendré", 46.7733, 4.2017),
    LieuPlan("insertion-alviere", "Pôle insertion", "41 boulevard des Remparts, "
             "96000 Arvelles-sur-Alvière", 46.8995, 3.9551),
    LieuPlan("maison-autonomie", "Maison de l’autonomie", "19 chemin des Écluses, "
             "96000 Arvelles-sur-Alvière", 46.9102, 3.9603),
    LieuPlan("protection-enfance", "Unité de protection de l’enfance", "6 rue Sœur-Rosalie, "
             "96140 La Ferté-Brune", 47.0287, 4.0769),
    LieuPlan("mairie-corvannes", "Hôtel de ville", "1 place de la Mairie, "
             "96900 Corvannes", 47.2214, 3.4120),
    LieuPlan("mairie-corvannes", "Mairie annexe des Lavandières", "12 impasse des Lavandières, "
             "96900 Corvannes", 47.2298, 3.4276),
    LieuPlan("ccas-corvannes", "CCAS", "4 rue du Puits-Salé, 96900 Corvannes", 47.2203, 3.4151),
    LieuPlan("mairie-saint-expedit", "Mairie", "2 rue de l’Abreuvoir, "
             "97499 Saint-Expédit-les-Hauts", -21.0417, 55.4803),
)  # fmt: skip
