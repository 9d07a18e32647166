"""Production settings, in a browser: what collectstatic rewrites is accepted, and light.

Hashed names once made the browser refuse both style sheets (their integrity was that of the
original files): fine in development, naked pages in production.

Weights are ux.md's measure, « first page on a slow phone: HTML first; under 80 kB compressed beside
the cacheable DSFR files, 230 kB cold in all; no blocking script ».
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.e2e.conftest import Listener
from tests.guards.project import ROOT

pytestmark = pytest.mark.processes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120  # other tests may hold both processors meanwhile
    while time.monotonic() < deadline:
        assert process.poll() is None, "gunicorn stopped"
        try:
            urllib.request.urlopen(url, timeout=20).close()
        except urllib.error.HTTPError as error:
            pytest.fail(f"gunicorn answers {error.code}")
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("gunicorn does not answer")


def own_database_url() -> str:
    """The database of this test process: the one of DATABASE_URL may have no table yet."""
    address = urllib.parse.urlsplit(os.environ["DATABASE_URL"])
    return address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()


@pytest.fixture
def production(transactional_db):
    """The site under gunicorn with production settings, without TLS."""
    port = free_port()
    url = f"http://localhost:{port}"
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "rdv.settings.prod",
        "DATABASE_URL": own_database_url(),
        "SECRET_KEY": "a-key-for-this-test-only-" * 3,
        "ALLOWED_HOSTS": "localhost",
        "SITE_URL": url,
        "EMAIL_URL": "smtp://localhost:1",
        "FIELD_ENCRYPTION_KEYS": "a" * 43 + "=",
        "SECURE_SSL_REDIRECT": "0",
    }
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity=0"]
    subprocess.run(collect, check=True, cwd=ROOT, env=env)
    web = [sys.executable, "-m", "gunicorn", "rdv.wsgi", f"--bind=127.0.0.1:{port}"]
    process = subprocess.Popen([*web, "--no-control-socket"], cwd=ROOT, env=env)
    try:
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(20)


@dataclass
class Wire:
    """What a page makes the browser fetch, by address."""

    answers: dict[str, Any] = field(default_factory=dict)
    sizes: dict[str, float] = field(default_factory=dict)  # bytes on the wire, headers too
    names: dict[str, str] = field(default_factory=dict)

    def listen(self, page: Any) -> None:
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self.on_answer)
        session.on("Network.loadingFinished", self.on_end)
        session.send("Network.enable")

    def on_answer(self, event: Any) -> None:
        answer = event["response"]
        self.names[event["requestId"]] = answer["url"]
        headers = {name.lower(): value for name, value in answer["headers"].items()}
        self.answers.setdefault(answer["url"], {**headers, "type": event["type"]})

    def on_end(self, event: Any) -> None:
        url = self.names.get(event["requestId"], "")
        self.sizes[url] = self.sizes.get(url, 0) + event["encodedDataLength"]

    def weight(self, *, but: str = "//no") -> float:
        return sum(size for url, size in self.sizes.items() if but not in url)

    def headers(self, name: str, *types: str) -> set[str]:
        return {
            answer.get(name, "")
            for url, answer in self.answers.items()
            if "/static/" in url and (not types or answer["type"] in types)
        }


BLOCKING = """[...document.querySelectorAll("script[src]")]
    .filter((s) => s.type !== "module" && !s.defer && !s.async && !s.noModule).map((s) => s.src)"""


def check_first_page(page, address):
    """Nothing is in the browser's cache yet: ux.md's measure."""
    wire = Wire()
    wire.listen(page)
    page.goto(address, wait_until="networkidle")
    assert page.locator("h1").count() == 1
    assert wire.weight() < 230_000, wire.sizes
    assert wire.weight(but="/static/dsfr/") < 80_000, wire.sizes
    assert wire.answers[page.url]["content-encoding"] == "gzip"  # the HTML
    assert wire.headers("content-encoding", "Stylesheet", "Script") == {"br"}
    assert wire.headers("cache-control") == {"max-age=315360000, public, immutable"}
    assert len(wire.answers) > 10
    assert page.evaluate(BLOCKING) == []


def check_second_page(page, address):
    """What the first page brought is not asked for again."""
    brought = page.evaluate("performance.getEntriesByType('resource').map((r) => r.name)")
    wire = Wire()
    wire.listen(page)
    page.goto(address, wait_until="networkidle")
    assert wire.weight() > 0
    again = [url for url, size in wire.sizes.items() if url in brought and size > 0]
    assert again == []


def check_modal(page, pictures):
    """The pictures of « Paramètres d’affichage » come when it opens."""
    assert pictures() == 0
    page.get_by_role("button", name="Paramètres d’affichage").click()
    page.locator("#fr-theme-modal svg").nth(2).wait_for()
    assert pictures() == 3


def test_I02_production_s_pages_are_dressed_and_light(browser, production, cast):
    listener, slug = Listener(), cast.organisation.slug
    page = browser.new_page(viewport={"width": 375, "height": 800}, locale="fr-FR")
    listener.listen(page)
    check_first_page(page, production + reverse("usagers:booking_organisation", args=[slug]))
    sheets = page.evaluate("[...document.styleSheets].map((s) => [s.href, s.cssRules.length])")
    assert any("dsfr.main.min." in href and rules > 100 for href, rules in sheets)  # hashed
    assert "Marianne" in page.evaluate("getComputedStyle(document.body).fontFamily")
    check_second_page(page, production)
    check_modal(page, page.locator("#fr-theme-modal svg").count)
    page.close()
    assert listener.complaints == []
