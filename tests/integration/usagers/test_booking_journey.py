"""A02, A03, A05: from the public link to « RDV confirmé »."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Rdv
from rdv.accounts.models import Account
from tests.integration.usagers.journey import (
    NINE,
    NOW,
    link_of,
    type_identity,
)
from usagers.models import BookingDraft, Usager

pytestmark = pytest.mark.django_db


def test_A01_A02_from_the_public_link_to_the_confirmed_rdv(client, world):
    page = client.get(
        reverse("usagers:booking_organisation", args=[world.organisation.slug]), follow=True
    )
    assert "Premier accueil" in page.text
    page = client.get(world.url("slot"))
    assert "Lundi 11 janvier 2027" in page.text
    assert page.text.count("fr-btn fr-btn--secondary") == 6
    assert "2027-01-11T08%3A00Z" in page.text
    page = client.get(world.identity_url())
    assert "Lundi 11 janvier 2027 à 9 h" in page.text
    page = type_identity(client, world)
    assert page.status_code == 302
    page = client.get(page.url)
    assert "lea@exemple.fr" in page.text
    assert not Rdv.objects.exists()
    assert not Usager.objects.exists()

    other_browser = Client()
    link = link_of()
    page = other_browser.get(link)
    assert "Confirmer le rendez-vous de 9 h" in page.text
    assert not Rdv.objects.exists()
    page = other_browser.post(link, follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    rdv = Rdv.objects.get()
    assert (rdv.starts_at, rdv.lieu, rdv.motif) == (NINE, world.lieu, world.motif)
    usager = rdv.participations.get().usager
    assert (usager.first_name, usager.last_name) == ("Léa", "Martin")
    assert (usager.email, str(usager.phone_number)) == ("lea@exemple.fr", "+33639981234")
    assert usager.account == Account.objects.get(kind="usager", email="lea@exemple.fr")
    assert usager.organisations.get() == world.organisation
    draft = BookingDraft.objects.get()
    assert draft.rdv == rdv
    assert draft.link_used_at == NOW
    assert OutboxMessage.objects.filter(kind="rdv_created", rdv=rdv).count() == 2
