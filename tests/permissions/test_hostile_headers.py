"""Issue 5: what a browser never sends beside the address: headers, cookies, kinds of bodies."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests.clients import QuickClient
from tests.factories.planning import NOW
from tests.permissions.hostile import MARKUP
from tests.permissions.hostile_trial import OK, Pages, Trial
from tests.permissions.test_urls import MATRIX

pytestmark = pytest.mark.django_db
LONG = "a" * 60_000
NUL = '"\\000aaaaaaaaaaaa"'
HEADERS: dict[str, dict[str, str]] = {
    "cookies with a nul": {
        "HTTP_COOKIE": f"sessionid={NUL}; csrftoken={NUL}; django_language={NUL}; messages={NUL}"
    },
    "odd cookies": {
        "HTTP_COOKIE": "sessionid=ÃÃÃÃÃÃÃÃÃ; sessionid=a; csrftoken=; django_language=../x; =;; =x"
    },
    "long cookies": {"HTTP_COOKIE": f"sessionid={LONG}; csrftoken={LONG}; django_language={LONG}"},
    "forged messages": {"HTTP_COOKIE": "messages=W1siX19qc29uX21lc3NhZ2UiLDAsMjAsIngiXV0:1:x"},
    "languages": {"HTTP_ACCEPT_LANGUAGE": f"fr;q=1e400,en;q=nan,*;q=-1,xx-{'a-' * 3_000}\xff"},
    "htmx": {
        "HTTP_HX_REQUEST": "true",
        "HTTP_HX_CURRENT_URL": "http://[",
        "HTTP_HX_TARGET": MARKUP,
        "HTTP_HX_TRIGGER": "%ff",
        "HTTP_HX_TRIGGER_URI_AUTOENCODED": "true",
        "HTTP_HX_HISTORY_RESTORE_REQUEST": "true",
    },
    "a part": {"HTTP_RANGE": "bytes=99999999999999999999-,-1,5-2", "HTTP_IF_RANGE": "x"},
    "no date": {"HTTP_IF_MODIFIED_SINCE": "Mon, 99 Abc 99999 99:99:99 GMT"},
    "the first date": {
        "HTTP_IF_MODIFIED_SINCE": "Mon, 01 Jan 0001 00:00:00 GMT",
        "HTTP_IF_UNMODIFIED_SINCE": "Â²",
        "HTTP_IF_NONE_MATCH": 'W/"' + "x" * 5_000,
    },
    "who asks": {
        "HTTP_X_FORWARDED_FOR": "'; DROP, ::ffff:1.2.3.4:99, " + "1.2.3.4, " * 500,
        "HTTP_X_FORWARDED_HOST": "ailleurs.exemple",
        "HTTP_X_FORWARDED_PROTO": "x",
    },
    "from where": {
        "HTTP_USER_AGENT": f"\xff{MARKUP}{LONG}",
        "HTTP_REFERER": "http://[",
        "HTTP_ORIGIN": "http://[",
        "HTTP_ACCEPT": "\xff/*;q=x",
        "HTTP_AUTHORIZATION": "Basic \xff",
        "HTTP_X_CSRFTOKEN": "\xff",
    },
    "a length": {"CONTENT_LENGTH": "-1", "CONTENT_TYPE": "multipart/form-data"},
}
# Those that may come together: one request shows what most would.
ALL = {name: value for headers in HEADERS.values() for name, value in headers.items()}
OPEN = sorted(name for name, row in MATRIX.items() if "nobody" in (row.get or {}).get(OK, ""))
# What the client of a calendar asks by, an agent's page, an usager's.
OTHERS = {"planning:webcal_feed": "nobody", "agents:home": "owner", "usagers:rdv_list": "usager"}


@time_machine.travel(NOW, tick=False)
def test_issue_5_a_page_survives_hostile_headers(cast, monkeypatch):
    """It asks each public page once, three of them with each header: two seconds."""
    wrong, pages = [], Pages(monkeypatch)
    for name in [*OPEN, *OTHERS]:
        client = QuickClient()
        cast.sign_in(client, OTHERS.get(name, "nobody"))
        trial = Trial(client, "get", reverse(name, args=MATRIX[name].args(cast)), {}, is_full=False)
        alone = HEADERS if name in ("home", *OTHERS) else {}
        for label, headers in {"all": ALL, **alone}.items():
            pages.are_drawn = label in ("htmx", "from where")
            trial.attempt(label, {}, **headers)
        wrong += [f"{name}: {what}" for what in trial.wrong]
    assert wrong == []


@pytest.mark.parametrize("trusted", [0, 1])
def test_issue_5_a_form_survives_hostile_headers(db, settings, trusted):
    """Of a site behind a proxy too; over TLS Django reads where the form came from."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = trusted
    for client in (Client(), Client(enforce_csrf_checks=True)):
        trial = Trial(client, "post", reverse("usagers:sign_in"), {}, is_full=False)
        for label, headers in HEADERS.items():
            trial.attempt(label, {"email": "a@exemple.fr"}, secure=True, **headers)
        assert trial.wrong == []


def test_issue_5_a_cookie_with_a_nul_is_nobody_s(client, db):
    """Browsers write « \\000 » in quotes: PostgreSQL would refuse to look for that session."""
    page = client.get("/", headers={"Cookie": f"sessionid={NUL}; django_language=en"})
    assert page.status_code == OK
    assert page["Content-Language"] == "en"  # the others are read


@pytest.mark.parametrize(
    ("charset", "status"),
    [("UTF-8", 422), ("hex", 400), ("idna", 400), ("utf-16", 400), ("x-none", 400)],
)
def test_issue_5_a_form_is_read_in_utf_8_only(client, db, charset, status):
    part = b'--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nl\xe9a\r\n--x--\r\n'
    kind = f"multipart/form-data; boundary=x; charset={charset}"
    answer = client.generic("POST", reverse("usagers:sign_in"), part, content_type=kind)
    assert answer.status_code == status
    assert "rien n’a été enregistré" in answer.text or status == 422
