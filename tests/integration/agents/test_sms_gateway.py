"""C05: a territoire chooses its SMS gateway; C07: an agent whose address refuses our mails."""

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.urls import reverse

from agents.models import AuditEntry, Territoire
from agents.services.sms_gateway_edit import SmsGatewayRefused, edit_sms_gateway
from notifications.models import BlockedAddress
from rdv.common.saving import InvalidRow
from tests.factories import BlockedAddressFactory
from tests.factories.planning import NOW


@pytest.fixture
def edit(cast):
    def change(who="territoire_admin", **fields):
        values = {"gateway": "brevo", "sender": "RdvTest", "key": "cle-secrete", **fields}
        edit_sms_gateway(territoire_id=cast.territoire.pk, actor=cast.actor(who), now=NOW, **values)
        return Territoire.objects.get(pk=cast.territoire.pk)

    return change


def test_C05_the_choice_its_key_and_its_trace(edit):
    territoire = edit()
    assert (territoire.sms_gateway, territoire.sms_sender) == ("brevo", "RdvTest")
    assert territoire.sms_credentials.reveal() == "cle-secrete"
    assert edit(key="", sender="Autre").sms_credentials.reveal() == "cle-secrete"
    assert edit(gateway="smsmode", key="autre").sms_credentials.reveal() == "autre"
    back = edit(gateway="", sender="", key="ignoree")
    assert (back.sms_gateway, back.sms_credentials) == ("", "")
    traces = AuditEntry.objects.filter(action="sms_gateway_changed")
    assert [trace.detail["key_changed"] for trace in traces] == [True, False, True, True]
    assert "secrete" not in str(list(traces.values()))


def test_C05_what_is_refused(edit):
    edit()
    for wrong in ({"gateway": "smsmode", "key": ""}, {"gateway": "pigeon"}, {"sender": "R D V"}):
        with pytest.raises(InvalidRow):
            edit(**wrong)
    for who in ("admin", "stranger", "usager", "nobody"):
        with pytest.raises(SmsGatewayRefused):
            edit(who)


def test_C05_the_keys_are_rotated_by_the_command(edit, settings, capsys):
    first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [first]
    edit()
    settings.FIELD_ENCRYPTION_KEYS = [second, first]
    call_command("rotate_encryption_keys")
    settings.FIELD_ENCRYPTION_KEYS = [second]
    call_command("rotate_encryption_keys")
    assert Territoire.objects.get(sms_gateway="brevo").sms_credentials.reveal() == "cle-secrete"
    settings.FIELD_ENCRYPTION_KEYS = [first]
    call_command("rotate_encryption_keys")
    assert capsys.readouterr().out.splitlines() == [
        "1 sealed again, 0 that no key opens",
        "1 sealed again, 0 that no key opens",
        "0 sealed again, 1 that no key opens",
    ]


def test_C07_mon_compte_says_what_to_do(client, cast):
    block = BlockedAddressFactory(address=cast.owner.email.lower())
    cast.sign_in(client, "owner")
    html = client.get(reverse("agents:profile")).content.decode()
    assert "Votre adresse ne reçoit plus nos e-mails" in html
    assert "demandez à un administrateur du territoire" in html
    url = reverse("agents:blocked_address_clear", args=[cast.owner.uuid, block.uuid])
    assert url not in html
    cast.sign_in(client, "territoire_admin")
    other = BlockedAddressFactory(address="autre@exemple.fr")
    client.post(reverse("agents:blocked_address_clear", args=[cast.owner.uuid, other.uuid]))
    response = client.post(url, {"next": reverse("agents:profile")})
    assert (response.status_code, response.url) == (302, reverse("agents:profile"))
    assert list(BlockedAddress.objects.active()) == [other]
    entry = AuditEntry.objects.get(action="address_unblocked")
    assert (entry.agent, entry.object_uuid) == (cast.territoire_admin, cast.owner.uuid)
    cast.sign_in(client, "owner")
    assert "ne reçoit plus" not in client.get(reverse("agents:profile")).content.decode()


def test_C07_an_admin_of_the_territoire_clears_their_own(client, cast):
    BlockedAddressFactory(address=cast.territoire_admin.email.lower())
    cast.sign_in(client, "territoire_admin")
    assert "Débloquer mon adresse" in client.get(reverse("agents:profile")).content.decode()
