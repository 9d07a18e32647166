"""E04 in a browser: from criteria to créneau, by keyboard at 1280 px, by thumb at 375 px."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import expect

from planning.models import RdvDraft
from planning.rules.rdv_draft import content_of
from tests.e2e.accessibility import sideways
from tests.e2e.test_settings_pages import sign_in, tab_to
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    service,
)
from tests.factories.planning import NOW


@pytest.fixture(autouse=True)
def _a_week_before(cast):
    """The clock of the server alone: what the browser shows comes from it."""
    cast.indisponibilite.delete()
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def world(cast):
    """Two services, two lieux, five agents free at the same time, a workshop, a motif of nobody."""
    place = {"lieu": cast.lieu, "motifs": [cast.motif]}
    PlageOuvertureFactory(agent=cast.same_service, **place)
    for _ in range(3):
        agent = AgentFactory(organisations=[cast.organisation], services=[cast.social])
        PlageOuvertureFactory(agent=agent, **place)
    elsewhere = LieuFactory(organisation=cast.organisation)
    PlageOuvertureFactory(agent=cast.owner, lieu=elsewhere, motifs=[cast.motif], start_time="14:00",
                          end_time="15:00")  # fmt: skip
    pmi = service("pmi")
    MotifFactory(organisation=cast.organisation, service=pmi, name="Pesée")
    collective = MotifFactory(
        organisation=cast.organisation, service=pmi, name="Atelier", is_collective=True
    )
    RdvFactory(motif=collective, lieu=cast.lieu, agents=[cast.other_service], seats_total=8)
    return cast


def options(page):
    return page.locator("#criteria-motif optgroup option").all_inner_texts()


def test_E04_by_keyboard_from_the_criteria_to_the_creneau(open_page, world, check_axe):
    page = sign_in(open_page, world.secretary)
    page.goto(reverse("planning:slot_search", args=[world.organisation.uuid]))
    check_axe(page)
    # The motifs follow the service without a reload, and come back with it.
    assert len(options(page)) == 3
    tab_to(page, "#criteria-service")
    page.keyboard.type(service("pmi").name)
    assert options(page) == ["Atelier (RDV collectif)", "Pesée (Sur place)"]
    page.locator("#criteria-service").select_option("social")
    assert options(page) == [f"{world.motif.name} (Sur place)"]
    expect(page.locator("#criteria-motif")).to_have_value(str(world.motif.uuid))
    tab_to(page, "#criteria-date")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Prochaines disponibilités")).to_be_visible()
    check_axe(page)
    tab_to(page, f".rdv-find__lieux a[href*='{world.lieu.uuid}']")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Du lundi 11 au dimanche 17 janvier 2027")).to_be_visible()
    check_axe(page)
    tab_to(page, ".rdv-slot__others > summary")
    page.keyboard.press("Enter")
    other = page.locator(".rdv-slot__others[open] .rdv-slot").first
    expect(other).to_be_visible()
    check_axe(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/rdv/brouillons/**")
    content = content_of(RdvDraft.objects.get().content)
    assert content.starts_at.isoformat() == "2027-01-11T08:00:00+00:00"
    assert content.agents != (world.owner.pk,)
    assert (content.motif, content.lieu) == (world.motif.pk, world.lieu.pk)


def test_E04_by_thumb_on_a_phone_and_what_is_empty(open_page, world, check_axe):
    page = sign_in(open_page, world.secretary, width=375)
    page.goto(reverse("planning:slot_search", args=[world.organisation.uuid]))
    page.get_by_label("Motif").select_option(label="Pesée (Sur place)")
    page.get_by_role("button", name="Afficher les créneaux").click()
    expect(page.get_by_text("Aucun créneau dans les six mois")).to_be_visible()
    check_axe(page)
    page.get_by_label("Motif").select_option(label="Atelier (RDV collectif)")
    page.get_by_role("button", name="Afficher les créneaux").click()
    expect(page.get_by_text("8 places libres")).to_be_visible()
    check_axe(page)
    page.get_by_label("Motif").select_option(label=f"{world.motif.name} (Sur place)")
    page.get_by_text("Agents, équipes et lieux : tous").click()
    page.get_by_text(world.same_service.full_name).click()
    page.get_by_role("button", name="Afficher les créneaux").click()
    expect(page.get_by_text("Aucun créneau cette semaine")).to_be_visible()
    check_axe(page)
    page.get_by_role("link", name="lundi 11 janvier 2027 à 9 h").click()
    expect(page.get_by_role("heading", name="Lundi 11 janvier")).to_be_visible()
    check_axe(page)
    assert not sideways(page)
    slot = page.get_by_role("button", name="10 h 30")
    assert slot.bounding_box()["height"] >= 44
    slot.click()
    page.wait_for_url("**/rdv/brouillons/**")
    assert content_of(RdvDraft.objects.get().content).agents == (world.same_service.pk,)
    # The page comes back to what one looked for.
    page.goto(reverse("planning:slot_search", args=[world.organisation.uuid]))
    expect(page.get_by_role("heading", name="Lundi 11 janvier")).to_be_visible()
    page.get_by_role("link", name="Effacer les critères").click()
    expect(page.get_by_text("Choisissez un motif pour voir")).to_be_visible()


def test_E04_without_javascript_the_motifs_follow_a_submit(open_page, world):
    page = sign_in(open_page, world.secretary, javascript=False)
    page.goto(reverse("planning:slot_search", args=[world.organisation.uuid]))
    page.locator("#criteria-service").select_option("pmi")
    page.get_by_role("button", name="Afficher les créneaux").click()
    expect(page.get_by_text("Choisissez un motif pour voir")).to_be_visible()
    assert options(page) == ["Atelier (RDV collectif)", "Pesée (Sur place)"]
    page.locator("#criteria-service").select_option("social")
    page.get_by_role("button", name="Afficher les créneaux").click()
    expect(page.get_by_text("Prochaines disponibilités")).to_be_visible()
    assert options(page) == [f"{world.motif.name} (Sur place)"]
