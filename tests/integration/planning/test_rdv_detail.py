"""E06, C04, decisions 12 and 14: the page of a RDV."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agents.models import AuditEntry
from motifs.models import Visibility
from notifications.models import DeliveryAttempt, OutboxMessage
from planning.models import Participation, Rdv, RdvEvent
from planning.rules.rdv_label import label_of
from planning.rules.status import CANCELLED
from tests.factories import UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.agenda_world import secret_rdv
from usagers.models import Prescripteur


@pytest.fixture
def page(client, cast):
    def get(who="owner", rdv=None):
        cast.sign_in(client, who)
        response = client.get(reverse("planning:rdv_detail", args=[(rdv or cast.rdv).uuid]))
        assert response.status_code == 200
        return " ".join(response.content.decode().split())

    return get


def message(rdv, number=0, **columns):
    columns = {
        "kind": "rdv_created",
        "channel": "email",
        "recipient": "lea@exemple.fr",
        "recipient_name": "Léa MARTIN",
        "state": "sent",
        "sent_at": NOW,
        "attempts": 1,
    } | columns
    return OutboxMessage.objects.create(
        rdv=rdv, body="-", dedup_key=f"m{number}", available_at=NOW, created_at=NOW, **columns
    )


def test_E06_every_fact_of_the_rdv(page, cast):
    Rdv.objects.filter(pk=cast.rdv.pk).update(context="Vient avec un interprète.")
    text = page()
    assert "Lundi 11 janvier 2027 à 10 h" in text
    assert "jusqu’à 10 h 30" in text
    assert "30 min" in text
    assert "À venir" in text
    for fact in (cast.motif.name, cast.lieu.name, cast.lieu.address, cast.owner.full_name):
        assert fact in text
    assert "Vient avec un interprète." in text


def test_E06_participants_with_birth_date_phone_mail_and_channels(page, cast):
    cast.usager.birth_date = date(1980, 3, 2)
    cast.usager.save()
    text = page()
    assert cast.usager.full_name in text
    assert "2 mars 1980" in text
    assert "06 12 34 56 78" in text
    assert f"e-mail ({cast.usager.email}), SMS (06 12 34 56 78)" in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"email": None, "phone_number": ""}, "personne ne peut être prévenu"),
        ({"email": None, "phone_number": "+33321000000"}, "personne ne peut être prévenu"),
        ({"notifies_by_email": False, "notifies_by_sms": False}, "personne ne peut être prévenu"),
    ],
)
def test_E06_who_cannot_be_told_is_said(page, cast, changes, expected):
    for name, value in changes.items():
        setattr(cast.usager, name, value)
    cast.usager.save()
    assert expected in page()


@pytest.mark.parametrize(
    ("visibility", "expected"),
    [
        (Visibility.INVISIBLE, "invisible pour l’usager"),
        (Visibility.SILENT, "ne prévient pas l’usager"),
    ],
)
def test_decision_7_silent_motifs_are_said(page, cast, visibility, expected):
    cast.motif.visibility = visibility
    cast.motif.save()
    assert expected in page()


def test_decision_7_switched_off_notifications_are_said(page, cast):
    cast.rdv.participations.update(notifies_changes=False)
    assert "Les notifications sont coupées" in page()


def test_E06_a_proche_is_told_through_the_responsable(page, cast):
    parent = UsagerFactory(territoire=cast.territoire, first_name="Parent")
    cast.usager.account = None
    cast.usager.responsable = parent
    cast.usager.save()
    text = page()
    assert parent.full_name in text
    assert f"e-mail ({parent.email})" in text


def test_E06_who_booked_an_agent(page, cast):
    assert f"par l’agent {cast.owner.full_name}" in page()


def test_E06_who_booked_the_usager_online(page, cast):
    Participation.objects.update(created_by_agent=None, created_by_usager=cast.usager)
    assert f"en ligne par {cast.usager.full_name}" in page()


def test_E06_who_booked_a_prescripteur_and_how_to_reach_them(page, cast):
    author = Prescripteur.objects.create(
        first_name="Anne", last_name="Roux", email="anne@asso.fr", phone_number="+33611223344"
    )
    Participation.objects.update(created_by_agent=None, prescripteur=author)
    text = page()
    assert "par le prescripteur Anne ROUX" in text
    assert "anne@asso.fr" in text
    assert "06 11 22 33 44" in text


def test_E06_history_says_who_when_before_and_after_in_french(page, cast):
    RdvEvent.objects.create(
        rdv=cast.rdv,
        at=NOW,
        action="moved",
        author_kind="agent",
        author_agent=cast.owner,
        author_name=cast.owner.full_name,
        changes={
            "starts_at": ["2027-01-10T09:00:00+00:00", "2027-01-11T09:00:00+00:00"],
            "status": ["unknown", "seen"],
            "lieu": [None, "Antenne"],
            "participation:12": ["unknown", "seen"],
        },
    )
    text = page()
    assert "RDV déplacé" in text
    assert f"Lundi 4 janvier 2027 à 9 h, {cast.owner.full_name} (agent)" in text
    assert "Début : dimanche 10 janvier 2027 à 10 h → lundi 11 janvier 2027 à 10 h" in text
    assert "Statut : À venir ou à renseigner → Honoré" in text
    assert "Lieu : rien → Antenne" in text
    assert "participation:12" not in text


def test_C04_messages_with_channel_recipient_state_and_time(page, cast):
    message(cast.rdv)
    text = page()
    assert "<strong>Confirmation, e-mail</strong> à Léa MARTIN" in text
    assert "lea@exemple.fr" in text
    assert "Lundi 4 janvier 2027 à 9 h" in text
    assert "envoyé" in text


def test_C04_a_failed_message_is_visible_with_its_tries_and_reason(page, cast):
    failed = message(
        cast.rdv, channel="sms", recipient="+33612345678", state="failed", sent_at=None,
        closed_at=NOW, attempts=6,
    )  # fmt: skip
    DeliveryAttempt.objects.create(message=failed, at=NOW, succeeded=False, answer="Occupé")
    DeliveryAttempt.objects.create(
        message=failed, at=NOW + timedelta(hours=1), succeeded=False, answer="Numéro inconnu"
    )
    text = page()
    assert "fr-badge--error" in text
    assert "échec" in text
    assert "6 essais" in text
    assert "Numéro inconnu" in text
    assert "06 12 34 56 78" in text


@pytest.mark.parametrize(
    ("status", "days", "expected"),
    [
        ("unknown", 1, "upcoming"),
        ("unknown", 0, "today"),
        ("unknown", -1, "to_fill_in"),
        ("seen", 1, "seen"),
        ("noshow", -1, "noshow"),
        ("excused", 0, "excused"),
        ("revoked", 1, "revoked"),
    ],
)
def test_decision_35_unknown_splits_by_day(status, days, expected):
    today = date(2027, 1, 4)
    assert label_of(status, day=today + timedelta(days=days), today=today) == expected


def test_decision_35_a_past_rdv_waits_for_its_status(page, cast):
    start = timezone.now() - timedelta(days=2)
    Rdv.objects.filter(pk=cast.rdv.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    assert "À renseigner" in page()


def test_decision_14_a_rdv_that_one_may_not_read_does_not_exist(client, cast):
    rdv = secret_rdv(cast)
    client.force_login(cast.same_service.account)
    assert client.get(reverse("planning:rdv_detail", args=[rdv.uuid])).status_code == 404


def test_decision_26_a_deleted_rdv_does_not_exist(client, cast):
    Rdv.objects.filter(pk=cast.rdv.pk).update(hidden_at=NOW)
    client.force_login(cast.owner.account)
    assert client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])).status_code == 404


def test_G08_the_usager_of_the_rdv_does_not_enter_the_agents_space(client, cast):
    client.force_login(cast.usager.account)
    assert client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid])).status_code == 404


def test_decision_12_the_look_of_a_territoire_admin_is_audited(page, cast):
    page("territoire_admin")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.object_uuid) == ("rdv_seen", cast.rdv.uuid)
    assert entry.organisation == cast.organisation


def test_E06_the_link_to_the_agenda_leads_to_one_that_may_be_seen(page, cast):
    url = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    assert f"{url}?date=2027-01-11" in page()


@pytest.mark.parametrize("status", ["revoked", "excused", "seen", "noshow"])
def test_E06_only_a_rdv_to_come_or_to_fill_in_has_a_button_to_cancel(page, cast, status):
    url = reverse("planning:rdv_cancel", args=[cast.rdv.uuid])
    assert url in page()
    cancelled_at = NOW if status in CANCELLED else None
    Rdv.objects.filter(pk=cast.rdv.pk).update(status=status, cancelled_at=cancelled_at)
    assert url not in page()


def test_E06_the_number_of_statements_does_not_grow(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("planning:rdv_detail", args=[cast.rdv.uuid])

    def fill(first, last):
        for n in range(first, last):
            person = UsagerFactory(
                territoire=cast.territoire, responsable=UsagerFactory(territoire=cast.territoire)
            )
            Participation.objects.create(
                rdv=cast.rdv, usager=person, created_by_agent=cast.owner, created_at=NOW
            )
            RdvEvent.objects.create(rdv=cast.rdv, at=NOW, action="edited", author_kind="system")
            sent = message(cast.rdv, n)
            DeliveryAttempt.objects.create(message=sent, at=NOW, succeeded=True)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    fill(0, 2)
    client.get(url)
    few = statements()
    fill(2, 20)
    assert statements() == few
    assert few <= 27
