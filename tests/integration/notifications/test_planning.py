"""What an agent is told when somebody else changes their plages or indisponibilités (E02, D01)."""

from __future__ import annotations

from datetime import date, time

import pytest
from icalendar import Calendar

from notifications.models import OutboxMessage
from planning.services.indisponibilite_edit import (
    create_indisponibilite,
    delete_indisponibilite,
    end_indisponibilite,
)
from planning.services.plage_ouverture_edit import (
    create_plage,
    delete_plage,
    split_plage,
    update_plage,
)
from planning.services.series_occurrence import (
    INDISPONIBILITES,
    PLAGES,
    change_occurrence,
    skip_occurrence,
)
from rdv.common.saving import InvalidRow
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import (
    WEEK,
    indisponibilite_fields,
    make_weekly,
    plage_fields,
)


@pytest.fixture
def plage(cast):
    return make_weekly(cast.plage)


def act(cast, service, who="admin", **arguments):
    return service(actor=cast.actor(who), now=NOW, **arguments)


def told():
    return list(OutboxMessage.objects.order_by("pk"))


def events(message):
    return Calendar.from_ical(message.ics).walk("VEVENT")


def test_D01_each_change_by_somebody_else_is_told_with_a_rising_sequence(cast, plage):
    act(cast, skip_occurrence, series=PLAGES, row_id=plage.pk, day=MONDAY + WEEK)
    act(cast, update_plage, plage_id=plage.pk, fields=plage_fields(cast, end_time=time(11)))
    act(cast, delete_plage, plage_id=plage.pk)
    messages = told()
    assert [m.recipient for m in messages] == [cast.owner.email] * 3
    assert [m.kind for m in messages] == ["plage_agent"] * 3
    assert [m.subject for m in messages] == [
        "Plage d’ouverture modifiée",
        "Plage d’ouverture modifiée",
        "Plage d’ouverture supprimée",
    ]
    assert [m.ics_method for m in messages] == ["PUBLISH", "PUBLISH", "CANCEL"]
    found = [event for message in messages for event in events(message)]
    assert {str(event["UID"]) for event in found} == {str(plage.uuid)}
    assert [int(event["SEQUENCE"]) for event in found] == [1, 2, 3]
    assert "EXDATE" in found[0]
    assert "supprimée" in messages[0].body
    assert cast.admin.full_name in messages[1].body


def test_D01_a_moved_occurrence_is_an_override_of_the_same_series(cast, plage):
    moved = {"new_day": date(2027, 1, 20), "new_start_time": time(14), "new_end_time": time(15)}
    act(cast, change_occurrence, series=PLAGES, row_id=plage.pk, day=MONDAY + WEEK, **moved)
    (message,) = told()
    series, override = events(message)
    assert str(series["UID"]) == str(override["UID"])
    assert override.decoded("RECURRENCE-ID").isoformat() == "2027-01-18T09:00:00+01:00"
    assert override.decoded("DTSTART").isoformat() == "2027-01-20T14:00:00+01:00"


def test_D01_a_split_is_one_mail_with_both_series(cast, plage):
    fields = plage_fields(cast, first_day=MONDAY + 2 * WEEK)
    act(cast, split_plage, plage_id=plage.pk, day=MONDAY + 2 * WEEK, fields=fields)
    (message,) = told()
    old, new = events(message)
    assert (str(old["UID"]), int(old["SEQUENCE"])) == (str(plage.uuid), 1)
    assert "UNTIL=20270124" in old["RRULE"].to_ical().decode()
    assert (str(new["UID"]) != str(plage.uuid), int(new["SEQUENCE"])) == (True, 0)


def test_D01_one_s_own_changes_and_unwanted_mails_are_not_sent(cast, plage):
    act(cast, skip_occurrence, who="owner", series=PLAGES, row_id=plage.pk, day=MONDAY)
    cast.owner.plage_notifications = "none"
    cast.owner.save()
    act(cast, delete_plage, plage_id=plage.pk)
    assert told() == []
    cast.owner.indisponibilite_notifications = "none"
    cast.owner.save()
    act(cast, delete_indisponibilite, indisponibilite_id=cast.indisponibilite.pk)
    assert told() == []


def test_D01_nothing_that_somebody_typed_leaves(cast):
    arguments = {"organisation": cast.organisation, "agent": cast.owner}
    act(cast, create_plage, fields=plage_fields(cast, title="Mme Secret"), **arguments)
    fields = indisponibilite_fields(title="Opération Secret")
    act(cast, create_indisponibilite, fields=fields, **arguments)
    plage, away = told()
    assert (plage.kind, away.kind) == ("plage_agent", "indisponibilite_agent")
    for message in (plage, away):
        texts = (message.subject, message.body, message.html, message.ics)
        assert not any("Secret" in text for text in texts)
    (event,) = events(plage)
    assert str(event["SUMMARY"]) == f"Plage d’ouverture – {cast.organisation.name}"
    assert cast.lieu.address in str(event["LOCATION"])
    assert cast.motif.name in str(event["DESCRIPTION"])
    assert cast.motif.name in plage.body
    assert str(events(away)[0]["SUMMARY"]) == "Indisponible"


def test_D01_indisponibilites_are_told_too(cast):
    row = make_weekly(cast.indisponibilite)
    key = {"indisponibilite_id": row.pk}
    act(cast, skip_occurrence, series=INDISPONIBILITES, row_id=row.pk, day=MONDAY + WEEK)
    act(cast, end_indisponibilite, day=MONDAY + 3 * WEEK, **key)
    act(cast, delete_indisponibilite, **key)
    assert [m.subject for m in told()] == [
        "Indisponibilité modifiée",
        "Indisponibilité modifiée",
        "Indisponibilité supprimée",
    ]
    assert [int(e["SEQUENCE"]) for m in told() for e in events(m)] == [1, 2, 3]


def test_D01_a_change_that_fails_tells_nothing(cast, plage):
    with pytest.raises(InvalidRow):
        act(cast, update_plage, plage_id=plage.pk, fields=plage_fields(cast, lieu_id=None))
    assert told() == []
