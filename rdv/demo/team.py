"""The agents, their rights, their logins: the one table that `demo_logins` reads."""

from __future__ import annotations

from dataclasses import dataclass

from rdv.demo.places import COMMUNE, DEPARTEMENT

PASSWORD = "Demonstration-2026!"  # noqa: S105  (of the demonstration, printed by demo_logins)
DOMAINS = {
    "": "haute-alviere.example",
    "mairie-corvannes": "corvannes.example",
    "ccas-corvannes": "corvannes.example",
    "mairie-saint-expedit": "saint-expedit.example",
}


@dataclass(frozen=True)
class Member:
    """`roles` is "organisation:level …"; without level, basique. `shown` puts it on the list."""

    first_name: str
    last_name: str
    roles: str = ""
    services: str = ""
    territoire_admin: str = ""
    shown: str = ""

    @property
    def levels(self) -> list[tuple[str, str]]:
        """Return (organisation, level) pairs."""
        pairs = (role.partition(":") for role in self.roles.split())
        return [(organisation, level or "basique") for organisation, _, level in pairs]

    @property
    def is_intervenant(self) -> bool:
        return any(level == "intervenant" for _, level in self.levels)

    @property
    def domain(self) -> str:
        first = self.levels[0][0] if self.levels else ""
        if self.territoire_admin == COMMUNE:
            return DOMAINS["mairie-corvannes"]
        return DOMAINS.get(first, DOMAINS[""])


TEAM = (
    Member("Hélène", "Maréchal", territoire_admin=DEPARTEMENT,
           shown="Administratrice du territoire"),
    Member("Claire", "Vasseur", "mds-arvelles:admin mds-la-ferte-brune:admin", "social",
           shown="Administratrice d’organisation"),
    Member("Nadia", "Benhaddou", "mds-arvelles mds-la-ferte-brune", "secretariat",
           shown="Secrétariat"),
    Member("Martin", "Fournel", "mds-arvelles", "social",
           shown="Agent (assistant social)"),
    Member("Aïcha", "Traoré", "mds-arvelles mds-la-ferte-brune", "social logement",
           shown="Agente dans deux organisations"),
    Member("Julien", "Carpentier", "mds-arvelles", "social"),
    Member("Élodie", "Le Guen", "mds-arvelles", "social logement"),
    Member("Pauline", "D’Arvor", "mds-arvelles", "acces-au-droit"),
    Member("Sophie", "Grosjean", "mds-la-ferte-brune", "social"),
    Member("Rémi", "Delattre", "mds-la-ferte-brune", "social logement"),
    Member("Yasmine", "Ouali", "mds-la-ferte-brune", "social"),
    Member("Gaëlle", "Kerjean", "pmi-arvelles:admin", "pmi",
           shown="Administratrice (centre de PMI)"),
    Member("Anne-Sophie", "Leclercq", "pmi-arvelles", "pmi"),
    Member("Fatou", "Diallo", "pmi-arvelles pmi-saint-aubert", "pmi"),
    Member("Bérénice", "Caron", "pmi-arvelles", "secretariat"),
    Member("Marie-Thérèse", "Hoarau", "pmi-saint-aubert:admin", "pmi"),
    Member("Noémie", "Boulanger", "pmi-saint-aubert", "pmi"),
    Member("Cédric", "Malenfant", "pmi-saint-aubert:intervenant", "pmi"),
    Member("Loïc", "Quélennec", "france-services-montbrun:admin",
           "france-services conseiller-numerique"),
    Member("Samira", "El Mansouri", "france-services-montbrun", "france-services"),
    Member("Théo", "Besnard", "france-services-montbrun", "conseiller-numerique"),
    Member("Jérôme", "Chassagne", "insertion-alviere:admin", "rsa"),
    Member("Inès", "Da Silva", "insertion-alviere", "rsa emploi"),
    Member("Benoît", "Roussillon", "insertion-alviere mds-arvelles", "rsa"),
    Member("Ismaël", "Kouassi", "insertion-alviere", "emploi"),
    Member("Agnès", "Fontanel", "maison-autonomie:admin", "autonomie"),
    Member("Karim", "Haddad", "maison-autonomie", "autonomie"),
    Member("Maïwenn", "Périer", "maison-autonomie", "autonomie"),
    Member("Thierry", "Hébrard", "protection-enfance:admin", "ase"),
    Member("Céline", "Gauthiez", "protection-enfance:intervenant", "ase"),
    Member("Véronique", "Lambrecht", "mairie-corvannes:admin ccas-corvannes:admin", "etat-civil",
           territoire_admin=COMMUNE, shown="Administratrice de la commune"),
    Member("Lucas", "Marchand", "mairie-corvannes", "etat-civil", shown="Agent de mairie"),
    Member("Manon", "Schneiderlin", "mairie-corvannes", "etat-civil"),
    Member("Patrice", "Aubry", "mairie-corvannes", "urbanisme"),
    Member("Corinne", "Maillard", "mairie-corvannes", "secretariat"),
    Member("Odile", "Mercœur", "ccas-corvannes", "ccas"),
    Member("Gilberte", "Payet", "mairie-saint-expedit:admin", "etat-civil",
           shown="Administratrice (La Réunion)"),
    Member("Jean-Fabrice", "Técher", "mairie-saint-expedit", "pmi"),
)  # fmt: skip

# Labels of the list of agents: who has not signed in for long, who has not accepted yet.
INACTIVE = "pauline.darvor@haute-alviere.example"
INVITED, INVITED_IN = "sarah.lemoine@haute-alviere.example", "mds-arvelles"


@dataclass(frozen=True)
class Citizen:
    """An usager of the demonstration who has an account."""

    first_name: str
    last_name: str
    territoire: str
    shown: str

    @property
    def email(self) -> str:
        return f"{self.first_name.lower()}.{self.last_name.lower()}@courriel.example"


CITIZENS = (
    Citizen("Camille", "Dubreuil", DEPARTEMENT, "Usagère du département"),
    Citizen("Malik", "Sorel", COMMUNE, "Usager de la commune"),
)


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str
