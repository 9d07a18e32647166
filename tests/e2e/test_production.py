"""Production settings, in a browser: what collectstatic rewrites is still accepted.

Hashed names once made the browser refuse both style sheets (their integrity was that of the
original files): fine in development, naked pages in production.
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

import pytest
from django.db import connection

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


def test_I02_style_sheets_of_production_are_accepted(browser, production):
    listener = Listener()
    page = browser.new_page()
    listener.listen(page)
    page.goto(production)
    sheets = page.evaluate("[...document.styleSheets].map((s) => [s.href, s.cssRules.length])")
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    page.close()
    assert listener.complaints == []
    assert any("dsfr.min." in href and rules > 100 for href, rules in sheets)  # a hashed name
    assert "Marianne" in font
