"""A07: relatives, added and edited by who books for them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from agents.queries.actor import agent_actor
from rdv.common.saving import InvalidRow
from tests.factories import AgentFactory, OrganisationFactory, UsagerFactory
from usagers.models import Usager
from usagers.queries.actor import load_usager_actor
from usagers.services import proche_edit
from usagers.services.proche_edit import ProcheFields, ProcheRefused, save_proche

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
ZOE = ProcheFields("Zoé", "Martin", date(2019, 5, 2))


def family():
    organisation = OrganisationFactory()
    paul = UsagerFactory(
        territoire=organisation.territoire, with_account=True, organisations=[organisation]
    )
    return paul, load_usager_actor(account_id=paul.account_id), organisation


def test_A07_a_relative_is_known_where_the_responsable_is():
    paul, actor, organisation = family()
    zoe = save_proche(responsable=paul, fields=ZOE, actor=actor, now=NOW)
    assert (zoe.full_name, zoe.birth_date) == ("Zoé MARTIN", date(2019, 5, 2))
    assert (zoe.responsable, zoe.territoire, zoe.origin) == (paul, paul.territoire, "proche")
    assert list(zoe.organisations.all()) == [organisation]
    assert zoe.to_notify == paul
    twin = ProcheFields(" zoe", "MARTIN")
    assert save_proche(responsable=paul, fields=twin, actor=actor, now=NOW) == zoe
    older = ProcheFields("Zoé", "Martin", date(1950, 5, 2))
    assert save_proche(responsable=paul, fields=older, actor=actor, now=NOW) != zoe


def test_A07_a_relative_is_edited_by_their_own_family_only():
    paul, actor, organisation = family()
    zoe = save_proche(responsable=paul, fields=ZOE, actor=actor, now=NOW)
    fields = ProcheFields("Zoé", "Petit", date(2019, 5, 3))
    save_proche(responsable=paul, fields=fields, actor=actor, now=NOW, proche=zoe)
    zoe.refresh_from_db()
    assert (zoe.last_name, zoe.birth_date) == ("Petit", date(2019, 5, 3))
    eve, eves, _ = family()
    for responsable, who, proche in [
        (paul, eves, None),
        (paul, None, None),
        (eve, eves, zoe),
        (zoe, load_usager_actor(account_id=paul.account_id), None),
    ]:
        with pytest.raises(ProcheRefused):
            save_proche(responsable=responsable, fields=ZOE, actor=who, now=NOW, proche=proche)
    desk = agent_actor(AgentFactory(organisations=[organisation]))
    added = save_proche(responsable=paul, fields=ProcheFields("Tom", "M"), actor=desk, now=NOW)
    assert added.origin == "agent"


def test_A07_what_is_wrong_is_said_and_nobody_fills_the_table(monkeypatch):
    paul, actor, _ = family()
    with pytest.raises(InvalidRow) as refused:
        save_proche(responsable=paul, fields=ProcheFields("  ", "M"), actor=actor, now=NOW)
    assert list(refused.value.errors) == ["first_name"]
    monkeypatch.setattr(proche_edit, "MOST", 1)
    save_proche(responsable=paul, fields=ZOE, actor=actor, now=NOW)
    with pytest.raises(ProcheRefused):
        save_proche(responsable=paul, fields=ProcheFields("Tom", "M"), actor=actor, now=NOW)
    assert Usager.objects.filter(responsable=paul).count() == 1
