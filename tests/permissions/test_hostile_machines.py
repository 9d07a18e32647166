"""Issue 5: what a machine that knows the secret may post: absurd at every place of a good call.

What is not understood is refused or ignored, never a 500 that the provider would repeat for days.
Nothing is written here: what the views hand to the services is looked at instead.
"""

from __future__ import annotations

import base64
import itertools
import json
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest
from anymail.urls import urlpatterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.http.multipartparser import MultiPartParserError
from django.test import RequestFactory
from django.urls import resolve

from notifications.signatures import report_signature
from rdv.common.storable import storable
from tests.permissions.hostile import MARKUP, SIGNS, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

DOMAIN, SECRET = "reponses.exemple.fr", "rdv:mot-de-passe"
MAILS = "/fournisseurs/courriels"
TRACKING, INBOUND = "suivi", "reponses"
READ = {204, 400}
BREVO_EVENT = {
    "event": "hard_bounce",
    "email": "lea@exemple.fr",
    "ts_epoch": 1_604_933_654_000,
    "message-id": "<x@exemple.fr>",
    "reason": "550",
    "tags": ["x"],
    "X-Mailin-custom": json.dumps({"message": UNKNOWN}),
}
MAILJET_EVENT = {
    "event": "bounce",
    "time": 1_433_333_949,
    "MessageID": 19_421_777_835_146_490,
    "email": "lea@exemple.fr",
    "Payload": json.dumps({"message": UNKNOWN}),
    "hard_bounce": True,
    "error": "user unknown",
    "smtp_reply": "550",
}
BREVO_MAIL = {
    "Uuid": ["u"],
    "Headers": {
        "From": "Léa <lea@exemple.fr>",
        "To": "x@exemple.fr",
        "Received": ["a", "b"],
        "Message-ID": "<1@exemple.fr>",
        "Return-Path": "<lea@exemple.fr>",
        "Delivered-To": "z@exemple.fr",
    },
    "RawTextBody": "Je serai en retard.",
    "RawHtmlBody": "<p>Je serai en retard.</p>",
    "ExtractedMarkdownMessage": "Je serai en retard.",
    "Attachments": [{"Name": "a.pdf", "ContentType": "x/y", "DownloadToken": "t"}],
}
MAILJET_MAIL = {
    "Sender": "lea@exemple.fr",
    "Recipient": "x@exemple.fr",
    "Headers": {"From": "lea@exemple.fr", "To": "x@exemple.fr", "Received": ["a", "b"]},
    "Parts": [
        {
            "Headers": {
                "Content-Type": "application/pdf; name=a.pdf",
                "Content-Disposition": "attachment; filename=a.pdf",
            },
            "ContentRef": "Attachment1",
        }
    ],
    "Text-part": "Je serai en retard.",
    "Html-part": "<p>Je serai en retard.</p>",
    "Attachment1": "JVBERi0=",
}
BREVO_SMS = {"msg_status": "hard_bounce", "sms_count": 1, "description": "x", "to": "33612345678"}
SMSMODE_SMS = {
    "status": {"value": "UNDELIVERABLE", "detail": "INVALID_PHONE_NUMBER"},
    "body": {"messagePartCount": 2},
    "refClient": UNKNOWN,
}
SIGNED = f"{UNKNOWN}/{report_signature(UUID(UNKNOWN))}/"
CALLS: dict[str, Any] = {
    f"{MAILS}/brevo/{TRACKING}/": BREVO_EVENT,
    f"{MAILS}/mailjet/{TRACKING}/": [MAILJET_EVENT],
    f"{MAILS}/brevo/{INBOUND}/": {"items": [BREVO_MAIL]},
    f"{MAILS}/mailjet/{INBOUND}/": MAILJET_MAIL,
    f"/fournisseurs/sms/brevo/{SIGNED}": BREVO_SMS,
    f"/fournisseurs/sms/smsmode/{SIGNED}": SMSMODE_SMS,
}


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


# In place of whatever a good call says.
ODD: dict[str, Any] = {
    "null": None,
    "true": True,
    "negative": -1,
    "huge": 10**300,
    "infinite": float("inf"),
    "not a number": float("nan"),
    "nothing": "",
    "markup": MARKUP,
    "signs": SIGNS,
    "nul": "a\0\ud800\udfff",
    "lines": "a\r\nBcc: x@exemple.fr",
    "list": [],
    "object": {},
    "other types": [{"a": None}, -1, "x"],
    "deep": nested(400),
    "foreign": UNKNOWN,
}


@pytest.fixture
def told(monkeypatch, settings):
    """Stand for the services; return what they are told."""
    settings.ANYMAIL_WEBHOOK_SECRET, settings.INBOUND_EMAIL_DOMAIN = SECRET, DOMAIN
    settings.ANYMAIL = {"BREVO_API_KEY": "x"}
    told: list[Any] = []
    for place, name in {
        "notifications.views.mail_events.record_mail_event": "event",
        "notifications.views.sms_report.record_sms_report": "report",
    }.items():
        monkeypatch.setattr(place, lambda *, _name=name, **said: told.append(said[_name]))
    monkeypatch.setattr(
        "planning.views.mail_replies.receive_reply", lambda mail, now: told.append(mail)
    )
    return told


@pytest.fixture
def heard(told):
    """Post as the provider does; return the status, and what the service was told."""
    credentials = f"Basic {base64.b64encode(SECRET.encode()).decode()}"
    factory, routes = RequestFactory(), {path: resolve(path) for path in CALLS}

    def post(path: str, body: str) -> tuple[int, list[Any]]:
        told.clear()
        request = factory.post(
            path, body, content_type="application/json", headers={"Authorization": credentials}
        )
        found = routes[path]
        answer = found.func(request, *found.args, **found.kwargs)
        return answer.status_code, list(told)

    return post


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each place of a JSON value, itself first."""
    yield path
    inner = value.items() if isinstance(value, dict) else ()
    for key, below in enumerate(value) if isinstance(value, list) else inner:
        yield from places(below, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], odd)
    return copy


def texts_of(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from texts_of(list(value.values()))
    elif isinstance(value, list | tuple):
        for one in value:
            yield from texts_of(one)


@pytest.mark.parametrize("path", CALLS)
def test_issue_5_a_call_absurd_at_any_place_is_no_error(heard, path):
    good, wrong = CALLS[path], []
    assert heard(path, json.dumps(good))[0] == 204
    assert len(heard(path, json.dumps(good))[1]) == 1
    for place in places(good):
        for label, odd in ODD.items():
            where = f"{label} at {place}"
            try:
                status, told = heard(path, json.dumps(replaced(good, place, odd)))
            except Exception as error:  # noqa: BLE001 (this is what is looked for)
                wrong.append(f"{where}: {type(error).__name__}: {error}"[:200])
                continue
            unstorable = [
                text for one in told for text in texts_of(vars(one)) if storable(text) != text
            ]
            if status not in READ or unstorable:
                wrong.append(f"{where}: {status} {unstorable[:1]}")
    assert wrong == []


# Each provider that the mail library knows, whichever it is that somebody has.
ROUTES = [
    (provider, page)
    for provider in sorted({(each.name or "").rsplit("_", 2)[0] for each in urlpatterns})
    for page in (TRACKING, INBOUND)
]
BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "no UTF-8": b"\xff\xfe{}",
    "a number": b"1",
    "null": b"null",
    "a list": b"[]",
    "an object": b"{}",
    "other types": b'[{"a": null}, -1, "x"]',
    "too deep": b"[" * 15_000,
    "too many digits": b"9" * 15_000,
    "a megabyte": b'["' + b"a" * 1_000_000 + b'"]',
    "too much": b"a" * 3_000_000,
    "a form": b"a=%ff%00&mandrill_events=[1]&email=%00&envelope=[&timestamp=x&token=%00",
    "a signature": b'{"signature": {"timestamp": [], "token": 1, "signature": null}}',
}
KINDS = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
KEYS = (
    "API_KEY",
    "API_TOKEN",
    "SIGNING_SECRET",
    "WEBHOOK_KEY",
    "WEBHOOK_SIGNING_KEY",
    "INBOUND_SECRET",
)


# The library is about to drop two of them.
@pytest.mark.filterwarnings("ignore::anymail.exceptions.AnymailWarning")
@pytest.mark.parametrize("secret", [SECRET, "rdv:faux"])
def test_issue_5_no_provider_has_a_body_that_is_an_error(told, settings, secret):
    settings.ANYMAIL = {f"{provider}_{key}".upper(): "x" for provider, _ in ROUTES for key in KEYS}
    header = f"Basic {base64.b64encode(secret.encode()).decode()}"
    factory, wrong = RequestFactory(), []
    for provider, page in ROUTES:
        path = f"{MAILS}/{provider}/{page}/"
        found = resolve(path)
        for (label, body), kind in itertools.product(BODIES.items(), KINDS):
            request = factory.post(path, body, content_type=kind, headers={"Authorization": header})
            try:
                status = found.func(request, *found.args, **found.kwargs).status_code
            except (Http404, PermissionDenied, SuspiciousOperation, MultiPartParserError):
                continue  # Django answers 404, 403, 400
            except Exception as error:  # noqa: BLE001 (this is what is looked for)
                status = f"{type(error).__name__}: {error}"[:200]
            if status not in READ or (told and secret != SECRET):
                wrong.append(f"{path} {kind} {label}: {status}")
    assert wrong == []
