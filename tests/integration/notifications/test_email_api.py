"""C05, C04, C07: e-mails by a provider's API, against a server built from its document."""

import base64
import smtplib

import pytest

from notifications.channels.email_refusals import refused_recipient
from notifications.delivery import deliver
from notifications.models import BlockedAddress, BlockReason, Failure, State
from rdv.settings import env
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW
from tests.integration.notifications.provider import Provider


@pytest.fixture(scope="module")
def server():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(server, settings, db):
    server.requests.clear()
    chosen = env.email(f"brevo://api?api_key=cle-secrete&api_url={server.url}/v3/")
    for name, value in chosen.items():
        setattr(settings, name, value)
    return server


def sent(**columns):
    message = OutboxMessageFactory(**columns)
    deliver(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message


def test_C05_the_mail_and_its_calendar_leave_by_the_api(provider):
    provider.says(201, {"messageId": "<2026.1@relay.example>"})
    message = sent(html="<p>Bonjour</p>", ics="BEGIN:VCALENDAR", ics_method="REQUEST")
    ((path, headers, body),) = provider.requests
    assert (path, headers["api-key"]) == ("/v3/smtp/email", "cle-secrete")
    assert (body["to"], body["subject"]) == ([{"email": "lea@exemple.fr"}], "RDV confirmé")
    assert (body["textContent"], body["htmlContent"]) == ("Bonjour", "<p>Bonjour</p>")
    assert str(message.uuid) in body["headers"]["X-Mailin-custom"]
    assert body["headers"]["Auto-Submitted"] == "auto-generated"
    (calendar,) = body["attachment"]
    assert base64.b64decode(calendar["content"]) == b"BEGIN:VCALENDAR"
    assert (message.state, message.provider) == (State.SENT, "brevo")
    assert message.provider_reference == "2026.1@relay.example"


@pytest.mark.parametrize(
    ("answer", "state", "failure"),
    [
        ((400, {"code": "invalid_parameter", "message": "lea@exemple.fr"}), "failed", "refused"),
        ((401, {"code": "unauthorized"}), "queued", ""),
        ((402, {"code": "not_enough_credits"}), "queued", ""),
        ((429, b""), "queued", ""),
        ((500, b"<html>"), "queued", ""),
        ((201, b"not json"), "queued", ""),
    ],
)
def test_C04_refusals_of_the_api(provider, answer, state, failure, caplog):
    provider.says(*answer)
    message = sent()
    assert (message.state, message.failure) == (state, failure)
    assert "lea@" not in message.tries.get().answer + caplog.text
    assert not BlockedAddress.objects.exists()


def test_C04_the_api_does_not_answer(provider, settings):
    settings.EMAIL_TIMEOUT = 0.05
    provider.says(201, {"messageId": "1"}, wait=0.2)
    assert sent().state == State.QUEUED


def test_C05_every_address_of_a_server_is_understood():
    smtp = env.email("smtp://user:p%40ss@mail.example:587?tls=1")
    assert smtp["EMAIL_BACKEND"] == "django.core.mail.backends.smtp.EmailBackend"
    assert (smtp["EMAIL_HOST"], smtp["EMAIL_HOST_PASSWORD"]) == ("mail.example", "p@ss")
    for name, provider in {
        "brevo": "brevo",
        "mailjet": "mailjet",
        "scaleway": "scaleway",
        "amazon-ses": "amazon_ses",
    }.items():
        chosen = env.email(f"{name}://api?api_key=x")
        assert chosen["EMAIL_BACKEND"] == f"anymail.backends.{provider}.EmailBackend"
        assert chosen["ANYMAIL"][f"{provider.upper()}_API_KEY"] == "x"
    for wrong in ("", "pigeon://api", "mail.example"):
        with pytest.raises(env.MissingSettingError):
            env.email(wrong)


@pytest.mark.parametrize(
    ("code", "text", "block"),
    [
        (550, b"5.1.1 no such user", BlockReason.BOUNCE),
        (550, b"no such user", BlockReason.BOUNCE),
        (550, b"5.2.1 mailbox disabled", BlockReason.BOUNCE),
        (550, b"5.7.1 your server is on a list", None),
        (552, b"5.2.2 mailbox full", None),
        (550, b"5.1.8 bad sender", None),
    ],
)
def test_C07_only_a_wrong_address_is_blocked(code, text, block):
    """A refusal of our server must not silence everybody."""
    assert refused_recipient(code, text).block is block


def test_C07_a_refused_address_gets_nothing_more(db, settings):
    refusal = smtplib.SMTPRecipientsRefused({"lea@exemple.fr": (550, b"5.1.1 lea@exemple.fr")})

    class Refusing:
        def __init__(self, **_options):
            pass

        def send_messages(self, _mails):
            raise refusal

    globals()["Refusing"] = Refusing
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    first = sent(recipient="Lea@Exemple.fr")
    assert (first.state, first.failure) == (State.FAILED, Failure.INVALID)
    block = BlockedAddress.objects.get()
    assert (block.address, block.reason, block.detail) == (
        "lea@exemple.fr",
        "bounce",
        "550 5.1.1 […]",
    )
    second = sent()
    assert (second.state, second.failure, second.attempts) == (State.ABANDONED, Failure.BLOCKED, 0)
    BlockedAddress.objects.all().delete()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert sent().state == State.SENT
