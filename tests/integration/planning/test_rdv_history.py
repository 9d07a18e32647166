"""The history of a RDV is written by services, and only grows (docs/adr/0008)."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from agents.permissions import PrescripteurActor, SystemActor, UsagerActor
from planning.models import RdvEvent
from planning.services.rdv_history import record
from tests.factories import UsagerFactory
from tests.factories.planning import NOW


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (SystemActor(), ("system", None, None, "automatique")),
        (
            PrescripteurActor(prescripteur_id=1, name="P. ONYX"),
            ("prescripteur", None, None, "P. ONYX"),
        ),
    ],
)
def test_authors_without_a_row(cast, actor, expected):
    event = record(cast.rdv, action="created", actor=actor, at=NOW)
    assert (
        event.author_kind,
        event.author_agent,
        event.author_usager,
        event.author_name,
    ) == expected


def test_an_agent(cast):
    event = record(cast.rdv, action="edited", actor=cast.actor("admin"), at=NOW)
    assert (event.author_kind, event.author_agent_id) == ("agent", cast.admin.pk)
    assert event.author_name == cast.admin.full_name


def test_decision_20_the_fiche_of_this_territoire(cast):
    elsewhere = UsagerFactory()
    actor = UsagerActor(account_id=1, usager_ids=frozenset({elsewhere.pk, cast.usager.pk}))
    event = record(cast.rdv, action="created", actor=actor, at=NOW)
    assert event.author_usager == cast.usager
    assert event.author_name == cast.usager.full_name


def test_changes_are_plain_json(cast):
    before, after = datetime(2027, 1, 11, 9, tzinfo=UTC), date(2027, 1, 12)
    event = record(
        cast.rdv,
        action="moved",
        actor=SystemActor(),
        at=NOW,
        changes={"starts_at": (before, after), "lieu": (None, 3)},
    )
    event.refresh_from_db()
    assert event.changes == {
        "starts_at": ["2027-01-11T09:00:00+00:00", "2027-01-12"],
        "lieu": [None, 3],
    }


def test_it_only_grows(cast):
    event = record(cast.rdv, action="created", actor=SystemActor(), at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        RdvEvent.objects.filter(pk=event.pk).update(author_name="autre")
    with pytest.raises(IntegrityError), transaction.atomic():
        RdvEvent.objects.filter(pk=event.pk).delete()


def test_an_unknown_action_is_refused(cast):
    with pytest.raises(ValueError, match="vanished"):
        record(cast.rdv, action="vanished", actor=SystemActor(), at=NOW)
