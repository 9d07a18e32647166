"""What several tests of the agenda need: an agent of two services, and a secret RDV."""

from __future__ import annotations

from datetime import UTC, datetime

from agents.models import AgentService
from tests.factories import MotifFactory, RdvFactory, UsagerFactory, service
from tests.factories.planning import MONDAY

WEEK = {"vue": "semaine", "date": MONDAY.isoformat()}
SECRETS = ("Violences conjugales", "Rosalie", "INTROUVABLE", "rosalie@exemple.fr", "#123abc")


def at(day, hour, minute=0):
    """Return an instant of January 2027, by the clock of Paris (UTC+1)."""
    return datetime(2027, 1, day, hour - 1, minute, tzinfo=UTC)


def secret_rdv(cast, **columns):
    """Put in the owner's agenda a RDV of the PMI, which an agent of the social service only may
    not read."""
    AgentService.objects.create(
        agent=cast.owner, territoire=cast.territoire, service=service("pmi")
    )
    motif = MotifFactory(
        organisation=cast.organisation, service=service("pmi"), name=SECRETS[0], color=SECRETS[4]
    )
    usager = UsagerFactory(
        territoire=cast.territoire,
        first_name=SECRETS[1],
        last_name=SECRETS[2].title(),
        email=SECRETS[3],
    )
    columns = {"starts_at": at(12, 14), "lieu": cast.lieu} | columns
    return RdvFactory(motif=motif, agents=[cast.owner], usagers=[usager], **columns)


def assert_no_secret(text, rdv):
    for secret in (*SECRETS, str(rdv.uuid)):
        assert secret.lower() not in text.lower()
