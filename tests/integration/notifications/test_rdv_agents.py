"""What the agents are told, and what never leaves (D01, D02; decisions 6, 23, 31)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from icalendar import Calendar

from agents.permissions import PrescripteurActor, SystemActor
from notifications.models import OutboxMessage
from planning.services.rdv_announce import announce_cancelled, announce_created
from tests.factories import (
    AgentFactory,
    RdvFactory,
)
from tests.factories.planning import NOW
from tests.integration.notifications.sayings import USAGER_KINDS, announce_both, reload, told
from usagers.models import AccessToken

LEVELS = {
    # level: told of one's own act, of another's next week, of another's tomorrow
    "all": (True, True, True),
    "others": (False, True, True),
    "soon": (False, False, True),
    "none": (False, False, False),
}


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("announce", [announce_created, announce_cancelled])
@pytest.mark.parametrize("case", ["own", "other, next week", "other, tomorrow"])
def test_D01_levels(cast, rdv, level, announce, case):
    cast.owner.rdv_notifications = level
    cast.owner.save()
    if announce is announce_cancelled:
        rdv.status, rdv.cancelled_at = "revoked", NOW
        rdv.save()
    now = rdv.starts_at - timedelta(hours=30) if case == "other, tomorrow" else NOW
    announce(rdv, actor=cast.actor("owner" if case == "own" else "admin"), now=now)
    expected = dict(zip(["own", "other, next week", "other, tomorrow"], LEVELS[level], strict=True))
    agents = [row for row in told() if row[0].endswith("_agent")]
    assert bool(agents) == expected[case]


@pytest.mark.parametrize(
    ("now", "is_soon"),
    [
        # The RDV is on Tuesday 12 at 0:30 in La Réunion; days are counted there.
        (datetime(2027, 1, 10, 20, 0, tzinfo=UTC), True),  # Monday 11, 0:00
        (datetime(2027, 1, 10, 19, 59, tzinfo=UTC), False),  # Sunday 10, 23:59
    ],
)
def test_D01_soon_is_today_or_tomorrow_in_the_zone(cast, rdv, now, is_soon):
    cast.territoire.timezone = "Indian/Reunion"
    cast.territoire.save()
    rdv.starts_at = datetime(2027, 1, 11, 20, 30, tzinfo=UTC)
    rdv.ends_at = rdv.starts_at + timedelta(minutes=30)
    rdv.save()
    cast.owner.rdv_notifications = "soon"
    cast.owner.save()
    announce_created(reload(rdv), actor=cast.actor("admin"), now=now)
    assert bool(told("rdv_created_agent")) == is_soon


def test_D01_agents_who_left_and_intervenants_get_nothing(cast):
    gone = AgentFactory(organisations=[cast.organisation], deactivated_at=NOW)
    intervenant = AgentFactory(
        organisations=[cast.organisation], organisations__level="intervenant", email=None
    )
    rdv = RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[gone, intervenant, cast.admin])
    announce_created(rdv, actor=SystemActor(), now=NOW)
    assert told() == [("rdv_created_agent", "email", cast.admin.email)]


def test_D01_ics_of_creation_then_of_cancellation(cast, rdv):
    actor = cast.actor("admin")
    announce_created(rdv, actor=actor, now=NOW)
    rdv.status, rdv.cancelled_at, rdv.version = "revoked", NOW, rdv.version + 1
    rdv.save()
    announce_cancelled(rdv, actor=actor, now=NOW)
    for kinds, method in (
        (("rdv_created_agent", "rdv_cancelled_agent"), "REQUEST"),
        (("rdv_created", "rdv_cancelled"), "PUBLISH"),
    ):
        rows = [OutboxMessage.objects.get(kind=kind, channel="email") for kind in kinds]
        calendars = [Calendar.from_ical(row.ics) for row in rows]
        events = [calendar.walk("VEVENT")[0] for calendar in calendars]
        assert [row.ics_method for row in rows] == [method, "CANCEL"]
        assert [str(calendar["METHOD"]) for calendar in calendars] == [method, "CANCEL"]
        assert [str(event["UID"]) for event in events] == [str(rdv.uuid)] * 2
        assert [int(event["SEQUENCE"]) for event in events] == [0, 1]
        assert len({str(event["ORGANIZER"]) for event in events}) == 1


def test_D02_agent_calendar_holds_motif_place_and_link_only(cast, rdv):
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    (event,) = Calendar.from_ical(OutboxMessage.objects.get(kind="rdv_created_agent").ics).walk(
        "VEVENT"
    )
    link = f"http://testserver/rdv/{rdv.uuid}/"
    assert str(event["SUMMARY"]) == "Violences intrafamiliales"
    assert str(event["URL"]) == link
    assert str(event["DESCRIPTION"]) == f"Voir le RDV : {link}"


def test_decision_31_usager_calendar_says_nothing_of_the_subject(cast, rdv):
    announce_both(rdv, cast.actor("owner"))
    for email in OutboxMessage.objects.filter(channel="email", kind__in=USAGER_KINDS):
        (event,) = Calendar.from_ical(email.ics).walk("VEVENT")
        assert str(event["SUMMARY"]) == f"Rendez-vous – {rdv.organisation.name}"
        assert "Violences" not in email.ics
        assert "ATTENDEE" not in event


@pytest.mark.parametrize("whole", [True, False], ids=["rdv", "participation"])
def test_decisions_6_31_privacy_scan(cast, rdv, whole):
    """Agents' mails hold no datum of an usager; SMS and subjects never say what it is about."""
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    rdv.version += 1
    if whole:
        rdv.status, rdv.cancelled_at = "revoked", NOW
    rdv.save()
    announce_cancelled(rdv, actor=cast.actor("usager"), now=NOW)
    announce_cancelled(rdv, actor=cast.actor("secretary"), now=NOW)
    personal = ["ximena", "quetzal", "wallabys", "611223344", "11 22 33 44", "/r/"]
    agents = OutboxMessage.objects.filter(kind__endswith="_agent")
    assert len(agents) == 2
    for message in agents:
        text = unfolded(f"{message.subject}{message.body}{message.html}{message.ics}")
        assert [datum for datum in personal if datum in text.lower()] == []
        assert message.recipient == cast.owner.email
    for message in OutboxMessage.objects.exclude(pk__in=agents):
        assert "Violences" not in message.subject
        if message.channel == "sms":
            assert "Violences" not in message.body
            assert "imena" not in message.body


def unfolded(text):
    return text.replace("\r\n ", "")


def test_decision_23_agents_hear_of_a_participation_without_ics(cast, rdv):
    announce_cancelled(rdv, actor=cast.actor("usager"), now=NOW)
    (message,) = OutboxMessage.objects.filter(recipient=cast.owner.email)
    assert (message.kind, message.ics) == ("participation_cancelled_agent", "")
    assert "Le RDV est maintenu" in message.body


def test_authors_are_said_to_agents(cast, rdv):
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    body = OutboxMessage.objects.get(kind="rdv_created_agent").body
    assert f"par {cast.admin.full_name}" in body
    other = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=rdv.starts_at + timedelta(days=1),
    )
    announce_created(other, actor=PrescripteurActor(prescripteur_id=1, name="P. Onyx"), now=NOW)
    body = OutboxMessage.objects.get(kind="rdv_created_agent", rdv=other).body
    assert "Un RDV a été ajouté à votre agenda." in body


def test_messages_are_written_with_the_fact(cast, rdv):
    with transaction.atomic():
        announce_created(rdv, actor=cast.actor("admin"), now=NOW)
        transaction.set_rollback(True)
    assert told() == []
    assert not AccessToken.objects.exists()


def test_texts_are_french_whatever_the_page_s_language(cast, rdv):
    from django.utils import translation

    with translation.override("en"):
        announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    assert "lundi 11 janvier 2027" in OutboxMessage.objects.get(channel="email").body


def test_one_statement_count_whatever_the_history(cast, rdv, django_assert_max_num_queries):
    """One e-mail, one SMS, one agent: 5 reads, then token, message, older ones, for each."""
    with django_assert_max_num_queries(22):
        announce_created(rdv, actor=cast.actor("admin"), now=NOW)
