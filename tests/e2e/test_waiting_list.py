"""A09, decision 28, on a phone: from « aucun créneau » to an offer accepted; axe on each page."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.utils import timezone

from motifs.rules.public_key import public_key
from notifications.models import OutboxMessage
from planning.models import WaitingListEntry
from planning.services.waiting_list_offer import offer_waiting_list
from planning.slots.holidays import public_holidays
from tests.e2e.accessibility import sideways
from tests.integration.planning.waiting_world import WaitingWorld, link

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 375


def next_working_noon() -> datetime:
    """An instant to come at which offers may leave."""
    day = timezone.localdate() + timedelta(days=1)
    while day.weekday() > 4 or day in public_holidays("metropole", day.year):
        day += timedelta(days=1)
    return datetime.combine(day, time(12), UTC)


def test_A09_decision_28_on_a_phone_from_no_creneau_to_the_journey(open_page, check_axe):
    now = next_working_noon()
    world = WaitingWorld(day=(now + timedelta(days=14)).date(), name="Premier accueil")
    page = open_page(None, width=PHONE)

    def look():
        check_axe(page)
        assert not sideways(page)

    key = public_key(world.motif.name, "sur_place")
    page.goto(f"/rendez-vous/{world.organisation.slug}/creneaux/?motif={key}")
    look()
    page.get_by_role("link", name="M’inscrire sur la liste d’attente").click()
    page.get_by_label("Adresse e-mail").fill("ana@exemple.fr")
    look()
    page.get_by_role("button", name="Recevoir le code").click()
    look()
    body = OutboxMessage.objects.get(kind="contact_code").body
    page.get_by_label("Code à six chiffres").fill(re.findall(r"\b\d{6}\b", body)[0])
    page.get_by_role("button", name="M’inscrire").click()
    page.get_by_role("heading", name="Vous êtes sur la liste d’attente").wait_for()
    look()
    page.goto(link("waiting_list_joined"))
    look()
    WaitingListEntry.objects.update(created_at=now - timedelta(hours=1))
    world.free(0, now=now)
    assert offer_waiting_list(now=now) == 1
    path = link()
    page.goto(path)
    look()
    page.get_by_role("button", name=re.compile("Accepter le rendez-vous")).click()
    page.get_by_label("Nom", exact=True).fill("Martin")
    assert page.get_by_label("Adresse e-mail").input_value() == "ana@exemple.fr"
    page.goto(path)
    page.get_by_role("button", name="Continuer").wait_for()
    look()


def test_decision_28_an_earlier_date_on_a_phone(open_page, check_axe):
    now = next_working_noon()
    world = WaitingWorld(day=(now + timedelta(days=3)).date())
    far = datetime.combine(now.date() + timedelta(days=20), time(8), UTC)
    world.wait_with_rdv(far, at=now - timedelta(hours=1), email="ana@exemple.fr", last_name="Petit")
    world.free(0, now=now)
    assert offer_waiting_list(now=now) == 1
    page = open_page(link(), width=PHONE)
    check_axe(page)
    page.get_by_label("Les trois premières lettres").fill("pet")
    page.get_by_role("button", name=re.compile("Accepter")).click()
    page.get_by_role("heading", name="Votre rendez-vous a une nouvelle date").wait_for()
    check_axe(page)
    assert not sideways(page)
