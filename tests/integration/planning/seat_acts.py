"""Three ways to take a place, for the process that dies and for the test that tries again."""

from __future__ import annotations

from agents.models import Agent, Organisation
from agents.queries.actor import agent_actor
from motifs.models import Lieu, Motif
from planning.models import Rdv
from planning.services.participation_register import register
from planning.services.prescription_by_agent import Sending, prescribe_elsewhere
from tests.integration.planning.test_rdv_book import NINE, NOW
from usagers.models import Usager
from usagers.queries.actor import load_usager_actor

SENT, SEATED, JOINING = "Envoyée", "Assise", "Venue"


def _sending(name: str, motif: Motif, lieu: int | None, workshop: int | None) -> Sending:
    origin = Organisation.objects.get(name="Origine")
    usager = Usager.objects.get(last_name=name)
    return Sending(origin, motif.pk, lieu, NINE, usager.pk, workshop)


def _prescribe(sending: Sending) -> None:
    agent = Agent.objects.get(roles__organisation=sending.origin)
    prescribe_elsewhere(sending=sending, actor=agent_actor(agent), now=NOW)


def send() -> None:
    motif = Motif.objects.get(is_collective=False)
    _prescribe(_sending(SENT, motif, Lieu.objects.get().pk, None))


def send_to_workshop() -> None:
    motif = Motif.objects.get(is_collective=True)
    _prescribe(_sending(SEATED, motif, None, Rdv.objects.get(motif=motif).pk))


def join() -> None:
    usager = Usager.objects.get(last_name=JOINING)
    workshop = Rdv.objects.get(motif__is_collective=True)
    actor = load_usager_actor(account_id=usager.account_id)
    register(rdv_id=workshop.pk, usager_ids=[usager.pk], actor=actor, now=NOW)
