"""The fixed cast of the permission tests: two territoires, three organisations, and people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agents.models import Agent, Equipe, Organisation, Service, Territoire, TerritoireService
from agents.permissions import Actor, AgentActor, TokenActor
from agents.queries.actor import agent_actor
from motifs.models import Lieu, Motif
from planning.models import Indisponibilite, PlageOuverture, Rdv
from tests.factories import (
    AgentFactory,
    EquipeFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    TerritoireFactory,
    UsagerFactory,
    service,
)
from tests.snapshot import Snapshot
from usagers.models import Usager
from usagers.queries.actor import load_usager_actor

# Every member, in the order of the columns of the matrices.
PEOPLE = (
    "owner",  # agent of the RDV, of the plage, of the absence; service social
    "same_service",  # social, basique, same organisation
    "other_service",  # PMI, basique, same organisation
    "secretary",  # secretariat, basique, same organisation
    "admin",  # admin of the organisation, service PMI
    "elsewhere",  # social, basique, another organisation of the territoire
    "admin_elsewhere",  # social, admin of that other organisation
    "territoire_admin",  # admin of the territoire, no role in any organisation
    "stranger",  # admin in another territoire, social
    "usager",  # has the RDV
    "other_usager",  # of the same territoire, has nothing
    "token",  # came by the link of the RDV's message
    "nobody",
)


@dataclass
class Cast:
    territoire: Territoire
    organisation: Organisation
    elsewhere_organisation: Organisation
    social: Service
    motif: Motif
    lieu: Lieu
    plage: PlageOuverture
    indisponibilite: Indisponibilite
    rdv: Rdv
    owner: Agent
    same_service: Agent
    other_service: Agent
    secretary: Agent
    admin: Agent
    elsewhere: Agent
    admin_elsewhere: Agent
    territoire_admin: Agent
    stranger: Agent
    equipe: Equipe
    usager: Usager
    other_usager: Usager

    def actor(self, who: str) -> Actor | None:
        if who == "nobody":
            return None
        if who == "token":
            participation = self.rdv.participations.get()
            return TokenActor(
                token_id=0, participation_id=participation.pk, usager_id=self.usager.pk
            )
        person: Any = getattr(self, who)
        if isinstance(person, Agent):
            actor: AgentActor = agent_actor(person)
            return actor
        return load_usager_actor(account_id=person.account_id)

    def sign_in(self, client: Any, who: str) -> None:
        """Sign `client` in as an agent or an usager; a token holder and nobody stay anonymous."""
        person = getattr(self, who, None)
        if person is not None:
            client.force_login(person.account)


def activate(territoire: Territoire, *services: Service) -> None:
    for active in services:
        TerritoireService.objects.create(territoire=territoire, service=active)


def _admin(organisation: Organisation, of_service: Service) -> Agent:
    return AgentFactory(
        organisations=[organisation], organisations__level="admin", services=[of_service]
    )


def build_cast() -> Cast:
    """Insert the small world, row by row, and return it."""
    territoire, other = TerritoireFactory(), TerritoireFactory()
    organisation = OrganisationFactory(territoire=territoire)
    elsewhere = OrganisationFactory(territoire=territoire)
    abroad = OrganisationFactory(territoire=other)
    social, pmi, desk = service("social"), service("pmi"), service("secretariat")
    activate(territoire, social, pmi, desk)
    owner = AgentFactory(organisations=[organisation], services=[social])
    usager = UsagerFactory(territoire=territoire, with_account=True, organisations=[organisation])
    motif = MotifFactory(organisation=organisation, service=social)
    lieu = LieuFactory(organisation=organisation)
    equipe = EquipeFactory(territoire=territoire)
    equipe.agents.add(owner)
    return Cast(
        territoire=territoire,
        organisation=organisation,
        elsewhere_organisation=elsewhere,
        social=social,
        motif=motif,
        lieu=lieu,
        plage=PlageOuvertureFactory(lieu=lieu, agent=owner, motifs=[motif]),
        indisponibilite=IndisponibiliteFactory(agent=owner),
        rdv=RdvFactory(motif=motif, lieu=lieu, agents=[owner], usagers=[usager]),
        owner=owner,
        same_service=AgentFactory(organisations=[organisation], services=[social]),
        other_service=AgentFactory(organisations=[organisation], services=[pmi]),
        secretary=AgentFactory(organisations=[organisation], services=[desk]),
        admin=_admin(organisation, pmi),
        elsewhere=AgentFactory(organisations=[elsewhere], services=[social]),
        admin_elsewhere=_admin(elsewhere, social),
        territoire_admin=AgentFactory(territoire_admin=territoire),
        stranger=_admin(abroad, social),
        equipe=equipe,
        usager=usager,
        other_usager=UsagerFactory(territoire=territoire, with_account=True),
    )


# The same world for every test of the day, put back in one statement.
the_cast = Snapshot(build_cast)
