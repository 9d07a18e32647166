"""People of a RDV through its edit: added, taken off, switched (E06, C01, decision 13)."""

from __future__ import annotations

import pytest

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import Participation, RdvEvent
from planning.services.rdv_edit import RdvRefused, Switches
from tests.factories import UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.test_rdv_edit_service import edit, move, told
from usagers.models import AccessToken, Rattachement


def known_usager(cast, **columns):
    return UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation], **columns)


def test_E06_somebody_added_is_told_alone(cast):
    new = known_usager(cast, email="nouvelle@exemple.fr", phone_number="")
    rdv = edit(cast, usagers_in=frozenset({new.pk}))
    row = Participation.objects.get(rdv=rdv, usager=new)
    assert (row.status, row.created_by_agent_id) == ("unknown", cast.admin.pk)
    assert told() == [("rdv_created", "email", "nouvelle@exemple.fr")]
    assert RdvEvent.objects.get().changes == {f"participation:{row.pk}": [None, "unknown"]}


def test_E06_somebody_taken_off_is_told_alone_and_their_link_still_works(cast):
    new = known_usager(cast, email="nouvelle@exemple.fr", phone_number="")
    edit(cast, usagers_in=frozenset({new.pk}))
    OutboxMessage.objects.all().delete()
    edit(cast, usagers_out=frozenset({new.pk}))
    row = Participation.objects.get(usager=new)
    assert (row.status, row.cancelled_at) == ("revoked", NOW)
    assert told() == [("rdv_cancelled", "email", "nouvelle@exemple.fr")]
    assert AccessToken.objects.filter(participation=row).count() == 2
    edit(cast, usagers_in=frozenset({new.pk}))
    assert ("rdv_created", "email", "nouvelle@exemple.fr") in told()
    row.refresh_from_db()
    assert (row.status, row.cancelled_at) == ("unknown", None)


def test_E06_an_individual_rdv_keeps_somebody(cast):
    with pytest.raises(RdvRefused, match="au moins un usager"):
        edit(cast, usagers_out=frozenset({cast.usager.pk}))
    new = known_usager(cast)
    edit(cast, usagers_in=frozenset({new.pk}), usagers_out=frozenset({cast.usager.pk}))
    active = cast.rdv.participations.filter(status="unknown")
    assert [row.usager for row in active] == [new]


def test_G05_a_stranger_to_the_organisation_is_refused_a_relative_is_not(cast):
    cast.territoire.searches_across_organisations = False
    cast.territoire.save()
    with pytest.raises(RdvRefused, match="pas connue"):
        edit(cast, usagers_in=frozenset({cast.other_usager.pk}))
    with pytest.raises(RdvRefused):
        edit(cast, usagers_in=frozenset({UsagerFactory().pk}))
    child = UsagerFactory(territoire=cast.territoire, responsable=cast.usager, email=None)
    edit(cast, usagers_in=frozenset({child.pk}))
    assert Rattachement.objects.filter(usager=child, organisation=cast.organisation).exists()


def test_decision_13_somebody_of_another_organisation_is_attached_and_audited(cast):
    edit(cast, usagers_in=frozenset({cast.other_usager.pk}))
    assert cast.organisation in cast.other_usager.organisations.all()
    entry = AuditEntry.objects.get(action="usager_attached")
    assert (entry.agent, entry.object_uuid) == (cast.admin, cast.other_usager.uuid)


def test_C01_switches_are_kept_and_respected(cast):
    off = {cast.usager.pk: Switches(notifies_changes=False, notifies_reminder=True)}
    rdv = edit(cast, switches=off)
    row = rdv.participations.get()
    assert (row.notifies_changes, row.notifies_reminder, rdv.version) == (False, True, 0)
    assert list(RdvEvent.objects.get().changes) == [f"participation:{row.pk}:notifies_changes"]
    move(cast)
    assert [kind for kind, *_ in told()] == ["rdv_changed_agent"]
