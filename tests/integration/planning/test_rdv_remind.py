"""E06, C01: the reminder that an agent sends by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import RdvEvent
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_lock import RdvRefused
from planning.services.rdv_remind import remind_rdv
from tests.factories.planning import NOW


def remind(cast, *, who="owner", now=NOW):
    return remind_rdv(rdv_id=cast.rdv.pk, actor=cast.actor(who), now=now)


def told():
    return list(OutboxMessage.objects.order_by("pk").values_list("kind", "channel"))


def test_E06_by_mail_and_sms_with_a_line_in_the_history(cast):
    assert remind(cast) == 2
    assert told() == [("rdv_reminder", "email"), ("rdv_reminder", "sms")]
    email, sms = OutboxMessage.objects.order_by("pk")
    assert email.subject == "Rappel : rendez-vous lundi 11 janvier 2027 à 10 h"
    assert sms.body.startswith("Rappel RDV lundi 11/01 à 10h00\n")
    assert cast.motif.name not in sms.body
    assert (sms.sms_segments, email.expires_at) == (1, cast.rdv.starts_at)
    event = RdvEvent.objects.get()
    assert (event.action, event.author_agent) == ("reminded", cast.owner)


def test_decision_32_a_double_click_reminds_once(cast):
    remind(cast)
    assert remind(cast, who="admin", now=NOW + timedelta(seconds=1)) == 0
    assert (len(told()), RdvEvent.objects.count()) == (2, 1)


def test_E06_another_day_reminds_again(cast):
    remind(cast)
    assert remind(cast, now=NOW + timedelta(days=1)) == 2
    assert len(told()) == 4


def test_C01_who_wants_no_reminder_gets_none(cast):
    cast.rdv.participations.update(notifies_reminder=False, notifies_changes=True)
    with pytest.raises(RdvRefused, match="Personne"):
        remind(cast)
    assert not RdvEvent.objects.exists()
    cast.rdv.participations.update(notifies_reminder=True, notifies_changes=False)
    assert remind(cast) == 2


def test_decision_7_a_silent_motif_reminds_nobody(cast):
    cast.motif.visibility = "visible_and_not_notified"
    cast.motif.save()
    with pytest.raises(RdvRefused, match="Personne"):
        remind(cast)


def test_E06_neither_begun_nor_cancelled(cast):
    with pytest.raises(RdvRefused, match="déjà commencé"):
        remind(cast, now=cast.rdv.starts_at)
    cancel_rdv(rdv_id=cast.rdv.pk, actor=cast.actor("owner"), now=NOW, notifies=False)
    with pytest.raises(RdvRefused, match="annulé"):
        remind(cast)
    assert told() == []


def test_E06_a_cancellation_withdraws_the_reminder(cast):
    remind(cast)
    cancel_rdv(rdv_id=cast.rdv.pk, actor=cast.actor("owner"), now=NOW)
    states = set(OutboxMessage.objects.filter(kind="rdv_reminder").values_list("state"))
    assert states == {("abandoned",)}


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager", "nobody"])
def test_G01_who_may_not_touch_the_rdv_reminds_nobody(cast, who):
    with pytest.raises(RdvRefused):
        remind(cast, who=who)
    assert told() == []


# The button


@pytest.fixture
def url(cast, client):
    client.force_login(cast.owner.account)
    return reverse("planning:rdv_remind", args=[cast.rdv.uuid])


def test_E06_the_button_sends_and_says_so(client, cast, url):
    response = client.post(url, follow=True)
    assert "Le rappel part maintenant." in response.content.decode()
    response = client.post(url, follow=True)
    assert "Un rappel vient déjà de partir." in response.content.decode()
    assert len(told()) == 2


def test_E06_a_refused_reminder_is_a_422(client, cast, url):
    cast.rdv.participations.update(notifies_reminder=False)
    response = client.post(url)
    assert response.status_code == 422
    assert "Personne ne peut recevoir de rappel" in response.content.decode()
