"""Decision 36: the messages of a territoire leave under its brand."""

from __future__ import annotations

import pytest

from notifications.branding import email_sender, sms_sender
from notifications.messages.sms_trial import letter
from tests.factories import BrandFactory, OrganisationFactory
from tests.factories.planning import NOW

pytestmark = pytest.mark.django_db


def test_decision_36_name_and_senders_are_those_of_the_brand(settings):
    settings.DEFAULT_FROM_EMAIL, settings.SMS_SENDER = "RDV <rdv@test.fr>", "RdvTest"
    organisation = OrganisationFactory()
    assert email_sender(organisation) == email_sender(None)
    assert email_sender(None) == f"{settings.SITE_NAME} <rdv@test.fr>"
    assert sms_sender(organisation) == "RdvTest"
    territoire = organisation.territoire
    territoire.brand = BrandFactory(name="RDV Aisne", sms_sender="RdvAisne")
    assert email_sender(organisation) == "RDV Aisne <rdv@test.fr>"
    territoire.brand.sender_email = "rdv@aisne.fr"
    assert email_sender(organisation) == "RDV Aisne <rdv@aisne.fr>"
    assert sms_sender(organisation) == "RdvAisne"
    territoire.sms_sender = "Laon"
    assert sms_sender(organisation) == "Laon"
    said = letter(phone="+33639981234", organisation=organisation, now=NOW)
    assert said.body.endswith("SMS d'essai de RDV Aisne.")
