"""E07, E08, E11: the list of RDVs, the reception desk and a workshop, in Chromium."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planning.models import Participation, Rdv
from tests.e2e.accessibility import sideways
from tests.factories import MotifFactory, RdvFactory


@pytest.fixture
def world(cast):
    """Two RDVs of the owner yesterday, one today at noon; a collective motif."""
    zone = cast.territoire.zone
    noon = datetime.combine(timezone.localdate(timezone=zone), time(12), zone)
    Rdv.objects.filter(pk=cast.rdv.pk).update(starts_at=noon, ends_at=noon + timedelta(minutes=30))
    cast.yesterday = [
        RdvFactory(
            motif=cast.motif,
            lieu=cast.lieu,
            agents=[cast.owner],
            usagers=[usager],
            starts_at=noon - timedelta(days=1, hours=hours),
        )
        for usager, hours in ((cast.usager, 2), (cast.other_usager, 1))
    ]
    cast.workshop_motif = MotifFactory(
        organisation=cast.organisation, service=cast.social, is_collective=True, name="Atelier CV"
    )
    return cast


@pytest.fixture
def signed_in(open_page, world):
    def sign_in(who, name, **options):
        path = reverse(f"planning:{name}", args=[world.organisation.uuid])
        return open_page(path, account=getattr(world, who).account, **options)

    return sign_in


def assert_fits(page):
    assert not sideways(page)


def test_E08_from_the_banner_to_seen_by_mouse_then_by_keyboard(signed_in, world, check_axe):
    page = signed_in("owner", "agenda")
    page.get_by_role("link", name="Dire si la personne est venue").click()
    first, second = (page.locator(f"[data-key='{rdv.uuid}']") for rdv in world.yesterday)
    check_axe(page)
    page.evaluate("window.stayed = true")
    first.get_by_role("button", name="Honoré").click()
    first.wait_for(state="detached")
    assert page.locator("#live-notice").inner_text() == "Statut enregistré : honoré."
    second.get_by_role("button", name="Absence").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Tous vos RDV passés sont renseignés.").wait_for()
    assert page.evaluate("window.stayed")  # the page was never left
    statuses = Rdv.objects.filter(pk__in=[rdv.pk for rdv in world.yesterday])
    assert sorted(statuses.values_list("status", flat=True)) == ["noshow", "seen"]
    page.get_by_role("link", name="Voir tous les RDV").click()
    assert page.locator("[data-key]").count() == 3
    menu = page.locator("details", has_text="Statuts")
    menu.get_by_text("Statuts", exact=True).click()
    check_axe(page)
    menu.locator("input").last.focus()
    page.keyboard.press("Tab")
    assert menu.get_attribute("open") is None  # Tab has left it
    menu.get_by_text("Statuts", exact=True).click()
    page.locator("label", has_text="Absence non excusée").click()
    page.get_by_role("button", name="Filtrer").click()
    assert "statut=noshow" in page.url
    assert page.locator("[data-key]").count() == 1
    page.set_viewport_size({"width": 375, "height": 800})
    assert_fits(page)
    check_axe(page)
    page.get_by_role("link", name="Version à imprimer").click()
    page.get_by_role("link", name="Revenir à la liste").wait_for()
    check_axe(page)


def test_E11_the_desk_marks_who_has_arrived(signed_in, world, check_axe):
    page = signed_in("secretary", "reception")
    line = page.locator(f"[data-key='{world.rdv.uuid}']")
    check_axe(page)
    page.get_by_label("Chercher dans la page").fill("introuvable")
    line.wait_for(state="hidden")
    page.get_by_label("Chercher dans la page").fill(world.usager.last_name.lower())
    line.get_by_role("button", name="Arrivé").click()
    page.get_by_text("En salle d’attente (1)").wait_for()
    # The focus stays on the line: its button has become the one that undoes.
    assert "Effacer l’arrivée" in page.evaluate("document.activeElement.textContent")
    assert Participation.objects.get(rdv=world.rdv).arrived_at
    check_axe(page)
    assert world.usager.last_name.lower() not in page.url.lower()
    line.get_by_role("button", name="Honoré").click()
    page.get_by_text("Personne n’attend.").wait_for()
    for width in (1366, 375):
        page.set_viewport_size({"width": width, "height": 768})
        assert_fits(page)
    check_axe(page)


def test_E07_a_workshop_from_its_creation_to_its_last_seat(signed_in, world, check_axe):
    page = signed_in("owner", "rdv_collectif_list")
    check_axe(page)
    page.get_by_role("link", name="Créer un RDV collectif").click()
    page.get_by_label("Motif").select_option(label="Atelier CV")
    page.get_by_label("Jour").fill((timezone.localdate() + timedelta(days=20)).isoformat())
    page.get_by_label("Nombre de places").fill("1")
    page.get_by_label("Lieu", exact=False).first.select_option(label=world.lieu.name)
    check_axe(page)
    page.get_by_role("button", name="Créer ce RDV collectif").click()
    if page.get_by_text("À vérifier avant de continuer").is_visible():  # a public holiday
        page.get_by_role("button", name="Créer quand même").click()
    page.get_by_text("1 place restante sur 1").wait_for()
    for usager in (world.usager, world.other_usager):
        page.get_by_label("Usager").fill(usager.last_name)
        page.get_by_role("button", name="Chercher").click()
        check_axe(page)
        page.get_by_role("button", name=f"Inscrire {usager.full_name}").click()
        if usager == world.usager:
            page.get_by_text("Complet").wait_for()
    page.get_by_text("Il ne reste plus de place.").wait_for()
    check_axe(page)
    page.get_by_role("button", name="en surnombre").press("Enter")
    page.get_by_text("2 inscrits pour 1 place").wait_for()
    page.set_viewport_size({"width": 375, "height": 800})
    assert_fits(page)
    check_axe(page)
