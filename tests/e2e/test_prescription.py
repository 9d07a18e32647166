"""B01, B04 in a real Chromium: a prescripteur on a phone, an agent who looks further; axe."""

from __future__ import annotations

import re

import pytest

from notifications.models import OutboxMessage
from planning.models import Participation
from tests.e2e.test_booking import PHONE, narrow, place  # noqa: F401 - a fixture
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    UsagerFactory,
    service,
)

pytestmark = pytest.mark.django_db(transaction=True)


def digits() -> str:
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.findall(r"\b\d{6}\b", message.body)[0]


def prescribe(page, look, organisation):
    page.goto(f"/rendez-vous/{organisation.slug}/")
    look()
    page.get_by_role("link", name="Je suis un prescripteur").click()
    look()
    page.get_by_role("link", name="Service social").click()
    page.get_by_role("link", name="Premier accueil").click()
    page.get_by_role("link", name="Antenne Centre").click()
    page.get_by_label("J’ai lu ces informations").check(force=True)
    page.get_by_role("button", name="Voir les créneaux").click()
    look()
    page.get_by_role("link", name="Semaine suivante").first.click()
    page.locator(".rdv-slots a").first.click()
    look()
    page.get_by_label("Votre prénom").fill("Inès")
    page.get_by_label("Votre nom").fill("Valmont")
    page.get_by_label("Votre adresse e-mail").fill("ines@cias.example")
    page.get_by_role("button", name="Continuer").click()
    look()
    page.get_by_label("Code reçu").fill("12")
    page.get_by_role("button", name="Continuer").click()
    assert "le bon code" in page.inner_text("main")
    look()
    page.get_by_label("Code reçu").fill(digits())
    page.get_by_role("button", name="Continuer").click()
    look()
    page.get_by_label("Nom du bénéficiaire", exact=True).fill("Costa")
    page.get_by_label("Prénom du bénéficiaire").fill("Nadia")
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    assert "aucun message" in page.inner_text("main")
    look()
    page.get_by_label("Je préviens moi-même").check(force=True)
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    assert "Nadia COSTA" in page.inner_text("main")
    look()


def test_B01_a_prescripteur_on_a_phone(place, open_page, check_axe):  # noqa: F811
    page = open_page(None, width=PHONE)
    is_narrow = narrow(page)

    def look():
        is_narrow()
        check_axe(page)
        page.set_viewport_size({"width": PHONE, "height": 900})

    prescribe(page, look, place)
    assert str(Participation.objects.get().prescripteur) == "Inès VALMONT"


def test_B04_an_agent_looks_further(place, open_page, check_axe):  # noqa: F811
    mine = OrganisationFactory(name="Maison des solidarités de Lens", territoire=place.territoire)
    motif = MotifFactory(organisation=mine)
    agent = AgentFactory(organisations=[mine], services=[service("social")])
    PlageOuvertureFactory(lieu=LieuFactory(organisation=mine), agent=agent, motifs=[motif])
    usager = UsagerFactory(
        territoire=place.territoire, organisations=[mine], first_name="Léa", last_name="Martin"
    )
    page = open_page(f"/organisations/{mine.uuid}/trouver-un-rdv/", account=agent.account)
    further(page, lambda: check_axe(page))
    row = Participation.objects.get()
    assert (row.usager, row.prescribed_from) == (usager, mine)


def further(page, look):
    page.get_by_role("link", name="Élargir votre recherche").click()
    look()
    page.get_by_role("link", name="Premier accueil").click()
    look()
    page.get_by_role("link", name="Voir les créneaux").first.click()
    look()
    page.locator(".rdv-week__slots a").first.click()
    page.get_by_label("Chercher une personne").fill("mart")
    page.get_by_role("button", name="Rechercher").click()
    look()
    page.get_by_role("button", name="Léa MARTIN").click()
    look()
    page.get_by_role("button", name="Confirmer le RDV").click()
    assert "est pris avec" in page.inner_text("main")
    look()
