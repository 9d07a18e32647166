"""A10: a town's own page, of another site, shows the journey in a frame."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from motifs.queries.embedding import HEIGHT, embedding_of
from tests.e2e import accessibility
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
)

pytestmark = pytest.mark.django_db(transaction=True)
TOWN = """<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>Ville</title></head>
<body style="margin:0"><h1>Ma ville</h1><p style="height:300px">Bienvenue</p>{}</body></html>"""


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def organisation():
    """Two lieux open every day of the next weeks; the town's page is not allowed yet."""
    organisation = OrganisationFactory(name="Mairie d’Arras")
    motif = MotifFactory(organisation=organisation, name="Passeport")
    for name in ("Antenne Centre", "Antenne Ouest"):
        PlageOuvertureFactory(
            lieu=LieuFactory(organisation=organisation, name=name),
            motifs=[motif],
            first_day=timezone.localdate() + timedelta(days=1),
            frequency="weekly",
            weekdays=[0, 1, 2, 3, 4, 5, 6],
            opens_on_holidays=True,
        )
    return organisation


@pytest.fixture
def town(organisation, live_server, settings, tmp_path):
    """The address of a page that holds the snippet: 127.0.0.1 is another site than localhost."""
    settings.SITE_URL = live_server.url
    assert "//localhost:" in live_server.url
    snippet = embedding_of(organisation).snippet
    (tmp_path / "index.html").write_text(TOWN.format(snippet), encoding="utf-8")
    (tmp_path / "favicon.ico").write_bytes(b"")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def allow(organisation, *hosts):
    organisation.territoire.embedding_domains = list(hosts)
    organisation.territoire.save()


def axe_in(frame):
    """Return what axe says inside the frame; the page around is the town's."""
    frame.evaluate(accessibility.axe_source())
    return frame.evaluate(accessibility.RUN_AXE)


def height_of(page):
    return page.locator("iframe").bounding_box()["height"]


def follows(page, frame):
    """Wait until the frame is as high as what it shows, and scrolls in no direction."""
    expect(frame.locator("#frame")).to_be_visible()
    wanted = frame.locator("#frame").evaluate("(e) => Math.ceil(e.getBoundingClientRect().height)")
    expect(page.locator("iframe")).to_have_css("height", f"{wanted}px")
    assert frame.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def look_at_slots(page, frame):
    """axe at both widths; the height follows what unfolds and the width of a phone."""
    assert axe_in(frame) == []
    assert frame.locator("html").get_attribute("lang") == "fr"
    before = height_of(page)
    frame.get_by_text("Aucun créneau ne vous convient ?").click()
    page.wait_for_function(
        f"() => document.querySelector('iframe').getBoundingClientRect().height > {before}"
    )
    page.set_viewport_size({"width": 375, "height": 800})
    follows(page, frame)
    assert axe_in(frame) == []


def book_in(tab):
    tab.get_by_label("Nom", exact=True).fill("Martin")
    tab.get_by_label("Prénom", exact=True).fill("Léa")
    tab.get_by_label("Adresse e-mail").fill("lea@exemple.fr")
    tab.get_by_role("button", name="Recevoir l’e-mail").click()
    expect(tab.locator("h1")).to_contain_text("Encore un clic")


def test_A10_from_a_towns_page_to_the_tab(organisation, town, open_page):
    allow(organisation, "www.ailleurs.fr", town)
    page = open_page(f"http://{town}/")
    frame = page.frames[1]
    frame.get_by_role("link", name="Passeport").click()
    frame.get_by_role("link", name="Antenne Centre").click()
    frame.locator(".rdv-slots").first.wait_for()
    follows(page, frame)
    look_at_slots(page, frame)
    # The focus stays in the frame, and a new page is shown from its top.
    page.mouse.wheel(0, 2000)
    frame.get_by_role("link", name="Semaine suivante").last.click()
    frame.locator(".rdv-slots").first.wait_for()
    page.wait_for_function(
        "() => Math.abs(document.querySelector('iframe').getBoundingClientRect().top) < 2"
    )
    assert page.evaluate("() => document.activeElement.tagName") == "IFRAME"
    with page.context.expect_page() as opened:
        frame.locator(".rdv-slots a").first.click()
    tab = opened.value
    tab.get_by_label("Adresse e-mail").wait_for()
    assert "/vos-informations/?" in tab.url
    assert tab.evaluate("() => window.opener === null")
    book_in(tab)
    # The town's page is where it was.
    expect(frame.locator(".rdv-slots").first).to_be_visible()


def test_A10_a_site_that_is_not_in_the_list_shows_nothing(organisation, town, browser):
    allow(organisation, "www.ailleurs.fr")
    page = browser.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"http://{town}/")
    expect(page.get_by_role("heading", name="Ma ville")).to_be_visible()
    assert page.frames[1].url.startswith("chrome-error://")
    assert any("frame-ancestors" in text for text in said)
    # Nobody answered the script: the height stays that of the snippet.
    assert height_of(page) == HEIGHT
    page.close()
