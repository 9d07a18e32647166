"""A10: the journey in a frame of a town's own page, and the tab where it goes on."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from rdv.common.rate_limits import Limit
from tests.factories import OrganisationFactory, TerritoireFactory
from tests.integration.usagers.journey import NOW
from usagers.views.booking import visitor
from usagers.views.booking.handover import VALID_FOR, read_handover

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(world):
    """The world's territoire, with a site of its own, and another territoire with another."""
    territoire = world.organisation.territoire
    territoire.embedding_domains = ["www.ville.fr", "*.agglo.fr"]
    territoire.save()
    elsewhere = TerritoireFactory(embedding_domains=["www.ailleurs.fr"])
    OrganisationFactory(territoire=elsewhere)
    return territoire


def frame_url(world, step, **params):
    return world.url(step, **params).replace("/rendez-vous/", "/integration/")


def ancestors(response):
    directives = dict(
        part.strip().partition(" ")[::2] for part in response["Content-Security-Policy"].split(";")
    )
    return directives["frame-ancestors"]


def first_tab(page):
    """Return the address that the first créneau opens."""
    return page.text.split('href="/reprendre/')[1].split('"')[0]


def test_A10_the_steps_stay_in_the_frame_and_the_creneau_opens_a_tab(client, world, town):
    start = reverse("usagers:frame_search", kwargs={"organisation_slug": world.organisation.slug})
    page = client.get(start, follow=True)
    assert [url.partition("?")[0] for url, _ in page.redirect_chain] == [f"{start}rdv/"]
    assertContains(page, f'class="rdv-choice" href="{start}lieu/?')
    assertNotContains(page, "fr-header")
    assertNotContains(page, "<form")
    assertNotContains(page, "prescripteur")
    assertContains(page, "Propulsé par")
    page = client.get(frame_url(world, "slot"))
    assert page.text.count('target="_blank" rel="noopener">') == 6 + 1  # the créneaux, the foot
    state = first_tab(page)
    tab = Client().get(reverse("usagers:booking_resume", args=[state.rstrip("/")]))
    assertRedirects(tab, world.identity_url(), fetch_redirect_response=False)
    assert "Lundi 11 janvier 2027 à 9 h" in Client().get(tab.url).text
    handover = read_handover(state.rstrip("/"))
    assert handover is not None
    assert set(handover.params) == {"service", "motif", "lieu", "creneau"}


def test_A10_whole_territoire_in_english(client, world, town):
    root = reverse("usagers:frame_search", kwargs={"territoire_slug": town.slug})
    page = client.get(root, {"langue": "en"}, follow=True)
    assert page["Content-Language"] == "en"
    assertContains(page, 'lang="en"')
    assertContains(page, "&amp;langue=en")
    french = page.text.split('hreflang="fr"')[0].rpartition('href="')[2].split('"')[0]
    assert "langue" not in french
    query = frame_url(world, "slot").partition("?")[2]
    page = client.get(f"{root}creneaux/?{query}&langue=en")
    tab = client.get(f"/reprendre/{first_tab(page)}")
    assert tab.url.startswith(f"/rendez-vous/territoire/{town.slug}/vos-informations/?")
    # The ordinary pages know it by their cookie.
    assert tab.cookies["django_language"].value == "en"


def test_A10_only_the_sites_of_its_own_list_show_it(client, world, town):
    page = client.get(frame_url(world, "slot"))
    assert ancestors(page) == "https://www.ville.fr https://*.agglo.fr"
    assert "X-Frame-Options" not in page
    assertContains(page, 'data-parents="https://www.ville.fr https://*.agglo.fr"')
    gone = client.get(frame_url(world, "slot", motif="disparu"))
    assert (gone.status_code, ancestors(gone)) == (404, "https://www.ville.fr https://*.agglo.fr")
    town.embedding_domains = []
    town.save()
    assert ancestors(client.get(frame_url(world, "slot"))) == "'none'"


def test_A10_no_other_page_is_ever_framed(client, world, town):
    tab = f"/reprendre/{first_tab(client.get(frame_url(world, 'slot')))}"
    root = reverse("usagers:booking_territoire", args=[town.slug])
    others = [world.url("slot"), world.identity_url(), root, tab, "/", "/connexion/"]
    for url in [*others, "/integration/inconnue/"]:
        page = client.get(url)
        assert (page["X-Frame-Options"], ancestors(page)) == ("DENY", "'none'"), url


def test_A10_no_cookie_is_read_or_set_and_nothing_is_sent(client, world, town, cast):
    """Nobody is known in a frame: not even who is signed in, where the browser tells."""
    client.force_login(cast.usager.account)
    client.cookies["django_language"] = "en"
    for step in ("motif", "lieu", "slot"):
        page = client.get(frame_url(world, step, suivi="1", prescripteur="1"))
        assert not page.cookies
        assert page["Content-Language"] == "fr"
        assert not page.wsgi_request.user.is_authenticated
        assert "csrfmiddlewaretoken" not in page.text
        assert client.post(frame_url(world, step)).status_code in {403, 405}


def test_A10_what_must_be_read_is_asked_in_the_frame(client, world, town):
    world.motif.restriction = "Réservé aux habitants."
    world.motif.save()
    page = client.get(frame_url(world, "slot", langue="en"))
    assertContains(page, '<form method="get"')
    assertContains(page, '<input type="hidden" name="langue" value="en">')
    page = client.get(frame_url(world, "slot", lu="1", accepte="1"))
    assert read_handover(first_tab(page).rstrip("/")).params["accepte"] == "1"


def test_A10_a_state_that_is_over_or_forged_says_so(client, world, town, time_machine):
    state = first_tab(client.get(frame_url(world, "slot")))
    time_machine.move_to(NOW + VALID_FOR + timedelta(seconds=5))
    page = client.get(f"/reprendre/{state}")
    assertContains(page, "il y a plus de 30 minutes", status_code=410)
    assertContains(page, quote(world.motif.name.lower().replace(" ", "-")), status_code=410)
    for forged in ("abc", state[:-3] + "/", "a:b:c"):
        page = client.get(f"/reprendre/{forged.strip('/')}/")
        assertContains(page, "Aucun rendez-vous n’est enregistré.", status_code=404)


def test_A12_the_limit_is_told_inside_the_frame(client, world, town, monkeypatch):
    monkeypatch.setattr(visitor, "SEARCHES_PER_IP", Limit("frame-test", times=1, seconds=60))
    client.get(frame_url(world, "slot"))
    page = client.get(frame_url(world, "slot"))
    assertContains(page, "Trop de demandes", status_code=429)
    assert ancestors(page) == "https://www.ville.fr https://*.agglo.fr"


def test_A09_the_waiting_list_opens_a_tab(client, world, town):
    world.motif.min_delay_minutes = 20 * 24 * 60
    world.motif.save()
    page = client.get(frame_url(world, "slot", langue="en"))
    tab = client.get(f"/reprendre/{first_tab(page)}")
    assertRedirects(tab, world.url("waiting"), fetch_redirect_response=False)
    assert tab.cookies["django_language"].value == "en"
