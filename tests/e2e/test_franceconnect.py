"""A04 on a phone, in a real Chromium: from the créneau to the RDV, then out of both sites."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from planning.models import Rdv
from tests.e2e.accessibility import sideways
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    UsagerFactory,
)
from tests.oidc.provider import ANGELA, running
from tests.oidc.visit import link_of_mail

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 375


@pytest.fixture
def provider(live_server, settings):
    with running(live_server.url) as provider:
        for name, value in provider.settings().items():
            setattr(settings, name, value)
        policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
        # What the settings do with the issuer, known here only once it runs.
        settings.CONTENT_SECURITY_POLICY = {
            "DIRECTIVES": {**policy, "form-action": [*policy["form-action"], provider.issuer]}
        }
        yield provider


@pytest.fixture
def organisation():
    organisation = OrganisationFactory(name="Maison des solidarités d’Arras")
    PlageOuvertureFactory(
        lieu=LieuFactory(organisation=organisation, name="Antenne Centre"),
        motifs=[MotifFactory(organisation=organisation, name="Premier accueil")],
        first_day=timezone.localdate() + timedelta(days=1),
        frequency="weekly",
        weekdays=[0, 1, 2, 3, 4, 5, 6],
        opens_on_holidays=True,
    )
    return organisation


def test_A04_from_the_creneau_to_the_rdv_and_out(organisation, provider, open_page, check_axe):
    page = open_page(f"/rendez-vous/{organisation.slug}/", width=PHONE)

    def look():
        check_axe(page)
        assert not sideways(page), page.url

    page.get_by_role("link", name="Premier accueil").click()
    page.get_by_role("link", name="Semaine suivante").first.click()
    page.locator(".rdv-slots a").first.click()
    look()
    provider.refuses = True
    page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    assert "Vous avez annulé l’identification" in page.inner_text("h1")
    look()
    provider.refuses = False
    page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    assert "Angela Claire Louise" in page.inner_text("main")
    look()
    page.get_by_label("Téléphone").fill("06 39 98 12 34")
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    assert "Votre rendez-vous est confirmé" in page.inner_text("h1")
    usager = Rdv.objects.get().participations.get().usager
    assert usager.full_name == "Angela Claire Louise DURAND (DUBOIS)"
    page.goto("/mes-rdv/")
    page.get_by_role("button", name="Se déconnecter").first.click()
    page.get_by_text("de FranceConnect aussi").wait_for()
    assert any(path == "session/end" for path, _fields in provider.asked)


def test_20_the_click_in_the_mailbox_on_a_phone(organisation, provider, open_page, check_axe):
    UsagerFactory(territoire=organisation.territoire, email=ANGELA["email"])
    page = open_page(f"/rendez-vous/{organisation.slug}/", width=PHONE, javascript=False)
    page.get_by_role("link", name="Premier accueil").click()
    page.locator(".rdv-slots a").first.click()
    page.get_by_role("button", name="S’identifier avec FranceConnect").click()
    assert "ouvrez votre messagerie" in page.inner_text("h1")
    page = open_page(link_of_mail(), width=PHONE)  # in another browser
    assert "Angela Claire Louise" in page.inner_text("main")
    check_axe(page)
    page.get_by_role("button", name="Oui, c’est moi").click()
    assert "Confirmer le rendez-vous" in page.inner_text("main")  # the créneau is there
