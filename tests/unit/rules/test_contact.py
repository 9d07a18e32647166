"""G12: every page and message falls back from the lieu to the organisation, to the territoire."""

from __future__ import annotations

from itertools import product

import pytest

from motifs.rules.contact import whom_to_call
from notifications.messages.facts import contact_of
from planning.management import message_samples as samples

LIEU, ORGANISATION, TERRITOIRE = "+33321000001", "+33321000002", "+33321000003"
ABOVE = ("mds@example.fr", "departement@example.fr")


def world_of(lieu="", organisation="", territoire="", emails=("", "")):
    world = samples.World()
    world.lieu.phone_number = lieu
    world.organisation.phone_number = organisation
    world.territoire.phone_number = territoire
    world.organisation.email, world.territoire.email = emails
    return world


def first(*values):
    return next((value for value in values if value), "")


@pytest.mark.parametrize("phones", list(product((LIEU, ""), (ORGANISATION, ""), (TERRITOIRE, ""))))
@pytest.mark.parametrize("emails", list(product((ABOVE[0], ""), (ABOVE[1], ""))))
def test_G12_the_nearest_who_has_it_answers(phones, emails):
    """Pages and messages have each their function: they must name the same."""
    world = world_of(*phones, emails=emails)
    page = whom_to_call(world.lieu, world.organisation, world.territoire)
    assert (page.phone, page.email) == (first(*phones), first(*emails))
    message = contact_of(world.rdv())
    assert message.phone.replace(" ", "").replace("0", "+33", 1) == page.phone
    assert message.email == page.email
    assert bool(page.name) is any(phones + emails)
    # Without a lieu (by phone, at home), the organisation is the first.
    assert contact_of(world.rdv("telephone")).phone.replace(" ", "")[-9:] == first(*phones[1:])[-9:]


@pytest.mark.parametrize(
    ("phones", "shown"),
    [
        ((LIEU, ORGANISATION, TERRITOIRE), "03 21 00 00 01"),
        (("", ORGANISATION, TERRITOIRE), "03 21 00 00 02"),
        (("", "", TERRITOIRE), "03 21 00 00 03"),
    ],
)
@pytest.mark.parametrize(
    "told", [samples.created, samples.changed, samples.reminded, samples.cancelled]
)
def test_G12_a_message_says_whom_to_call(phones, shown, told):
    on_site = [each for each in told(world_of(*phones)) if each.name.endswith("sur place")]
    mails = [m for each in on_site for m in each.messages if m.channel == "email"]
    assert mails
    assert all(shown in mail.body and shown in mail.html for mail in mails)
