"""D03, C03: what opens something by itself is in no log of gunicorn."""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from io import StringIO
from types import SimpleNamespace

import pytest
from django.urls import URLPattern, get_resolver
from gunicorn.config import Config

from rdv.access_log import MaskedLogger
from rdv.settings.logging import mask_address, scrub
from tests.guards.project import ROOT

SECRET = "abcdefghijkl-mnopqrstuv"  # without a capital: only its route gives it away
OPENS = {"secret", "key", "signature"}


def routes(patterns=None, before=""):
    """Yield each address of the site whose parameters are named for a secret."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if not isinstance(pattern, URLPattern):
            yield from routes(pattern.url_patterns, route)
        elif OPENS & set(pattern.pattern.converters) or "(?P<key>" in route:
            yield route


def address(route):
    text = re.sub(r"\(\?P<\w+>[^)]*\)|<str:(?:secret|key|signature)>", SECRET, route)
    return "/" + re.sub(r"<\w+:\w+>", "morceau", text).replace("^", "").replace("$", "")


def test_every_address_with_a_secret_is_masked():
    found = [address(route) for route in routes()]
    assert len(found) == 8
    for text in found:
        assert SECRET not in mask_address(f"GET {text}?code={SECRET} HTTP/1.1"), text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("GET /r/Abc_9/ HTTP/1.1", "GET /r/[secret]/ HTTP/1.1"),
        ("/calendrier/0a-b_C.ics", "/calendrier/[secret]"),
        ("/autre/K7f3Zq9aB2cD4eF6gH8/x", "/autre/[secret]/x"),
        ("https://x.fr/agents/connexion/?next=/r/Abc/", "https://x.fr/agents/connexion/?[…]"),
        ("/organisations/0b29cc2d-5a4e-4a4c-9f0e-3f1d6a3e2b11/agenda/", None),
        ("/static/dsfr/dsfr.min.5d41402abc4b.css", None),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", None),
    ],
)
def test_what_is_masked_and_what_stays(text, masked):
    assert mask_address(text) == (masked or text)


def test_the_json_logs_hold_no_webcal_address_either():
    assert scrub(f"Not Found: /calendrier/{SECRET}.ics") == "Not Found: /calendrier/[token].ics"


def test_gunicorn_writes_no_secret_whatever_the_format():
    """The logger that `gunicorn.conf.py` names, as gunicorn itself calls it."""
    settings: dict[str, str] = {}
    exec((ROOT / "gunicorn.conf.py").read_text(), settings)
    config = Config()
    config.set("logger_class", settings["logger_class"])
    config.set("accesslog", "-")
    config.set(
        "access_log_format",
        '%(r)s %(U)s %(q)s "%(f)s" %({raw_uri}e)s %({cookie}i)s %({query_string}e)s',
    )
    assert config.logger_class is MaskedLogger
    logger, lines = config.logger_class(config), StringIO()
    handler = logging.StreamHandler(lines)
    path, query = f"/r/{SECRET}/", f"q={SECRET}"
    environ = {
        "REQUEST_METHOD": "GET",
        "RAW_URI": f"{path}?{query}",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_REFERER": f"https://rdv.exemple.fr{path}",
    }
    request = SimpleNamespace(headers=[("COOKIE", f"sessionid={SECRET}")])
    response = SimpleNamespace(status="200 OK", headers=[], sent=10)
    for log in (logger.access_log, logger.error_log):
        log.addHandler(handler)
    try:
        logger.access(response, request, environ, timedelta(seconds=1))
        logger.error("Error handling request %s", path)
    finally:
        for log in (logger.access_log, logger.error_log):
            log.removeHandler(handler)
    written = lines.getvalue()
    assert written.count("/r/[secret]/") == 5
    assert SECRET not in written
