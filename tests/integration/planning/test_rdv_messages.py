"""C04, C07: the log of messages on the page of a RDV, resend, blocked addresses."""

from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from agents.models import AuditEntry
from agents.queries.actor import agent_actor
from notifications.delivery import deliver
from notifications.messages.reply import Reader, Reply, forward_reply
from notifications.models import BlockedAddress, Failure, OutboxMessage, State
from planning.models import Participation
from planning.services.rdv_announce import announce_cancelled, announce_joined
from tests.factories import (
    BlockedAddressFactory,
    OutboxMessageFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW

EMAIL, PHONE = "lea@exemple.fr", "+33612345678"


@pytest.fixture
def world(cast):
    cast.usager.first_name, cast.usager.email, cast.usager.phone_number = "Léa", EMAIL, PHONE
    cast.usager.save()
    with time_machine.travel(NOW, tick=False):
        yield cast


@pytest.fixture
def lost(world):
    """The confirmation of the RDV, lost for the reason given, by the channel given."""

    def make(failure=Failure.UNREACHABLE, state=State.FAILED, **columns):
        return OutboxMessageFactory(
            kind="rdv_created",
            rdv=world.rdv,
            organisation=world.organisation,
            participation=world.rdv.participations.get(),
            recipient_name=world.usager.full_name,
            state=state,
            closed_at=NOW,
            failure=failure,
            **columns,
        )

    return make


def page(client, world, who="owner"):
    world.sign_in(client, who)
    return client.get(reverse("planning:rdv_detail", args=[world.rdv.uuid])).content.decode()


def resend(client, world, message):
    return client.post(reverse("planning:message_resend", args=[world.rdv.uuid, message.uuid]))


def test_C04_C02_the_log_says_each_state_in_words(
    client, world, lost, django_assert_max_num_queries
):
    lost(Failure.CREDIT, sms=True, sms_segments=1, provider_segments=2)
    OutboxMessageFactory(rdv=world.rdv)
    OutboxMessageFactory(rdv=world.rdv, state=State.SENT, sent_at=NOW)
    OutboxMessageFactory(rdv=world.rdv, state=State.SENT, sent_at=NOW, delivered_at=NOW)
    html = page(client, world)
    for words in (
        "en attente",
        "envoyé",
        "remis",
        "échec",
        "06 12 34 56 78",
        "2&nbsp;SMS",
        "Confirmation, SMS",
        "Crédit SMS épuisé.",
        "Prévenez l’administrateur du territoire",
        EMAIL,
    ):
        assert words in html, words
    assert html.count("Renvoyer") == 1
    for _ in range(6):
        OutboxMessageFactory(rdv=world.rdv)
    with django_assert_max_num_queries(42):
        page(client, world)


def test_C04_a_lost_message_leaves_again_with_the_data_of_today(client, world, lost):
    message = lost()
    world.usager.email = "nouvelle@exemple.fr"
    world.usager.save()
    page(client, world)
    assert resend(client, world, message).status_code == 302
    fresh = OutboxMessage.objects.latest("pk")
    assert (fresh.kind, fresh.recipient, fresh.state) == (
        "rdv_created",
        "nouvelle@exemple.fr",
        State.QUEUED,
    )
    assert "/r/" in fresh.secret_link
    assert fresh.secret_link in fresh.body
    refused = resend(client, world, message)  # a double click
    assert refused.status_code == 422
    assert "Un message plus récent remplace celui-ci." in refused.content.decode()
    assert OutboxMessage.objects.count() == 2
    assert "Renvoyer" not in page(client, world)


def test_C04_what_is_refused_says_why(client, world, lost):
    message = lost(sms=True)
    page(client, world)
    BlockedAddressFactory(channel="sms", address=PHONE, reason="number")
    assert "faites-la d’abord débloquer" in resend(client, world, message).content.decode()
    BlockedAddress.objects.all().delete()
    world.usager.notifies_by_sms = False
    world.usager.save()
    assert "n’en veut plus" in resend(client, world, message).content.decode()
    with time_machine.travel(world.rdv.starts_at, tick=False):
        world.sign_in(client, "owner")
        assert "déjà commencé" in resend(client, world, message).content.decode()
    assert OutboxMessage.objects.count() == 1


def test_C07_a_blocked_address_is_shown_and_cleared_by_an_admin(client, world, lost):
    block = BlockedAddressFactory(at=NOW - timedelta(days=3), reason="complaint")
    BlockedAddressFactory(address="autre@exemple.fr")
    message = lost(Failure.BLOCKED, State.ABANDONED)
    html = page(client, world)
    assert "Une adresse ne reçoit plus nos messages" in html
    assert "signalé comme indésirable" in html
    assert "demandez à un administrateur" in html
    assert "Débloquer<" not in html
    assert "Renvoyer" not in html
    as_admin = page(client, world, "admin")
    form = as_admin[: as_admin.index("Débloquer<")].rpartition("<form")[2]
    assert "csrfmiddlewaretoken" in form
    url = reverse(
        "planning:blocked_address_clear",
        args=[world.organisation.uuid, world.usager.uuid, block.uuid],
    )
    back = reverse("planning:rdv_detail", args=[world.rdv.uuid])
    for target, goes_to in ((back, back), ("https://ailleurs.example/", reverse("agents:home"))):
        response = client.post(url, {"next": target})
        assert (response.status_code, response.url) == (302, goes_to)
    block.refresh_from_db()
    assert (block.cleared_at, block.cleared_by) == (NOW, world.admin)
    entry = AuditEntry.objects.get(action="address_unblocked")
    assert (entry.agent, entry.object_uuid) == (world.admin, world.usager.uuid)
    fresh = OutboxMessage.objects.get(pk__gt=message.pk)  # said again, once
    deliver(message_id=fresh.pk, now=NOW)
    fresh.refresh_from_db()
    assert (fresh.state, fresh.recipient) == (State.SENT, EMAIL)
    assert "Une adresse ne reçoit plus" not in page(client, world)


def test_C07_only_an_address_of_a_fiche_of_the_organisation_is_cleared(client, world):
    of_another = BlockedAddressFactory(address="autre@exemple.fr")
    of_theirs = BlockedAddressFactory()
    world.sign_in(client, "territoire_admin")
    for organisation, block in (
        (world.organisation, of_another),
        (world.elsewhere_organisation, of_theirs),
    ):
        args = [organisation.uuid, world.usager.uuid, block.uuid]
        client.post(reverse("planning:blocked_address_clear", args=args))
        block.refresh_from_db()
        assert block.cleared_at is None


def test_C07_the_address_of_a_responsable_is_the_one_that_is_watched(client, world):
    world.usager.account = None
    world.usager.responsable = type(world.usager).objects.create(
        territoire=world.territoire, first_name="Ada", last_name="Mere", email="ada@exemple.fr"
    )
    world.usager.save()
    BlockedAddressFactory()
    assert "Une adresse ne reçoit plus" not in page(client, world)
    BlockedAddressFactory(address="ada@exemple.fr")
    assert "ada@exemple.fr</strong>" in page(client, world)


def test_C04_D01_a_lost_mail_of_an_agent_leaves_again_with_the_version_of_today(client, world):
    lost = OutboxMessageFactory(
        kind="rdv_changed_agent",
        rdv=world.rdv,
        organisation=world.organisation,
        recipient="ancienne@exemple.fr",
        dedup_key=f"rdv_changed_agent:{world.rdv.pk}:0:email:agent:{world.owner.pk}",
        state=State.FAILED,
        closed_at=NOW,
        failure=Failure.UNREACHABLE,
    )
    world.rdv.version = 4
    world.rdv.save()
    assert page(client, world, "owner").count("Renvoyer") == 1
    assert resend(client, world, lost).status_code == 302
    fresh = OutboxMessage.objects.latest("pk")
    assert (fresh.kind, fresh.recipient) == ("rdv_created_agent", world.owner.account.email)
    assert "METHOD:REQUEST" in fresh.ics
    assert "SEQUENCE:4" in fresh.ics
    assert fresh.expires_at == world.rdv.starts_at
    assert world.usager.full_name not in fresh.body + fresh.ics  # decision 6
    assert "plus récent" in resend(client, world, lost).content.decode()


def test_C04_D01_who_left_the_rdv_reads_again_what_they_knew(client, world):
    gone = world.same_service
    removed = OutboxMessageFactory(
        kind="rdv_removed_agent",
        rdv=world.rdv,
        organisation=world.organisation,
        dedup_key=f"rdv_removed_agent:{world.rdv.pk}:1:email:agent:{gone.pk}",
        body="Ce RDV a été retiré de votre agenda.",
        ics="BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSEQUENCE:1\r\n",
        ics_method="CANCEL",
        state=State.FAILED,
        closed_at=NOW,
        failure=Failure.UNREACHABLE,
        expires_at=NOW + timedelta(hours=2),
    )
    page(client, world)
    with time_machine.travel(NOW + timedelta(hours=3), tick=False):
        world.sign_in(client, "owner")
        assert resend(client, world, removed).status_code == 422  # what they knew has begun
    world.sign_in(client, "owner")
    assert resend(client, world, removed).status_code == 302
    fresh = OutboxMessage.objects.latest("pk")
    assert (fresh.recipient, fresh.ics, fresh.body) == (
        gone.account.email,
        removed.ics,
        removed.body,
    )
    world.rdv.agents.add(gone)
    fresh.state, fresh.closed_at, fresh.failure = State.FAILED, NOW, Failure.UNREACHABLE
    fresh.save()
    assert "n’est plus vrai" in resend(client, world, fresh).content.decode()


def lose(message):
    message.state, message.closed_at, message.failure = State.FAILED, NOW, Failure.UNREACHABLE
    message.save()
    return message


def latest():
    return OutboxMessage.objects.latest("pk")


def test_C04_E07_lost_news_of_the_people_leave_again(client, world):
    actor = agent_actor(world.admin)
    tom = UsagerFactory(territoire=world.territoire, first_name="Tom", last_name="Petit")
    row = Participation.objects.create(
        rdv=world.rdv, usager=tom, created_by_agent=world.owner, created_at=NOW
    )
    announce_joined(world.rdv, actor=actor, now=NOW, participation_ids=[row.pk])
    lost = lose(OutboxMessage.objects.get(kind="participation_added_agent"))
    assert page(client, world).count("Nouvelle participation") == 1
    assert resend(client, world, lost).status_code == 302
    fresh = latest()
    assert (fresh.kind, fresh.recipient) == (lost.kind, world.owner.account.email)
    assert "Inscription à ce RDV : Tom PETIT." in fresh.body
    assert world.usager.full_name not in fresh.body
    assert "plus récent" in resend(client, world, lost).content.decode()
    row.status = "excused"
    row.cancelled_at = NOW
    row.save()
    lose(fresh)
    assert "n’est plus vrai" in resend(client, world, fresh).content.decode()
    announce_cancelled(world.rdv, actor=actor, now=NOW, participations=[row])
    left = lose(OutboxMessage.objects.get(kind="participation_cancelled_agent"))
    assert resend(client, world, left).status_code == 302
    assert "Une participation à ce RDV a été annulée." in latest().body


def test_C04_a_lost_answer_of_an_usager_is_handed_over_again(client, world):
    world.organisation.email = "ccas@exemple.fr"
    world.organisation.save()
    reply = Reply("lea@exemple.fr", "Léa", "J’ai oublié un papier.", (), key="1")
    readers = [Reader(world.owner.email, agent_id=world.owner.pk), Reader("vieux@exemple.fr")]
    with transaction.atomic():
        forward_reply(reply, rdv=world.rdv, readers=readers, rdv_url="https://x", now=NOW)
    to_agent, to_organisation = OutboxMessage.objects.order_by("pk")
    lose(to_agent)
    lose(to_organisation)
    after = world.rdv.starts_at + timedelta(hours=1)
    with time_machine.travel(after, tick=False):
        assert page(client, world).count("Renvoyer") == 2
        for lost, address in ((to_agent, world.owner.email), (to_organisation, "ccas@exemple.fr")):
            assert resend(client, world, lost).status_code == 302
            fresh = latest()
            assert (fresh.recipient, fresh.body) == (address, lost.body)
            assert "plus récent" in resend(client, world, lost).content.decode()
        lose(OutboxMessage.objects.get(dedup_key__contains=":agent:", state=State.QUEUED))
        world.rdv.agents.set([world.same_service])  # who left reads no words of usagers
        left = OutboxMessage.objects.get(dedup_key__contains=":again-", state=State.FAILED)
        assert "n’est plus vrai" in resend(client, world, left).content.decode()
