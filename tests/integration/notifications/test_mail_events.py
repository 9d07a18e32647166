"""C07: what the e-mail provider says later: deliveries, bounces, complaints."""

import base64
import json

import pytest

from notifications.channels.email import message_id
from notifications.models import BlockedAddress, Failure, State
from tests.factories import OutboxMessageFactory
from tests.factories.planning import NOW

URL = "/fournisseurs/courriels/brevo/suivi/"
SECRET = "rdv:mot-de-passe"


@pytest.fixture
def tell(client, settings):
    """Send Brevo's events about a message, as its document shows them."""
    settings.ANYMAIL_WEBHOOK_SECRET = SECRET

    def post(event, *, email="lea@exemple.fr", secret=SECRET, **fields):
        data = {"event": event, "email": email, "ts_epoch": 1604933654000, **fields}
        credentials = base64.b64encode(secret.encode()).decode()
        return client.post(
            URL,
            json.dumps(data),
            content_type="application/json",
            headers={"Authorization": f"Basic {credentials}"},
        ).status_code

    return post


@pytest.fixture
def message(db):
    row = OutboxMessageFactory()
    row.close(State.SENT, at=NOW)
    row.provider_reference = "201798300811.5787683@relay.domain.com"
    row.save()
    return row


def names_of(message):
    return [
        {"message-id": message_id(message)},
        {"message-id": f"<{message.provider_reference}>"},
        {"message-id": "other", "X-Mailin-custom": json.dumps({"message": str(message.uuid)})},
    ]


@pytest.mark.parametrize("way", [0, 1, 2])
def test_C04_delivered(tell, message, way):
    name = names_of(message)[way]
    assert [tell("request", **name), tell("delivered", **name), tell("opened", **name)] == [204] * 3
    assert tell("delivered", **name) == 204
    message.refresh_from_db()
    assert (message.state, message.tries.count()) == (State.SENT, 1)
    assert message.delivered_at


@pytest.mark.parametrize(
    ("event", "state", "reason"),
    [
        ("hard_bounce", State.FAILED, "bounce"),
        ("invalid_email", State.FAILED, "bounce"),
        ("blocked", State.FAILED, "refused"),
        ("soft_bounce", State.FAILED, None),
        ("error", State.FAILED, None),
        ("spam", State.SENT, "complaint"),
        ("unsubscribe", State.SENT, "unsubscribed"),
        ("deferred", State.SENT, None),
        ("click", State.SENT, None),
    ],
)
def test_C07_events(tell, message, event, state, reason):
    fields = {**names_of(message)[0], "reason": "550 lea@exemple.fr refused"}
    assert [tell(event, **fields), tell(event, **fields)] == [204, 204]
    message.refresh_from_db()
    assert message.state == state
    assert message.failure == (Failure.UNDELIVERED if state == State.FAILED else "")
    assert [block.reason for block in BlockedAddress.objects.all()] == ([reason] if reason else [])
    assert "lea@" not in "".join(message.tries.values_list("answer", flat=True))


def test_C07_an_unknown_message_still_blocks_its_address(tell, db):
    assert tell("hard_bounce", email="Ada@Exemple.fr", **{"message-id": "gone"}) == 204
    assert BlockedAddress.objects.get().address == "ada@exemple.fr"


def test_C07_a_report_for_another_address_is_ignored(tell, message):
    assert tell("hard_bounce", email="autre@exemple.fr", **names_of(message)[0]) == 204
    message.refresh_from_db()
    assert message.state == State.SENT
    assert not BlockedAddress.objects.exists()


def test_G08_without_the_secret_nobody_is_heard(tell, message, client, settings):
    assert tell("hard_bounce", secret="rdv:faux", **names_of(message)[0]) == 403
    assert client.post(URL, "{}", content_type="application/json").status_code == 403
    assert client.get(URL).status_code == 405
    assert tell("x", items=[]) == 400
    settings.EMAIL_PROVIDER = "mailjet"
    assert tell("hard_bounce", **names_of(message)[0]) == 404
    settings.EMAIL_PROVIDER, settings.ANYMAIL_WEBHOOK_SECRET = "", ""
    assert tell("hard_bounce", **names_of(message)[0]) == 404
    assert not BlockedAddress.objects.exists()


def test_C07_a_report_that_postgresql_could_not_hold_is_read_all_the_same(tell, message):
    """Refused, the provider would say it again for days, and the address would stay open."""
    fields = {**names_of(message)[0], "reason": "550 \0 refus\ud800"}
    assert tell("hard_bounce", **fields) == 204
    message.refresh_from_db()
    assert message.state == State.FAILED
    assert tell("hard_bounce", **{"message-id": "\0\udfff" * 5000}) == 204
    assert tell("hard_bounce", email=[{"x": -1}], **{"message-id": {}}) == 204
    assert tell("hard_bounce", ts_epoch=10**300) == 400
    assert tell("hard_bounce", email="a" * 5000 + "\0@exemple.fr", **{"message-id": "x"}) == 204
