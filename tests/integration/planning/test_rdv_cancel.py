"""E06: an agent cancels a RDV from its page."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from motifs.models import Visibility
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent


@pytest.fixture
def url(cast):
    start = timezone.now() + timedelta(days=5)
    Rdv.objects.filter(pk=cast.rdv.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    return reverse("planning:rdv_cancel", args=[cast.rdv.uuid])


def text_of(response):
    return " ".join(response.content.decode().split())


def test_E06_the_page_names_who_will_be_told(client, cast, url):
    client.force_login(cast.same_service.account)
    text = text_of(client.get(url))
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in text
    assert f"{cast.owner.full_name} (agent), par e-mail" in text
    assert "Ne sera pas prévenu" not in text


def test_E06_the_author_gets_no_mail_of_what_they_did(client, cast, url):
    client.force_login(cast.owner.account)
    assert f"{cast.owner.full_name} (agent)" not in text_of(client.get(url))


@pytest.mark.parametrize("reason", ["no channel", "silent motif", "switched off"])
def test_E06_who_cannot_be_told_is_named(client, cast, url, reason):
    if reason == "no channel":
        cast.usager.notifies_by_email = cast.usager.notifies_by_sms = False
        cast.usager.save()
    elif reason == "silent motif":
        cast.motif.visibility = Visibility.SILENT
        cast.motif.save()
    else:
        cast.rdv.participations.update(notifies_changes=False)
    client.force_login(cast.owner.account)
    text = text_of(client.get(url))
    assert f"Ne sera pas prévenu : {cast.usager.full_name}." in text
    assert "Personne ne sera prévenu." in text


def test_E06_nobody_is_told_of_a_rdv_that_has_begun(client, cast, url):
    start = timezone.now() - timedelta(minutes=5)
    Rdv.objects.filter(pk=cast.rdv.pk).update(starts_at=start, ends_at=start + timedelta(hours=1))
    client.force_login(cast.owner.account)
    assert "personne ne sera prévenu" in text_of(client.get(url))
    client.post(url)
    assert Rdv.objects.get().status == "revoked"
    assert not OutboxMessage.objects.exists()


def test_E06_looking_at_the_page_changes_nothing(client, cast, url):
    client.force_login(cast.owner.account)
    client.get(url)
    assert Rdv.objects.get().status == "unknown"


def test_E06_cancelling_frees_the_time_tells_people_and_keeps_the_history(client, cast, url):
    client.force_login(cast.same_service.account)
    response = client.post(url)
    detail = reverse("planning:rdv_detail", args=[cast.rdv.uuid])
    assert response.headers["Location"] == detail
    assert Rdv.objects.get().status == "revoked"
    assert AgentRdv.objects.get().holds_time is False
    told = set(OutboxMessage.objects.values_list("recipient", "channel"))
    assert told == {
        (cast.usager.email, "email"),
        ("+33612345678", "sms"),
        (cast.owner.email, "email"),
    }
    event = RdvEvent.objects.get()
    assert (event.action, event.author_agent) == ("cancelled", cast.same_service)
    text = text_of(client.get(detail))
    assert "Le RDV est annulé." in text
    assert "Annulé par le service" in text
    assert "Statut : À venir ou à renseigner → Annulé par le service" in text


def test_E06_do_not_tell(client, cast, url):
    client.force_login(cast.same_service.account)
    client.post(url, {"keeps_silent": "on"})
    assert Rdv.objects.get().status == "revoked"
    assert not OutboxMessage.objects.exists()


def test_E06_a_second_cancelling_is_refused_with_its_reason(client, cast, url):
    client.force_login(cast.owner.account)
    client.post(url)
    response = client.post(url)
    assert response.status_code == 422
    assert "Ce rendez-vous est déjà annulé." in text_of(response)
    assert RdvEvent.objects.count() == 1


@pytest.mark.parametrize("status", ["seen", "noshow"])
def test_E06_a_rdv_that_took_place_is_not_cancelled(client, cast, url, status):
    Rdv.objects.filter(pk=cast.rdv.pk).update(status=status)
    client.force_login(cast.owner.account)
    assert "<form method" not in text_of(client.get(url)).split("<main")[1].split("</main")[0]
    response = client.post(url)
    assert response.status_code == 422
    assert "Le statut de ce rendez-vous est déjà renseigné" in text_of(response)
    assert Rdv.objects.get().status == status


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager"])
def test_decision_14_who_may_not_know_the_rdv_finds_nothing(client, cast, url, who, method):
    cast.sign_in(client, who)
    assert getattr(client, method)(url).status_code == 404
    assert Rdv.objects.get().status == "unknown"
