"""What the messages say (C01, C02, C03; decision 3)."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from agents.permissions import SystemActor
from motifs.models import LocationType
from notifications.messages import facts
from notifications.messages.facts import Before
from notifications.models import OutboxMessage
from planning.services.rdv_announce import (
    RdvChange,
    announce_cancelled,
    announce_changed,
    announce_created,
    announce_reminder,
)
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    TerritoireFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.notifications.sayings import reload


@pytest.mark.parametrize(
    ("zone", "instant", "full", "short"),
    [
        (
            "Europe/Paris",
            datetime(2026, 11, 24, 9, 30, tzinfo=UTC),
            "mardi 24 novembre 2026 à 10 h 30",
            "mardi 24/11 à 10h30",
        ),
        (
            "Indian/Reunion",
            datetime(2026, 11, 30, 20, 30, tzinfo=UTC),
            "mardi 1er décembre 2026 à 0 h 30",
            "mardi 01/12 à 0h30",
        ),
        (
            "America/Guadeloupe",
            datetime(2026, 7, 1, 2, 0, tzinfo=UTC),
            "mardi 30 juin 2026 à 22 h",
            "mardi 30/06 à 22h00",
        ),
    ],
)
def test_decision_3_dates_in_the_zone_of_the_territoire(db, zone, instant, full, short):
    territoire = TerritoireFactory(timezone=zone)
    organisation = OrganisationFactory(territoire=territoire)
    motif = MotifFactory(organisation=organisation)
    rdv = RdvFactory(
        motif=motif,
        lieu=LieuFactory(organisation=organisation),
        agents=[AgentFactory(organisations=[organisation])],
        usagers=[UsagerFactory(territoire=territoire)],
        starts_at=instant,
    )
    announce_created(rdv, actor=SystemActor(), now=instant - timedelta(days=2))
    sms = OutboxMessage.objects.get(channel="sms")
    email = OutboxMessage.objects.get(kind="rdv_created", channel="email")
    agent = OutboxMessage.objects.get(kind="rdv_created_agent")
    assert sms.body.startswith(f"RDV {short}\n")
    assert email.subject == f"RDV confirmé : {full}"
    assert f"Date : {full}\n" in email.body
    assert full in email.html
    assert agent.subject == f"Nouveau RDV : {full}"
    local = instant.astimezone(ZoneInfo(zone))
    assert f"DTSTART;TZID={zone}:{local:%Y%m%dT%H%M%S}" in email.ics


def test_every_type_of_rdv_has_its_words():
    assert set(facts.PLACES_FOR_USAGERS) == set(LocationType.values)
    assert set(facts.PLACES_FOR_AGENTS) == set(LocationType.values)


@pytest.mark.parametrize("location_type", LocationType.values)
def test_C01_place_by_type(cast, location_type):
    motif = MotifFactory(organisation=cast.organisation, location_type=location_type)
    usager = UsagerFactory(
        territoire=cast.territoire, phone_number="+33611223344", address="7 impasse des Wallabys"
    )
    rdv = RdvFactory(
        motif=motif,
        lieu=cast.lieu if location_type == "sur_place" else None,
        agents=[cast.admin],
        usagers=[usager],
    )
    announce_created(rdv, actor=SystemActor(), now=NOW)
    email = OutboxMessage.objects.get(kind="rdv_created", channel="email")
    agent = OutboxMessage.objects.get(kind="rdv_created_agent")
    sms = OutboxMessage.objects.get(channel="sms").body
    (event,) = Calendar.from_ical(agent.ics).walk("VEVENT")
    if location_type == "sur_place":
        place = f"{cast.lieu.name}, {cast.lieu.address}"
        assert f"Lieu : {place}" in email.body
        assert event["LOCATION"] == place
        assert cast.lieu.name in sms
    elif location_type == "telephone":
        assert "vous serez appelé au 06 11 22 33 44" in email.body
        assert "LOCATION" not in event
        assert "Par téléphone" in event["DESCRIPTION"]
        assert "Par téléphone" in sms
    elif location_type == "visio":
        assert "En visioconférence" in email.body
        assert "LOCATION" not in event
    else:
        assert "À votre domicile : 7 impasse des Wallabys" in email.body
        assert "vers 10 h" in email.subject  # an hour that is never promised to the minute
        assert event["LOCATION"] == "À domicile"
        assert "Wallabys" not in agent.body + agent.html + agent.ics + sms


@pytest.mark.parametrize(
    ("lieu", "organisation", "territoire", "phone"),
    [
        ("+33321000001", "+33321000002", "+33321000003", "03 21 00 00 01"),
        ("", "+33321000002", "+33321000003", "03 21 00 00 02"),
        ("", "", "+33321000003", "03 21 00 00 03"),
    ],
)
def test_C03_there_is_always_somebody_to_call(cast, rdv, lieu, organisation, territoire, phone):
    for row, number in (
        (cast.lieu, lieu),
        (cast.organisation, organisation),
        (cast.territoire, territoire),
    ):
        row.phone_number = number
        row.save()
    announce_created(reload(rdv), actor=cast.actor("owner"), now=NOW)
    for message in OutboxMessage.objects.all():
        assert phone in message.body


def test_C03_an_address_when_nobody_has_a_phone(cast, rdv):
    cast.organisation.phone_number = ""
    cast.organisation.save()
    announce_created(reload(rdv), actor=cast.actor("owner"), now=NOW)
    email, sms = OutboxMessage.objects.order_by("channel")
    assert f"Écrivez à {cast.organisation.email}" in email.body
    assert "Tél." not in sms.body


def test_C01_instructions_in_the_email(cast, rdv):
    rdv.motif.instructions = "Apportez :\n- une pièce d’identité"
    rdv.motif.save()
    announce_created(reload(rdv), actor=cast.actor("owner"), now=NOW)
    email = OutboxMessage.objects.get(channel="email")
    assert "- une pièce d’identité" in email.body
    assert "- une pièce d’identité" in email.html


def test_C01_what_people_typed_is_escaped_in_html_and_plain_in_text(cast, rdv):
    cast.lieu.name = "L'Étoile <b>& Cie</b>"
    cast.lieu.save()
    announce_created(reload(rdv), actor=cast.actor("owner"), now=NOW)
    email = OutboxMessage.objects.get(channel="email")
    assert "L'Étoile <b>& Cie</b>" in email.body
    assert "<b>& Cie" not in email.html
    assert "&lt;b&gt;&amp; Cie" in email.html


def announce_moved(rdv, *, actor, now):
    before = Before(rdv.starts_at - timedelta(days=1), rdv.ends_at - timedelta(days=1), rdv.lieu)
    announce_changed(rdv, RdvChange(before), actor=actor, now=now)


def announce_reminded(rdv, *, actor, now):
    announce_reminder(rdv, actor=actor, now=now, occurrence="one")


@pytest.mark.parametrize(
    ("lieu", "host", "most"),
    [
        ("M" * 40, "h" * 22 + ".fr", 1),
        ("É" * 40, "h" * 22 + ".fr", 1),
        ("M" * 120, "h" * 22 + ".fr", 2),
        ("€" * 120, "h" * 60 + ".fr", 2),
        ("Point d’accueil « Œuvre » – ✨", "rdv.fr", 1),
    ],
)
@pytest.mark.parametrize(
    "announce", [announce_created, announce_cancelled, announce_moved, announce_reminded]
)
@pytest.mark.parametrize("starts_at", [datetime(2027, 12, 29, 13, 30, tzinfo=UTC)])  # mercredi
def test_C02_segments(cast, settings, lieu, host, most, announce, starts_at):
    settings.SITE_URL = f"https://{host}"
    place = LieuFactory(organisation=cast.organisation, name=lieu, phone_number="+33321000000")
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=place,
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=starts_at,
    )
    announce(rdv, actor=cast.actor("owner"), now=NOW)
    sms = OutboxMessage.objects.get(channel="sms")
    assert 1 <= sms.sms_segments <= most
    assert re.search(rf"https://{re.escape(host)}/r/\w{{12}}/", sms.body)
    if len(lieu) <= 40 and lieu.isalpha() and lieu.isascii():
        assert lieu in sms.body
        assert "03 21 00 00 00" in sms.body


def test_C02_the_text(cast, rdv):
    announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    sms = OutboxMessage.objects.get(channel="sms")
    assert sms.body == (
        "RDV lundi 11/01 à 10h00\n"
        f"{cast.lieu.name}\n"
        f"Infos/annulation : {sms.secret_link}\n"
        "Tél. 03 21 00 00 00"
    )
