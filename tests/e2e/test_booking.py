"""The public journey in a real Chromium: desktop, phone, without JavaScript, axe on each step."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from planning.models import Rdv
from tests.e2e.accessibility import sideways
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    TerritoireFactory,
    service,
)
from tests.integration.usagers.journey import link_of, secret_of_confirmation
from usagers.models import BookingDraft

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = 375


@pytest.fixture
def place():
    """Two services; two lieux open every day of the next weeks, from 9:00 to 12:00."""
    organisation = OrganisationFactory(
        name="Maison des solidarités d’Arras", territoire=TerritoireFactory(name="Pas-de-Calais")
    )
    motif = MotifFactory(
        organisation=organisation,
        name="Premier accueil",
        restriction="Ce rendez-vous est réservé aux habitants d’Arras.",
        instructions="Apportez votre pièce d’identité.",
    )
    other = MotifFactory(organisation=organisation, name="Pesée", service=service("pmi"))
    tomorrow = timezone.localdate() + timedelta(days=1)
    for name in ("Antenne Centre", "Antenne Ouest"):
        PlageOuvertureFactory(
            lieu=LieuFactory(organisation=organisation, name=name),
            agent=AgentFactory(organisations=[organisation]),
            motifs=[motif, other],
            first_day=tomorrow,
            frequency="weekly",
            weekdays=[0, 1, 2, 3, 4, 5, 6],
            opens_on_holidays=True,
        )
    return organisation


class Visitor:
    """Goes through the journey; `look` is called on each page."""

    def __init__(self, page, look):
        self.page = page
        self.look = look

    def to_slots(self):
        page = self.page
        self.look()
        page.get_by_role("link", name="Pas-de-Calais").click()
        self.look()
        page.get_by_role("link", name="Service social").click()
        self.look()
        page.get_by_role("link", name="Premier accueil").click()
        self.look()
        page.get_by_role("link", name="Antenne Centre").click()
        page.get_by_role("button", name="Voir les créneaux").click()
        assert "Cochez la case" in page.inner_text("main")
        self.look()
        page.get_by_label("J’ai lu ces informations").check(force=True)
        page.get_by_role("button", name="Voir les créneaux").click()
        self.look()

    def to_mail(self):
        page = self.page
        self.to_slots()
        page.get_by_role("link", name="Semaine suivante").first.click()
        page.locator(".rdv-slots a").first.click()
        page.get_by_role("button", name="Recevoir l’e-mail").click()
        assert "Écrivez votre nom." in page.inner_text("main")
        self.look()
        page.get_by_label("Nom", exact=True).fill("Martin")
        page.get_by_label("Prénom", exact=True).fill("Léa")
        page.get_by_label("Adresse e-mail").fill("lea@exemple.fr")
        page.get_by_label("Téléphone").fill("06 39 98 12 34")
        page.get_by_role("button", name="Recevoir l’e-mail").click()
        assert "lea@exemple.fr" in page.inner_text("main")
        self.look()


def book(visitor, reader):
    """Read the mail in another browser, and confirm."""
    reader.page.goto(link_of())
    reader.look()
    assert not Rdv.objects.exists()
    reader.page.get_by_role("button", name="Confirmer le rendez-vous de 9 h").click()
    assert "Votre rendez-vous est confirmé" in reader.page.inner_text("h1")
    reader.look()
    assert Rdv.objects.get().participations.get().usager.full_name == "Léa MARTIN"


def narrow(page):
    def look():
        assert not sideways(page), page.url
        targets = page.locator("main .fr-btn:visible, main .rdv-choice:visible").all()
        small = [t.inner_text() for t in targets if (t.bounding_box() or {})["height"] < 40]
        assert not small, f"{page.url}: {small}"

    return look


@pytest.mark.parametrize("width", [1280, PHONE])
def test_A02_A05_from_the_public_link_to_the_confirmed_rdv(place, open_page, check_axe, width):
    def looker(page):
        # axe chooses its own widths; the phone is looked at for its width and its targets.
        return narrow(page) if width == PHONE else lambda: check_axe(page)

    mine, other = open_page("/", width=width), open_page("/", width=width)
    visitor, reader = Visitor(mine, looker(mine)), Visitor(other, looker(other))
    visitor.to_mail()
    book(visitor, reader)
    page = reader.page
    page.get_by_role("link", name="Voir mes rendez-vous").click()
    reader.look()
    page.locator(".rdv-choice").first.click()
    reader.look()
    page.get_by_role("link", name="Annuler ce rendez-vous").click()
    reader.look()
    page.get_by_role("button", name="Annuler le rendez-vous de 9 h").click()
    reader.look()
    assert Rdv.objects.get().is_cancelled


def test_A02_the_whole_journey_without_javascript(place, open_page):
    def nothing():
        pass

    visitor = Visitor(open_page("/", width=PHONE, javascript=False), nothing)
    visitor.to_mail()
    book(visitor, Visitor(open_page("/", javascript=False), nothing))


def test_A07_E07_a_child_s_rdv_then_a_workshop_on_a_phone(place, open_page, check_axe):
    motif = MotifFactory(organisation=place, name="Atelier budget", is_collective=True)
    RdvFactory(
        motif=motif,
        lieu=place.lieux.first(),
        starts_at=timezone.now() + timedelta(days=5),
        seats_total=3,
    )
    page = open_page("/", width=PHONE)
    Visitor(page, lambda: None).to_slots()
    page.locator(".rdv-slots a").first.click()
    page.locator("#id_other_0_last_name").wait_for(state="hidden")
    page.get_by_text("Pour une autre personne").click()
    narrow(page)()
    check_axe(page)
    for field, typed in (
        ("last_name", "Martin"),
        ("first_name", "Léa"),
        ("email", "lea@exemple.fr"),
        ("other_0_last_name", "Martin"),
        ("other_0_first_name", "Zoé"),
    ):
        page.locator(f"#id_{field}").fill(typed)
    page.get_by_role("button", name="Recevoir l’e-mail").click()
    assert "gardé pour vous jusqu’à" in page.inner_text("main")
    page.goto(link_of())
    page.get_by_role("button", name="Confirmer le rendez-vous").click()
    assert "Zoé MARTIN" in page.inner_text("main")
    page.goto(f"/rendez-vous/{place.slug}/dates/?motif=atelier-budget-collectif")
    narrow(page)()
    check_axe(page)
    page.locator("a.rdv-choice").click()
    page.get_by_text("Zoé MARTIN", exact=True).click()
    narrow(page)()
    check_axe(page)
    page.get_by_role("button", name="Confirmer l’inscription").click()
    assert "Votre rendez-vous est confirmé" in page.inner_text("h1")
    page.get_by_role("button", name="English").click()
    assert page.locator("html").get_attribute("lang") == "en"


def test_A06_the_lost_creneau_is_replaced_in_one_click(place, open_page, check_axe):
    page = open_page("/", width=PHONE)
    Visitor(page, lambda: None).to_mail()
    draft_link = link_of()
    taken = page.locator(".rdv-recap strong").inner_text()
    draft = BookingDraft.objects.get()
    RdvFactory(
        motif=draft.motif,
        lieu=draft.lieu,
        agents=[draft.lieu.plages.get().agent],
        starts_at=draft.starts_at,
    )
    page.goto(draft_link)
    assert "Ce créneau n’est plus libre" in page.inner_text("h1")
    assert taken[1:] in page.inner_text("[role=alert]")
    check_axe(page)
    assert page.locator(".rdv-others form").count() == 6
    page.locator(".rdv-others button").first.click()
    assert "Votre rendez-vous est confirmé" in page.inner_text("h1")


def test_C03_cancelling_from_the_message_is_three_letters_and_one_button(
    place, open_page, check_axe
):
    visitor = Visitor(open_page("/"), lambda: None)
    visitor.to_mail()
    book(visitor, visitor)
    page = open_page(f"/r/{secret_of_confirmation()}/", width=PHONE)
    check_axe(page)
    letters = page.get_by_label("Les trois premières lettres")
    letters.fill("xyz")
    page.get_by_role("button", name="Voir mon rendez-vous").click()
    check_axe(page)
    letters.fill("mar")
    page.get_by_role("button", name="Voir mon rendez-vous").click()
    assert "Premier accueil" not in page.inner_text("main")
    check_axe(page)
    page.get_by_role("button", name="Annuler le rendez-vous de 9 h").click()
    assert "Votre rendez-vous est annulé." in page.inner_text("main")
    assert Rdv.objects.get().is_cancelled


def test_A02_the_journey_with_the_keyboard_alone(place, open_page):
    page = open_page(f"/rendez-vous/{place.slug}/")
    for name in ("Service social", "Premier accueil", "Antenne Centre"):
        tab_to(page, name)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert page.locator("h1").inner_text().startswith("Choix du créneau")


def tab_to(page, name):
    """Press Tab until the focus is on a control that says `name`."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if name in (page.evaluate("document.activeElement.innerText") or ""):
            return
    raise AssertionError(f"{name!r} cannot be reached with Tab on {page.url}")


def test_A09_pages_that_refuse_are_accessible(place, open_page, check_axe):
    root = f"/rendez-vous/{place.slug}"
    page = open_page("/?q=nulle+part")
    check_axe(page)
    for address in (
        f"{root}/lieu/?service=social&motif=inconnu",
        "/rendez-vous/verification/",
        "/connexion/",
        "/r/AAAAbbbb1234/",
    ):
        page.goto(address)
        check_axe(page)
    MotifFactory._meta.model.objects.update(booking_level="agents")
    page.goto(f"{root}/")
    assert "Aucun créneau en ligne" in page.inner_text("h1")
    check_axe(page)
