"""Decision 22, A12: a code proves that somebody reads an address; guessing it does not pay."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from notifications.models import OutboxMessage, State
from rdv.common.rate_limits import TooManyAttempts
from tests.factories import BrandFactory, OrganisationFactory
from usagers.models import ContactCode, Purpose
from usagers.services.contact_code import (
    TRIES,
    CodeOver,
    WrongCode,
    check_code,
    purge_contact_codes,
    send_code,
)

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
EMAIL, MOBILE = "ines@cias.example", "+33612345678"


def sent(now=NOW, **address):
    address = address or {"email": EMAIL}
    purpose = Purpose.PRESCRIPTEUR
    row = send_code(purpose=purpose, language="fr", ip="192.0.2.1", now=now, **address)
    message = OutboxMessage.objects.get(dedup_key__endswith=str(row.uuid))
    return row, message, re.findall(r"\b\d{6}\b", message.body)[0]


def wrong(digits):
    return f"{(int(digits) + 1) % 10**6:06d}"


def test_A12_the_digits_confirm_the_address_and_are_stored_nowhere_once_sent():
    row, message, digits = sent()
    assert (message.recipient, message.channel) == (EMAIL, "email")
    assert digits in message.html
    assert digits not in message.subject + row.digest
    with pytest.raises(WrongCode):
        check_code(code_uuid=row.uuid, typed=wrong(digits), now=NOW)
    row.refresh_from_db()
    assert (row.wrong_tries, row.confirmed_at) == (1, None)
    typed = f" {digits[:3]} {digits[3:]} "
    assert check_code(code_uuid=row.uuid, typed=typed, now=NOW).confirmed_at == NOW
    message.close(State.SENT, at=NOW)
    assert digits not in message.body + message.html + message.secret_link


def test_decision_36_a_code_speaks_under_the_brand_of_the_journey(settings):
    """Else under the name of the page, else of the settings; by SMS, the name alone."""
    settings.SITE_NAME = "RDV"
    organisation = OrganisationFactory()
    organisation.territoire.brand = BrandFactory(name="RDV Aisne")
    mail = sent(email=EMAIL, organisation=organisation)[1]
    assert (mail.subject, mail.organisation) == ("Votre code RDV Aisne", organisation)
    assert "RDV Aisne" in mail.html
    text = sent(phone_number=MOBILE, organisation=organisation)[1]
    assert text.body.partition(" ")[2].startswith("est votre code RDV Aisne")
    assert text.organisation is None
    named = sent(email=EMAIL, brand_name="RDV Oise")[1]
    assert (named.subject, named.organisation) == ("Votre code RDV Oise", None)
    assert sent()[1].subject == "Votre code RDV"


def test_A12_a_code_dies_of_wrong_tries_and_of_age():
    row, _message, digits = sent()
    for _try in range(TRIES):
        with pytest.raises(WrongCode):
            check_code(code_uuid=row.uuid, typed=wrong(digits), now=NOW)
    with pytest.raises(TooManyAttempts):
        check_code(code_uuid=row.uuid, typed=digits, now=NOW)
    fresh, _message, digits = sent()
    with pytest.raises(CodeOver):
        check_code(code_uuid=fresh.uuid, typed=digits, now=NOW + timedelta(minutes=15))
    with pytest.raises(CodeOver):
        check_code(code_uuid=uuid4(), typed=digits, now=NOW)
    sent(now=NOW + timedelta(days=2))
    assert purge_contact_codes(now=NOW + timedelta(days=2)) == 2
    assert ContactCode.objects.count() == 1


def test_A12_an_address_gets_few_codes_an_hour():
    for _time in range(5):
        _row, message, _digits = sent(phone_number=MOBILE)
    assert (message.channel, message.recipient, message.sms_segments) == ("sms", MOBILE, 1)
    with pytest.raises(TooManyAttempts):
        sent(phone_number=MOBILE)
    sent()
