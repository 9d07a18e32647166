"""Whose pages are compressed, and which static files (docs/benchmarks.md, « first page »)."""

from __future__ import annotations

import pytest
from django.http import HttpResponse, StreamingHttpResponse

from rdv.middleware import CompressionMiddleware
from rdv.static_files import is_asked

PAGE = "<p>Bonjour</p>" * 100


@pytest.mark.parametrize(
    ("cookies", "response", "encoding"),
    [
        ({}, HttpResponse(PAGE), "gzip"),
        ({"csrftoken": "a"}, HttpResponse(PAGE), "gzip"),
        ({"sessionid": "a"}, HttpResponse(PAGE), None),  # names beside words of others (BREACH)
        ({}, HttpResponse(PAGE, content_type="text/calendar"), None),
        ({}, StreamingHttpResponse([PAGE]), None),
    ],
)
def test_only_the_pages_of_who_has_no_session_are_compressed(rf, cookies, response, encoding):
    request = rf.get("/", headers={"Accept-Encoding": "gzip, br"})
    request.COOKIES.update(cookies)
    answer = CompressionMiddleware(lambda _: response)(request)
    assert answer.headers.get("Content-Encoding") == encoding
    assert encoding is None or "Accept-Encoding" in answer.headers["Vary"]


def test_only_what_is_linked_is_compressed():
    names = [
        "css/app.1.css",
        "dsfr/dist/dsfr/dsfr.main.min.1.css",
        "dsfr/dist/dsfr/dsfr.min.1.css",
        "dsfr/dist/component/alert/alert.min.1.css",
        "event-calendar/event-calendar.min.js.1.map",
    ]
    plain = ["css/app.css", "js/integration-v1.js"]
    asked = [name for name in names + plain if is_asked(name, set(names))]
    assert asked == [*names[:2], "js/integration-v1.js"]
