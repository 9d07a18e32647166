"""C05, C02, C04: two real providers, each against a server built from its document (adr 0012)."""

import json

import pytest
from django.urls import reverse

from agents.models.territoire import SmsGateway
from notifications.channels.gateways import GATEWAYS
from notifications.delivery import BACK_OFF, deliver
from notifications.models import BlockedAddress, DeliveryAttempt, Failure, State
from notifications.signatures import report_signature
from rdv.common.encryption import Secret
from tests.factories import OrganisationFactory, OutboxMessageFactory, TerritoireFactory
from tests.factories.planning import NOW
from tests.integration.notifications.provider import Provider

KEY = "cle-tres-secrete"
NUMBER = "+33612345678"

BREVO_SAYS = {
    "accepted": (201, {"messageId": 1511882900176220}),
    "credit": (402, {"code": "not_enough_credits", "message": "You don't have enough credits"}),
    "number": (
        400,
        {"code": "invalid_parameter", "message": "Recipient is not valid: 33612345678"},
    ),
    "request": (400, {"code": "invalid_parameter", "message": "sender is not valid"}),
    "key": (401, {"code": "unauthorized", "message": "Key not found"}),
    "often": (429, {"code": "too_many_requests", "message": "Limit exceeded"}),
    "broken": (500, b"<html>oops</html>"),
}
SMSMODE_SAYS = {
    "accepted": (
        201,
        {
            "messageId": "67c15045-1067-4588-ba3c-737cc5051438",
            "acceptedAt": "2026-11-23T12:00:00",
            "channel": {"channelId": "cbc76dcd-72a8-43ee-a39f-acba2157e81c", "type": "SMS"},
            "recipient": {"to": "33612345678"},
            "from": "RdvTest",
            "body": {"text": "…", "encoding": "GSM7", "messagePartCount": 2, "length": 170},
            "status": {"deliveryDate": None, "value": "ENROUTE"},
            "refClient": "…",
        },
    ),
    "credit": (402, {"title": "Payment Required", "message": "Insufficient credit"}),
    "number": (
        400,
        {"errorCode": "400", "message": "Bad request", "detail": "recipient.to 33612345678"},
    ),
    "request": (400, {"errorCode": "400", "message": "Bad request", "detail": "from"}),
    "key": (401, {"title": "Unauthorized", "message": "Unauthorized"}),
    "often": (429, {"title": "Too Many Requests"}),
    "broken": (500, b""),
}
SAYS = {"brevo": BREVO_SAYS, "smsmode": SMSMODE_SAYS}
TEMPORARY = {
    "credit": Failure.CREDIT,
    "key": Failure.CREDENTIALS,
    "often": Failure.UNREACHABLE,
    "broken": Failure.UNREACHABLE,
}


@pytest.fixture(scope="module")
def server():
    provider = Provider()
    yield provider
    provider.stop()


@pytest.fixture
def provider(server, monkeypatch):
    server.requests.clear()
    for name in SmsGateway.values:
        monkeypatch.setattr(GATEWAYS[name], "base_url", server.url)
    return server


@pytest.fixture(params=sorted(SmsGateway.values))
def gateway(request):
    return request.param


@pytest.fixture
def sms(db, gateway):
    territoire = TerritoireFactory(
        sms_gateway=gateway, sms_sender="RdvTest", sms_credentials=Secret.seal(KEY)
    )
    organisation = OrganisationFactory(territoire=territoire)
    return OutboxMessageFactory(sms=True, organisation=organisation, sms_segments=2)


def sent(message):
    deliver(message_id=message.pk, now=NOW)
    message.refresh_from_db()
    return message


def answers(message):
    return list(message.tries.values_list("succeeded", "answer"))


def test_C05_every_choice_of_a_territoire_is_a_gateway():
    assert set(SmsGateway.values) == {n for n, gateway in GATEWAYS.items() if gateway.needs_account}


def test_C05_C02_accepted(provider, sms, gateway, caplog):
    provider.says(*SAYS[gateway]["accepted"])
    sent(sms)
    ((path, headers, body),) = provider.requests
    report = (
        f"http://testserver/fournisseurs/sms/{gateway}/{sms.uuid}/{report_signature(sms.uuid)}/"
    )
    if gateway == "brevo":
        assert path == "/transactionalSMS/send"
        assert headers["api-key"] == KEY
        assert body["recipient"] == "33612345678"
        assert (body["sender"], body["content"]) == ("RdvTest", sms.body)
        assert (body["type"], body["tag"], body["webUrl"]) == (
            "transactional",
            str(sms.uuid),
            report,
        )
        assert (sms.provider_reference, sms.provider_segments) == ("1511882900176220", None)
    else:
        assert path == "/sms/v1/messages"
        assert headers["X-Api-Key"] == KEY
        assert body["recipient"] == {"to": "33612345678"}
        assert (body["from"], body["body"]) == ("RdvTest", {"text": sms.body})
        assert (body["refClient"], body["callbackUrlStatus"]) == (str(sms.uuid), report)
        assert sms.provider_reference == "67c15045-1067-4588-ba3c-737cc5051438"
        assert (sms.sms_segments, sms.provider_segments) == (2, 2)
    assert (sms.state, sms.provider, sms.failure) == (State.SENT, gateway, "")
    assert KEY not in caplog.text
    assert NUMBER not in caplog.text


@pytest.mark.parametrize("case", sorted(TEMPORARY))
def test_C04_what_may_be_repaired_is_tried_again(provider, sms, gateway, case):
    provider.says(*SAYS[gateway][case])
    sent(sms)
    assert (sms.state, sms.available_at, sms.failure) == (State.QUEUED, NOW + BACK_OFF[0], "")
    ((succeeded, answer),) = answers(sms)
    assert not succeeded
    assert answer.startswith(str(SAYS[gateway][case][0]))
    sms.available_at, sms.attempts = NOW, len(BACK_OFF)
    sms.save()
    assert (sent(sms).state, sms.failure) == (State.FAILED, TEMPORARY[case])
    assert not BlockedAddress.objects.exists()


def test_C04_C07_a_wrong_number_stops_at_once_and_is_remembered(provider, sms, gateway):
    provider.says(*SAYS[gateway]["number"])
    sent(sms)
    assert (sms.state, sms.failure, sms.attempts) == (State.FAILED, Failure.INVALID, 1)
    blocked = BlockedAddress.objects.get()
    assert (blocked.channel, blocked.address, blocked.reason) == ("sms", NUMBER, "number")
    ((_, answer),) = answers(sms)
    assert "12345678" not in answer + blocked.detail
    following = sent(OutboxMessageFactory(sms=True, organisation=sms.organisation))
    assert (following.state, following.failure) == (State.ABANDONED, Failure.BLOCKED)
    assert len(provider.requests) == 1


def test_C04_a_refused_request_stops_at_once_and_blocks_nobody(provider, sms, gateway):
    provider.says(*SAYS[gateway]["request"])
    assert (sent(sms).state, sms.failure) == (State.FAILED, Failure.REFUSED)
    assert not BlockedAddress.objects.exists()


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((201, b"not json"), State.SENT),  # taken: a second try would be a second SMS
        ((201, [1, 2]), State.SENT),
        ((200, b"<html>captive portal</html>"), State.QUEUED),
        ((302, b""), State.QUEUED),
    ],
)
def test_C04_an_answer_that_cannot_be_read(provider, sms, answer, state):
    provider.says(*answer)
    assert (sent(sms).state, sms.provider_reference) == (state, "")


def test_C04_no_answer_in_time(provider, sms, gateway, settings):
    settings.SMS_TIMEOUT = 0.05
    provider.says(*SAYS[gateway]["accepted"], wait=0.2)
    assert sent(sms).state == State.QUEUED
    assert answers(sms) == [(False, "passerelle injoignable (ReadTimeout)")]


def test_C05_the_instance_s_gateway_serves_who_chose_none(provider, db, settings):
    settings.SMS_GATEWAY, settings.SMS_API_KEY, settings.SMS_SENDER = "smsmode", "autre", "RDV"
    provider.says(*SMSMODE_SAYS["accepted"])
    sent(OutboxMessageFactory(sms=True, organisation=OrganisationFactory()))
    sent(OutboxMessageFactory(sms=True))
    assert [(h["X-Api-Key"], b["from"]) for _, h, b in provider.requests] == [("autre", "RDV")] * 2
    settings.SMS_API_KEY = ""
    without_key = sent(OutboxMessageFactory(sms=True))
    assert (without_key.state, answers(without_key)) == (
        State.QUEUED,
        [(False, "aucune clé pour la passerelle SMS")],
    )


def test_C05_a_key_that_no_encryption_key_opens(provider, sms, settings):
    settings.FIELD_ENCRYPTION_KEYS = ["b" * 43 + "="]
    assert sent(sms).state == State.QUEUED
    assert answers(sms) == [(False, "clé de la passerelle illisible")]
    assert provider.requests == []


def test_C05_file_gateway(db, settings, tmp_path):
    settings.SMS_GATEWAY, settings.SMS_FILE_PATH = "file", tmp_path / "sms"
    message = sent(OutboxMessageFactory(sms=True))
    assert message.state == State.SENT
    text = (tmp_path / "sms" / f"{message.uuid}.txt").read_text()
    assert text == f"De : RDV\nÀ : {NUMBER}\n\n{message.body}\n"


# Delivery reports ------------------------------------------------------------------------------

BREVO_REPORT = {
    "id": 26570,
    "to": "33612345678",
    "sms_count": 1,
    "credits_used": 1.5,
    "messageId": 123,
    "remaining_credit": 11488.845,
    "type": "transactional",
    "reference": "ab1cde2fgh3i4jklmno",
}


def brevo_report(status):
    return {**BREVO_REPORT, "msg_status": status}


def smsmode_report(value, detail=None):
    status = {"deliveryDate": "2026-11-23T12:00:05", "value": value, "detail": detail}
    return {**SMSMODE_SAYS["accepted"][1], "status": status}


REPORTS = {
    "brevo": {
        "way": brevo_report("sent"),
        "delivered": brevo_report("delivered"),
        "lost": brevo_report("soft_bounce"),
        "number": brevo_report("hard_bounce"),
        "unknown": brevo_report("danced"),
    },
    "smsmode": {
        "way": smsmode_report("ENROUTE"),
        "delivered": smsmode_report("DELIVERED"),
        "lost": smsmode_report("UNDELIVERED"),
        "number": smsmode_report("UNDELIVERABLE", "INVALID_PHONE_NUMBER"),
        "unknown": smsmode_report("READ"),
    },
}


@pytest.fixture
def report(client, sms, gateway):
    """Send reports of a SMS that left; return the message as they leave it."""
    sms.close(State.SENT, at=NOW)
    sms.save()

    def tell(*cases, url=None):
        args = [gateway, sms.uuid, report_signature(sms.uuid)]
        url = url or reverse("notifications:sms_report", args=args)
        for case in cases:
            body = json.dumps(REPORTS[gateway][case])
            response = client.post(url, body, content_type="application/json")
            assert response.status_code == 204
        sms.refresh_from_db()
        return sms

    return tell


def test_C04_delivered_said_twice_and_late_losses_change_nothing(report, gateway):
    message = report("way", "delivered", "delivered", "lost", "unknown")
    assert (message.state, message.sent_at) == (State.SENT, NOW)
    assert message.delivered_at
    assert message.provider_segments == (1 if gateway == "brevo" else 2)
    assert message.tries.count() == 1


def test_C04_a_loss_is_a_failure_until_it_arrives(report):
    message = report("lost", "lost", "way")
    assert (message.state, message.failure) == (State.FAILED, Failure.UNDELIVERED)
    assert message.tries.count() == 1
    assert not BlockedAddress.objects.exists()
    assert (report("delivered").state, message.failure) == (State.SENT, "")


def test_C04_a_report_that_postgresql_could_not_hold_is_read(report, monkeypatch):
    odd = {
        "smsmode": smsmode_report("UNDELIVERED", "\0\ud800"),
        "brevo": brevo_report("rejected\0"),
    }
    for gateway, body in odd.items():
        monkeypatch.setitem(REPORTS[gateway], "unknown", body)
    assert report("unknown", "lost").state == State.FAILED


def test_C07_a_dead_number_is_remembered(report):
    report("number", "number")
    assert BlockedAddress.objects.get().reason == "number"


def test_G08_reports_that_prove_nothing_are_refused(report, client, sms, gateway):
    good = report_signature(sms.uuid)
    other = OutboxMessageFactory(sms=True)
    body = json.dumps(REPORTS[gateway]["lost"])
    for path, status in {
        f"{gateway}/{sms.uuid}/{'0' * 20}/": 404,
        f"{gateway}/{other.uuid}/{good}/": 404,
        f"pigeon/{sms.uuid}/{good}/": 404,
    }.items():
        response = client.post(f"/fournisseurs/sms/{path}", body, content_type="application/json")
        assert response.status_code == status, path
    url = f"/fournisseurs/sms/{gateway}/{sms.uuid}/{good}/"
    for nonsense in ("[1]", "{", "x" * 30_000, "[" * 15_000):
        assert client.post(url, nonsense, content_type="application/json").status_code == 400
    sms.refresh_from_db()
    assert sms.state == State.SENT
    sms.delete()  # gone since: said once more, and heard without effect
    assert client.post(url, body, content_type="application/json").status_code == 204
    assert not DeliveryAttempt.objects.exists()
