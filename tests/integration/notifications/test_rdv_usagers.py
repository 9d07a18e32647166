"""Which usagers are told of a RDV, and by which links (C01; decisions 7, 11, 30)."""

import re
from datetime import timedelta

import pytest

from notifications.models import OutboxMessage
from planning.models import Participation
from planning.services.rdv_announce import announce_cancelled, announce_created
from tests.factories import (
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.notifications.sayings import USAGER_KINDS, announce_both, reload, told
from usagers.models import AccessToken
from usagers.services.access_token_issue import digest_of


def test_C01_email_and_sms_to_the_usager(cast, rdv):
    announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    assert told() == [
        ("rdv_created", "email", "ximena@exemple.fr"),
        ("rdv_created", "sms", "+33611223344"),
    ]
    email = OutboxMessage.objects.get(channel="email")
    assert (email.rdv, email.organisation) == (rdv, rdv.organisation)
    assert email.participation == rdv.participations.get()
    assert email.expires_at == rdv.starts_at
    assert email.reply_to == rdv.organisation.email


@pytest.mark.parametrize("visibility", ["visible_and_not_notified", "invisible"])
@pytest.mark.parametrize("who", ["owner", "usager", "admin"])
def test_C01_decision_7_silent_motifs_tell_no_usager(cast, rdv, visibility, who):
    """Invisible exists to protect people whose phone is watched: cancellation included."""
    rdv.motif.visibility = visibility
    rdv.motif.save()
    announce_both(reload(rdv), cast.actor(who))
    assert [kind for kind, *_ in told() if kind in USAGER_KINDS] == []
    assert not AccessToken.objects.exists()
    expected = 0 if who == "owner" else 1
    assert len(told("rdv_created_agent")) == expected


def test_C01_decision_7_switched_off_for_this_rdv(cast, rdv):
    rdv.participations.update(notifies_changes=False)
    announce_both(reload(rdv), cast.actor("owner"))
    assert told() == []


@pytest.mark.parametrize(
    ("changes", "channels"),
    [
        ({"notifies_by_email": False}, ["sms"]),
        ({"notifies_by_sms": False}, ["email"]),
        ({"notifies_by_sms": False, "notifies_by_email": False}, []),
        ({"email": None}, ["sms"]),
        ({"phone_number": ""}, ["email"]),
        ({"phone_number": "+33321000000"}, ["email"]),  # a landline gets no SMS
        ({"phone_number": "+262692123456"}, ["email", "sms"]),  # a mobile of La Réunion
        ({"phone_number": "", "email": None}, []),
    ],
)
def test_C01_preferences_and_addresses(cast, rdv, changes, channels):
    for name, value in changes.items():
        setattr(cast.usager, name, value)
    cast.usager.save()
    announce_created(reload(rdv), actor=cast.actor("owner"), now=NOW)
    assert [channel for _, channel, _ in told("rdv_created")] == channels


@pytest.mark.parametrize("late", [timedelta(0), timedelta(days=1)])
def test_C06_nobody_is_told_of_a_rdv_that_began(cast, rdv, late):
    announce_both(rdv, cast.actor("admin"), now=rdv.starts_at + late)
    assert told() == []


def test_C01_the_responsable_is_told_once_for_the_family(cast, rdv):
    for name in ("Zoé", "Noé"):
        proche = UsagerFactory(
            territoire=cast.territoire,
            responsable=cast.usager,
            first_name=name,
            email=None,
            phone_number="",
        )
        Participation.objects.create(
            rdv=rdv, usager=proche, created_by_agent=cast.owner, created_at=NOW
        )
    announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    assert told() == [
        ("rdv_created", "email", "ximena@exemple.fr"),
        ("rdv_created", "sms", "+33611223344"),
    ]
    body = OutboxMessage.objects.get(channel="email").body
    assert "Zoé" in body
    assert "Noé" in body


def test_C01_cancelled_participations_are_not_confirmed(cast, rdv):
    rdv.participations.update(status="excused", cancelled_at=NOW)
    announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    assert told() == []


def test_C01_said_once_however_often_it_is_asked(cast, rdv):
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    assert len(told()) == 3


@pytest.mark.parametrize("who", ["usager", "token"])
def test_decision_30_the_usager_who_cancels_gets_the_email_only(cast, rdv, who):
    announce_cancelled(rdv, actor=cast.actor(who), now=NOW)
    assert told("rdv_cancelled") == [("rdv_cancelled", "email", "ximena@exemple.fr")]
    assert "comme vous l’avez demandé" in OutboxMessage.objects.get(kind="rdv_cancelled").body


def test_decision_30_by_sms_when_there_is_no_email(cast, rdv):
    cast.usager.email = None
    cast.usager.save()
    announce_cancelled(reload(rdv), actor=cast.actor("usager"), now=NOW)
    assert told("rdv_cancelled") == [("rdv_cancelled", "sms", "+33611223344")]


def test_C01_cancelled_by_the_service(cast, rdv):
    announce_cancelled(rdv, actor=cast.actor("owner"), now=NOW)
    assert [channel for _, channel, _ in told("rdv_cancelled")] == ["email", "sms"]
    email = OutboxMessage.objects.get(kind="rdv_cancelled", channel="email")
    assert f"annulé par {rdv.organisation.name}" in email.body
    assert "/rendez-vous/" in email.body  # where to book another one


def test_C01_no_booking_link_for_what_is_not_open_online(cast, rdv):
    rdv.motif.booking_level = "agents"
    rdv.motif.save()
    announce_cancelled(reload(rdv), actor=cast.actor("owner"), now=NOW)
    assert "/rendez-vous/" not in OutboxMessage.objects.get(channel="email").body


def test_C01_without_a_word_what_has_not_left_is_withdrawn(cast, rdv):
    announce_created(rdv, actor=cast.actor("admin"), now=NOW)
    announce_cancelled(rdv, actor=cast.actor("admin"), now=NOW, notifies=False)
    assert set(OutboxMessage.objects.values_list("kind", "state")) == {
        ("rdv_created", "abandoned"),
        ("rdv_created_agent", "queued"),  # the RDV itself is not cancelled in this test
    }


def test_decision_11_each_message_has_its_own_link(cast, rdv):
    announce_created(rdv, actor=cast.actor("owner"), now=NOW)
    secrets = set()
    for message in OutboxMessage.objects.all():
        (secret,) = set(re.findall(r"http://testserver/r/([A-Za-z0-9]+)/", message.body))
        assert message.secret_link == f"http://testserver/r/{secret}/"
        assert message.html.count(secret) == (1 if message.html else 0)
        assert secret not in message.ics
        secrets.add(secret)
    assert len(secrets) == 2
    assert {len(secret) for secret in secrets} == {12}
    tokens = AccessToken.objects.all()
    assert {token.digest for token in tokens} == {digest_of(secret) for secret in secrets}
    for token in tokens:
        assert token.participation == rdv.participations.get()
        assert token.recipient == cast.usager
        assert token.expires_at == rdv.ends_at + timedelta(days=30)


def test_decision_11_earlier_links_stay(cast, rdv):
    announce_both(rdv, cast.actor("owner"))
    assert AccessToken.objects.filter(expires_at__gt=NOW).count() == 4
