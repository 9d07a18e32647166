"""F01, F02, F03: create a person, meet the duplicate, read the fiche, merge; axe on each page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.e2e.accessibility import sideways
from tests.factories import UsagerFactory
from usagers.models import Usager


@pytest.fixture
def world(cast):
    cast.twin = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        first_name="Lea",
        last_name="Zola",
        email=None,
        phone_number="+33639981234",
    )
    return cast


def merge_with_twin(page, check_axe):
    page.get_by_role("link", name="Fusionner avec une autre fiche").click()
    page.get_by_label("Avec quelle autre fiche").fill("zola")
    page.get_by_role("button", name="Rechercher").click()
    check_axe(page)
    page.get_by_role("link", name="Choisir Lea ZOLA").click()
    assert page.get_by_text("Différent").count() == 2  # first name, e-mail
    check_axe(page)
    page.set_viewport_size({"width": 375, "height": 800})
    assert not sideways(page)
    page.get_by_label("Lea", exact=True).check(force=True)
    page.get_by_role("button", name="Fusionner les deux fiches").click()
    page.get_by_role("heading", name="Lea ZOLA").wait_for()


def test_F01_F03_from_the_menu_to_one_fiche(open_page, world, check_axe):
    agenda = reverse("planning:agenda", args=[world.organisation.uuid])
    page = open_page(agenda, account=world.owner.account)
    page.get_by_role("link", name="Usagers", exact=True).click()
    check_axe(page)
    page.get_by_label("Chercher un usager").fill("zol")
    page.get_by_role("link", name="Lea ZOLA").wait_for()
    check_axe(page)
    assert "zol" not in page.url

    page.get_by_role("link", name="Créer un usager").click()
    page.get_by_label("Nom d’usage").first.fill("Zola")
    page.get_by_label("Prénom").first.fill("Léa")
    page.get_by_label("Téléphone").first.fill("06 39 98 12 34")
    page.get_by_label("Adresse e-mail").first.fill("lea.@exemple.fr")
    # Likely duplicates are asked for at each field that is left: the last answer is waited for.
    with page.expect_response(lambda answer: "exemple.fr" in (answer.request.post_data or "")):
        page.keyboard.press("Tab")
    page.get_by_text("Cette personne a peut-être déjà une fiche").wait_for()
    check_axe(page)
    page.get_by_role("button", name="Créer l’usager").last.click()
    page.get_by_role("button", name="Créer quand même une nouvelle fiche").click()
    page.get_by_role("heading", name="Léa ZOLA").wait_for()
    assert page.get_by_text("Ce téléphone est aussi celui d’une autre fiche").is_visible()
    check_axe(page)
    page.get_by_role("link", name="Modifier", exact=True).click()
    check_axe(page)
    page.go_back()
    merge_with_twin(page, check_axe)
    kept = Usager.objects.get(email="lea@exemple.fr")
    assert kept.first_name == "Lea"
    page.goto(reverse("usagers:usager_detail", args=[world.organisation.uuid, world.twin.uuid]))
    assert page.url.endswith(f"{kept.uuid}/")
    page.get_by_role("link", name="Supprimer").click()
    check_axe(page)
