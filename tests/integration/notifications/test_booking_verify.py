"""The e-mail that lets somebody finish a booking in any browser (A05)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import transaction

from notifications.delivery import deliver
from notifications.messages.booking import announce_booking_link
from notifications.models import OutboxMessage, State
from tests.factories import OrganisationFactory
from tests.factories.planning import NOW

URL = "http://testserver/rendez-vous/confirmer/Abc123Def456Ghi789/"


def announce(**changes):
    organisation = changes.pop("organisation", None) or OrganisationFactory(name="CCAS d’Arras")
    values = {
        "email": "ines@exemple.fr",
        "first_name": "Inès",
        "url": URL,
        "starts_at": datetime(2027, 1, 11, 9, 30, tzinfo=UTC),
        "zone": organisation.territoire.zone,
        "organisation": organisation,
        "language": "fr",
        "now": NOW,
    }
    with transaction.atomic():
        return announce_booking_link(**{**values, **changes})


def test_A05_says_what_was_chosen_and_what_remains(db):
    message = announce()
    when = "lundi 11 janvier 2027 à 10 h 30"
    assert message.subject == f"À confirmer : votre rendez-vous du {when}"
    for text in (message.body, message.html):
        assert "Bonjour Inès" in text
        assert when in text
        assert "CCAS d’Arras" in text
        assert URL in text
    assert (message.rdv, message.ics) == (None, "")
    assert message.reply_to == message.organisation.email


def test_A05_A11_speaks_the_language_of_the_booking(db):
    message = announce(language="en")
    when = "Monday 11 January 2027 at 10:30 am"
    assert message.subject == f"To confirm: your appointment on {when}"
    assert "Hello Inès" in message.body
    assert f"You chose an appointment with CCAS d’Arras: {when}." in message.body
    assert '<html lang="en">' in message.html


def test_A05_sent_with_its_link_which_is_then_blanked(db):
    message = announce()
    deliver(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    assert message.state == State.SENT
    assert URL in mail.outbox[0].body
    assert "Abc123" not in message.body + message.html + message.secret_link


def test_A05_one_mail_for_one_link(db):
    organisation = OrganisationFactory()
    assert announce(organisation=organisation)
    assert announce(organisation=organisation) is None
    assert announce(organisation=organisation, url=f"{URL}2/")
    assert OutboxMessage.objects.count() == 2


@pytest.mark.parametrize("first_name", ["Inès", "Jean-Marc", "N’Golo", "Marie Anne", "D'Arcy"])
def test_a_first_name_is_repeated(db, first_name):
    assert f"Bonjour {first_name}," in announce(first_name=first_name).body


@pytest.mark.parametrize(
    "first_name",
    [
        "www.gagnez.example",
        "Gagnez 1000 €",
        "https://x.example",
        "a" * 41,
        "Ines\nBcc: x",
        "<b>x",
        "",
    ],
)
def test_the_mail_carries_no_stranger_s_text(db, first_name):
    """Anybody may type any address: the product must not be a way to write to people."""
    message = announce(first_name=first_name)
    assert message.body.startswith("Bonjour,\n")
    assert "Bonjour,</p>" in message.html


@pytest.mark.parametrize(
    ("ahead", "expires"), [(timedelta(days=7), timedelta(hours=24)), (timedelta(hours=2),) * 2]
)
def test_C06_a_link_that_is_dead_does_not_leave(db, ahead, expires):
    assert announce(starts_at=NOW + ahead).expires_at == NOW + expires
