"""Replies of usagers (spec §5.9): to the agents of the RDV, whom they never see."""

import base64
import json
from datetime import timedelta
from uuid import uuid4

import pytest

from notifications.channels.email import build
from notifications.models import OutboxMessage
from notifications.signatures import reply_address
from tests.factories import OutboxMessageFactory, RdvFactory, UsagerFactory

DOMAIN = "reponses.exemple.fr"
URL = "/fournisseurs/courriels/brevo/reponses/"
SECRET = "rdv:mot-de-passe"
TEXT = "Je serai en retard.\n\nLe lun. 23 nov. 2026, RDV <r@exemple.fr> a écrit :\n> Votre RDV"


@pytest.fixture
def world(cast, settings):
    settings.ANYMAIL_WEBHOOK_SECRET, settings.INBOUND_EMAIL_DOMAIN = SECRET, DOMAIN
    settings.SUPPORT_EMAIL = "support@exemple.fr"
    settings.ANYMAIL = {"BREVO_API_KEY": "x"}
    cast.usager.email = "lea@exemple.fr"
    cast.usager.save()
    return cast


@pytest.fixture
def receive(client):
    """Hand mails over as Brevo's document shows them; return what leaves for it."""

    def post(*, to, sender="Léa <Lea@Exemple.fr>", text=TEXT, secret=SECRET, status=204, **more):
        headers = {
            "From": sender,
            "To": to,
            "Message-ID": "<1@exemple.fr>",
            **more.pop("headers", {}),
        }
        item = {"Uuid": ["u"], "Headers": headers, "RawTextBody": text, **more}
        answer = client.post(
            URL,
            json.dumps({"items": [item]}),
            content_type="application/json",
            headers={"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"},
        )
        assert answer.status_code == status
        return list(OutboxMessage.objects.filter(kind__startswith="usager_reply").order_by("pk"))

    return post


def to_rdv(world):
    return reply_address(world.rdv.uuid, DOMAIN)


def test_a_reply_reaches_each_agent_once(world, receive):
    world.rdv.agents.add(world.same_service)
    attachment = {"Name": "certificat.pdf", "ContentType": "application/pdf", "DownloadToken": "t"}
    for _ in range(2):  # the provider says it twice
        left = receive(to=f"autre@exemple.fr, {to_rdv(world).upper()}", Attachments=[attachment])
    assert {one.recipient for one in left} == {world.owner.email, world.same_service.email}
    assert len(left) == 2
    for one in left:
        assert (one.kind, one.rdv, one.reply_to) == ("usager_reply_agent", world.rdv, "")
        for text in (one.body, one.html):
            assert world.usager.full_name in text
            assert "Je serai en retard." in text
            assert "certificat.pdf" in text
            assert f"/rdv/{world.rdv.uuid}/" in text
            assert "Votre RDV" not in text
            assert "lea@exemple.fr" not in text
        assert "11 janvier 2027" in one.subject


def test_the_author_is_the_participant_the_responsable_or_an_address(world, receive):
    parent = UsagerFactory(territoire=world.territoire, email="parent@exemple.fr")
    world.usager.responsable, world.usager.account = parent, None
    world.usager.save()
    (first,) = receive(to=to_rdv(world), sender="parent@exemple.fr")
    assert parent.full_name in first.body
    _, second = receive(
        to="x@exemple.fr",
        sender='"<b>voisin</b>" <voisin@exemple.fr>',
        text="<script>alert(1)</script>",
        headers={"Cc": to_rdv(world), "Message-ID": "<2@exemple.fr>"},
    )
    assert "voisin@exemple.fr" in second.body
    assert "<script>" not in second.html
    *_, third = receive(to=to_rdv(world), sender="<b> <", headers={"Message-ID": "<3@exemple.fr>"})
    assert "Une adresse illisible a répondu" in third.body


def test_without_agents_the_organisation_answers_then_support(world, receive):
    world.owner.account.email = "owner@exemple.fr"
    world.owner.deactivated_at = world.rdv.created_at
    world.owner.save()
    world.organisation.email = "ccas@exemple.fr"
    world.organisation.save()
    assert [one.recipient for one in receive(to=to_rdv(world))] == ["ccas@exemple.fr"]
    world.organisation.email = ""
    world.organisation.save()
    last = receive(to=to_rdv(world), headers={"Message-ID": "<3@exemple.fr>"})[-1]
    assert (last.recipient, last.kind) == ("support@exemple.fr", "usager_reply_lost")


def test_unknown_and_forged_addresses_go_to_support(world, receive):
    forged = to_rdv(world).replace("@", "0@")[1:]
    another = f"rdv+{world.rdv.uuid.hex}-{'0' * 20}@{DOMAIN}"
    gone = reply_address(uuid4(), DOMAIN)
    for number, address in enumerate([forged, another, gone]):
        (*_, last) = receive(to=address, headers={"Message-ID": f"<{number}@exemple.fr>"})
        assert (last.recipient, last.kind, last.rdv) == (
            "support@exemple.fr",
            "usager_reply_lost",
            None,
        )
        assert "lea@exemple.fr" in last.body.lower()


def test_words_of_an_unknown_character_set_are_not_lost(world, client):
    mail = f"From: lea@exemple.fr\r\nTo: {to_rdv(world)}\r\nContent-Type: text/plain; charset=%s"
    for number, charset in enumerate(["x-inconnu", "utf-8"]):
        raw = f"{mail % charset}\r\nMessage-ID: <{number}@exemple.fr>\r\n\r\nJ’arrive à midi."
        content = {"email_rfc822": raw, "email_rfc822_is_base64": False}
        relayed = [{"msys": {"relay_message": {"content": content, "protocol": "smtp"}}}]
        answer = client.post(
            URL.replace("brevo", "sparkpost"),
            json.dumps(relayed),
            content_type="application/json",
            headers={"Authorization": f"Basic {base64.b64encode(SECRET.encode()).decode()}"},
        )
        assert answer.status_code == 204
        assert "J’arrive à midi." in OutboxMessage.objects.latest("pk").body


def test_a_word_without_end_among_the_addresses_is_read_once(world, receive):
    """Once for each of its letters, it would hold a process for minutes."""
    (one,) = receive(to=f"{'a' * 300_000}, {to_rdv(world)}")
    assert one.rdv == world.rdv


@pytest.mark.parametrize(
    "mail",
    [
        {"headers": {"Auto-Submitted": "auto-replied"}},
        {"headers": {"Precedence": "bulk"}},
        {"headers": {"Return-Path": "<>"}},
        {"sender": f"rdv+boucle@{DOMAIN}"},
        {"sender": "RDV <rdv@localhost>"},
    ],
)
def test_loops_and_machines_end_here(world, receive, mail):
    assert receive(to=to_rdv(world), **mail) == []


def test_G08_only_the_provider_is_heard_and_only_with_a_domain(world, receive, settings):
    assert receive(to=to_rdv(world), secret="rdv:faux", status=403) == []
    settings.INBOUND_EMAIL_DOMAIN = ""
    assert receive(to=to_rdv(world), status=404) == []


def test_reply_to_of_usagers_mails_and_of_agents(world, settings):
    mail = OutboxMessageFactory(
        rdv=world.rdv, participation=world.rdv.participations.get(), reply_to="ccas@exemple.fr"
    )
    assert build(mail).reply_to == [to_rdv(world)]
    assert build(OutboxMessageFactory(rdv=world.rdv)).reply_to == []
    settings.INBOUND_EMAIL_DOMAIN = ""
    assert build(mail).reply_to == ["ccas@exemple.fr"]


def test_E10_an_answer_to_a_message_about_several_rdvs_reaches_their_agents_once(
    world, receive, settings
):
    both = RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.owner, world.same_service],
        starts_at=world.rdv.starts_at + timedelta(days=1),
    )
    mail = OutboxMessageFactory(kind="rdvs_cancelled", reply_to="ccas@exemple.fr")
    for rdv in (world.rdv, both):
        OutboxMessageFactory(
            kind="rdv_cancelled", rdv=rdv, state="grouped", grouped_in=mail, organisation=None
        )
    (address,) = build(mail).reply_to
    left = receive(to=address)
    assert [(one.recipient, one.rdv) for one in left] == [
        (world.owner.account.email, world.rdv),
        (world.same_service.account.email, both),
    ]
    forged = address.replace("rdvs+", "rdv+")
    (*_, last) = receive(to=forged, headers={"Message-ID": "<8@exemple.fr>"})
    assert last.kind == "usager_reply_lost"
    settings.INBOUND_EMAIL_DOMAIN = ""
    assert build(mail).reply_to == ["ccas@exemple.fr"]


def test_a_mail_with_a_nul_and_a_long_address_is_forwarded(world, receive):
    left = receive(
        to=to_rdv(world),
        sender=f"Léa <{'a' * 5000}@exemple.fr>",
        text="Bonjour\0 <script>x()</script>",
        headers={"Message-ID": "<a\0>"},
    )
    assert [one.recipient for one in left] == [world.owner.email]
    assert "Bonjour" in left[0].body
    assert "<script>" not in left[0].html
