"""H02, decision 8: RDVs that a basic agent sees by their own name alone, with a colleague."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
import time_machine

from planning.models import Participation, WaitingListOffer
from planning.queries.stats import figures
from planning.queries.stats_scope import organisation_scope
from planning.services.stats_refresh import refresh_stats
from tests.factories import MotifFactory, service
from tests.integration.constraints.public_side import entry, offer
from tests.integration.planning.test_stats import NOW, TODAY, YEAR, rdvs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_H02_RDVs_shared_with_a_colleague_of_another_service_are_counted_alike(cast):
    """Read one by one for who sees them by name alone, in the counts of who sees them all."""
    motif = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    both = {"motif": motif, "lieu": cast.lieu, "agents": ("owner", "other_service")}
    rdvs(cast, 1, days=-5, status="seen", **both)
    rdvs(cast, 1, days=-4, status="noshow", **both)
    online, offered = rdvs(cast, 2, days=6, **both)
    rdvs(cast, 1, days=90, **both)  # of May: not asked for
    rdvs(cast, 1, days=7, **both | {"lieu": None, "agents": ("other_service",)})
    mine = Participation.objects.filter(rdv__in=[online, offered])
    mine.update(created_by_agent=None, created_by_usager=cast.usager)
    offer(entry(motif=motif, lieu=cast.lieu), "accepted")
    WaitingListOffer.objects.update(rdv=offered)
    refresh_stats(now=NOW)
    wanted = replace(
        YEAR, agent_id=cast.other_service.pk, lieu_id=cast.lieu.pk, last=date(2027, 3, 31)
    )
    scopes = [organisation_scope(cast.actor(who), cast.organisation) for who in ("owner", "admin")]
    own, whole = (
        figures(scope, replace(wanted, motif_ids=frozenset({motif.pk})), today=TODAY)
        for scope in scopes
    )
    assert own == whole
    assert own.total.total == 4
    assert set(own.origins) == {"agent", "internet", "waiting_list"}
    assert figures(scopes[0], wanted, today=TODAY).total.total == 4
    other = replace(wanted, motif_ids=frozenset({cast.motif.pk}))
    assert figures(scopes[0], other, today=TODAY).total.total == 0
