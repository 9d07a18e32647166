"""G15 in a real Chromium: an admin cuts the territoire, an usager is led by their address; axe."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from agents.models import Sector
from tests.address_service import ARRAS, LENS, LILLE, running
from tests.e2e.test_booking import PHONE, narrow, place  # noqa: F401 - a fixture
from tests.factories import AgentFactory, SectorFactory

pytestmark = pytest.mark.django_db(transaction=True)
ZONES = "sector_id;city_name;city_code\narras;Arras;62041\narras;Achicourt;62004\n"


@pytest.fixture
def service(settings):
    with running(settings) as played:
        cache.clear()
        yield played


@pytest.fixture
def premier_accueil(place):  # noqa: F811
    motif = place.motifs.get(name="Premier accueil")
    motif.sectorisation_level, motif.restriction = "organisation", ""
    motif.save()
    return motif


class Admin:
    """Cuts the territoire in one sector, page after page."""

    def __init__(self, page, look, organisation):
        self.page, self.look, self.organisation = page, look, organisation
        self.list_url = reverse("agents:sector_list", args=[organisation.territoire.uuid])

    def create(self):
        page = self.page
        page.get_by_role("link", name="Créer un secteur").click()
        page.get_by_role("button", name="Créer le secteur").click()
        expect(page.locator("#error-summary")).to_be_focused()
        self.look()
        page.locator("#id_name").fill("Arras")
        page.locator("#id_human_id").fill("arras")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Personne ne reçoit ce secteur")).to_be_visible()

    def fill(self):
        page = self.page
        page.get_by_label("Commune", exact=True).fill("Arras")
        page.locator("#id_city_code").fill("62041")
        page.keyboard.press("Enter")
        expect(page.get_by_text("« Arras » est ajoutée.")).to_be_visible()
        page.locator("#id_receiver").select_option(str(self.organisation.uuid))
        page.get_by_role("button", name="Attribuer le secteur").click()
        expect(page.get_by_text("(toute l’organisation)")).to_be_visible()
        self.look()

    def send_files(self):
        page = self.page
        page.goto(self.list_url)
        page.get_by_role("link", name="Ajouter des zones depuis un fichier").click()
        self._send(ZONES + "nord;Lens;62498\n")
        expect(page.get_by_role("alert")).to_contain_text("Rien n’est enregistré")
        self.look()
        self._send(ZONES)
        expect(page.get_by_role("status")).to_contain_text("1 zone à enregistrer")
        self.look()
        page.get_by_role("button", name="Enregistrer ces zones").click()
        expect(page.get_by_text("1 zone enregistrée.")).to_be_visible()

    def _send(self, text):
        self.page.locator("#id_file").set_input_files(
            {"name": "zones.csv", "mimeType": "text/csv", "buffer": text.encode()}
        )
        self.page.get_by_role("button", name="Vérifier le fichier").click()

    def try_an_address(self):
        page = self.page
        page.locator("main").get_by_role("link", name="Essayer une adresse").last.click()
        page.locator("#id_address").fill("12 rue de la Paix")
        page.keyboard.press("Enter")
        told = f"Premier accueil, sur place – {self.organisation.name}"
        expect(page.get_by_text(told)).to_be_visible()
        self.look()

    def delete(self):
        page = self.page
        page.goto(self.list_url)
        page.get_by_role("link", name="Supprimer Arras").click()
        self.look()
        page.get_by_role("button", name="Supprimer le secteur").click()
        expect(page.get_by_text("Le secteur « Arras » est supprimé.")).to_be_visible()


def test_G15_an_admin_cuts_the_territoire(open_page, check_axe, premier_accueil, service):
    service.finds(ARRAS)
    territoire = premier_accueil.organisation.territoire
    page = open_page(None, account=AgentFactory(territoire_admin=territoire).account)
    admin = Admin(page, lambda: check_axe(page), premier_accueil.organisation)
    page.goto(admin.list_url)
    admin.look()
    admin.create()
    admin.fill()
    admin.send_files()
    admin.look()
    admin.try_an_address()
    admin.delete()
    assert not Sector.objects.exists()


class Somebody:
    """Types an address with the keyboard alone, on a phone."""

    def __init__(self, page, check_axe):
        self.page, self.check_axe, self.is_narrow = page, check_axe, narrow(page)

    def look(self):
        self.is_narrow()
        self.check_axe(self.page)
        self.page.set_viewport_size({"width": PHONE, "height": 900})

    def types(self, address):
        self.page.get_by_label("Votre adresse").focus()
        self.page.keyboard.type(address)
        self.page.keyboard.press("Enter")


def test_G15_an_usager_is_led_by_their_address(open_page, check_axe, premier_accueil, service):
    organisation = premier_accueil.organisation
    known = {"territoire": organisation.territoire}
    SectorFactory(name="Arras", cities={"62041": "Arras"}, organisations=[organisation], **known)
    SectorFactory(name="Lens", cities={"62498": "Lens"}, **known)
    page = open_page("/", width=PHONE)
    usager = Somebody(page, check_axe)
    page.get_by_role("link", name="Pas-de-Calais").click()
    page.get_by_role("link", name="Service social").click()
    page.get_by_role("link", name="Premier accueil").click()
    usager.look()
    asked = page.url
    service.finds(LENS, ARRAS)
    usager.types("12 rue de la Paix")
    expect(page.get_by_text("Laquelle est la vôtre ?")).to_be_visible()
    usager.look()
    page.get_by_label("12 Rue de la Paix 62300 Lens").focus()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("12 Rue de la Paix 62000 Arras")).to_be_checked()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Antenne Centre").click()
    expect(page.locator(".rdv-slots a").first).to_be_visible()
    assert "Paix" not in page.url
    page.goto(asked)
    service.finds(LILLE)
    usager.types("Lille")
    expect(page.get_by_role("heading", level=1)).to_contain_text("n’est pas proposé en ligne")
    usager.look()
    page.get_by_role("link", name="Écrire une autre adresse").click()
    service.says(500, {})
    usager.types("14 rue de la Paix")
    expect(page.get_by_role("status")).to_contain_text("La recherche d’adresse ne répond pas.")
    usager.look()
    page.get_by_label("Votre commune").focus()
    page.keyboard.type("Arras")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Antenne Centre")).to_be_visible()
