"""B04, E07: the server dies, -9, while somebody is sent elsewhere or joins a workshop."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, Rdv, RdvEvent
from tests.factories import (
    AgentFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.planning import seat_acts
from tests.integration.planning.test_rdv_book import NINE, World
from tests.processes import run
from usagers.models import Rattachement

pytestmark = [pytest.mark.processes, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def there():
    """The organisation that receives: a motif for partners, and a workshop with two seats."""
    world = World(agents=1, booking_level="prescripteurs")
    there = world.organisation
    group = MotifFactory(organisation=there, service=world.motif.service, is_collective=True)
    RdvFactory(
        motif=group,
        lieu=world.lieu,
        agents=world.agents,
        seats_total=2,
        starts_at=NINE + timedelta(hours=2),
    )
    origin = OrganisationFactory(territoire=there.territoire, name="Origine")
    AgentFactory(organisations=[origin], services=[world.motif.service])
    for name in (seat_acts.SENT, seat_acts.SEATED):
        UsagerFactory(territoire=there.territoire, organisations=[origin], last_name=name)
    UsagerFactory(territoire=there.territoire, with_account=True, last_name=seat_acts.JOINING)
    return there


def written(there):
    """Return what there is of the three of them, and what is said."""
    return {
        "people": sorted(Participation.objects.values_list("usager__last_name", flat=True)),
        "known": Rattachement.objects.filter(organisation=there).count(),
        "agenda": AgentRdv.objects.count(),
        "history": RdvEvent.objects.count(),
        "recaps": OutboxMessage.objects.filter(kind="prescription_done").count(),
        "messages": OutboxMessage.objects.count(),
        "version": Rdv.objects.get(motif__is_collective=True).version,
    }


def test_B04_E07_a_server_killed_leaves_nothing_and_the_next_try_passes_once(there):
    before = written(there)
    assert run("tests.integration.planning.seat_killed") == (0, "")
    assert written(there) == before
    seat_acts.send()
    seat_acts.send_to_workshop()
    seat_acts.join()
    after = written(there)
    people = sorted([seat_acts.SENT, seat_acts.SEATED, seat_acts.JOINING])
    assert after["people"] == people
    assert after["known"] == len(people)
    assert after["agenda"] == before["agenda"] + 1
    assert after["history"] == before["history"] + len(people)
    assert (after["recaps"], after["version"]) == (2, 2)
    assert after["messages"] > 2
