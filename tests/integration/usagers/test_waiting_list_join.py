"""A09: somebody who found nothing leaves an address, proven by a code, removed by one link."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from motifs.models import Motif
from notifications.models import OutboxMessage
from planning.models import WaitingListEntry
from planning.services.waiting_list_join import MOST_ENTRIES
from tests.factories import (
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.planning.waiting_world import link
from tests.integration.usagers.journey import NINE, NOW

pytestmark = pytest.mark.django_db

CODE, JOINED = reverse("usagers:waiting_list_code"), reverse("usagers:waiting_list_joined")
ANA, MOBILE = "ana@exemple.fr", "06 39 98 12 34"


def fill(world):
    """Take the whole morning of the plage."""
    RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.plage.agent],
        usagers=[UsagerFactory(territoire=world.organisation.territoire)],
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=3),
    )


def digits():
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.findall(r"\b\d{6}\b", message.body)[0]


def join(client, world, **address):
    return client.post(world.url("waiting"), address or {"email": ANA})


@pytest.fixture
def full(world):
    fill(world)
    return world


def test_A09_from_the_page_without_creneau_to_the_list_and_out(client, full):
    page = client.get(full.url("slot"))
    assert "Aucun créneau en ligne" in page.text
    assert reverse("usagers:booking_waiting", args=[full.organisation.slug]) in page.text
    page = client.get(full.url("waiting"))
    assert page.status_code == 200
    assert "Ou téléphone mobile" in page.text
    assert "motif" not in page.text.lower().replace("motif=", "")
    assert join(client, full, email="Ana.@exemple.fr").url == CODE
    assert WaitingListEntry.objects.count() == 0  # nothing before the code
    page = client.post(CODE, {"code": "000 00"})
    assert page.status_code == 422
    assert client.post(CODE, {"code": digits()}).url == JOINED
    assert client.get(JOINED).status_code == 200
    entry = WaitingListEntry.objects.get()
    assert (entry.email, entry.motif, entry.lieu) == (ANA, full.motif, full.lieu)
    assert (entry.created_at, entry.confirmed_at, entry.end) == (NOW, NOW, "")
    assert client.get(CODE).status_code == 404  # used
    message = OutboxMessage.objects.get(kind="waiting_list_joined")
    removal = link("waiting_list_joined")
    assert removal in message.html
    assert removal.split("/")[2] not in message.subject + (entry.removal_digest or "")
    stranger = Client()
    page = stranger.get(removal)
    assert "Quitter la liste d’attente ?" in page.text
    assert ANA not in page.text
    entry.refresh_from_db()
    assert entry.ended_at is None  # a GET changes nothing
    for _twice in range(2):
        assert "Vous n’êtes plus sur la liste" in stranger.post(removal).text
    entry.refresh_from_db()
    assert (entry.end, entry.ended_at) == ("removed", NOW)


def test_A09_a_known_address_gets_the_same_pages_and_keeps_its_place(client, full):
    for visitor in (client, Client()):
        assert join(visitor, full).url == CODE
        assert visitor.post(CODE, {"code": digits()}).url == JOINED
    assert WaitingListEntry.objects.count() == 1
    kinds = OutboxMessage.objects.filter(kind="waiting_list_joined", recipient=ANA)
    assert kinds.count() == 2
    # The former link is dead: the latest one removes.
    assert client.get(link("waiting_list_joined")).status_code == 200


def test_A09_a_mobile_is_told_by_sms_a_landline_is_refused(client, full):
    page = join(client, full, phone_number="03 21 00 00 00")
    assert page.status_code == 422
    assert "ne reçoit pas de SMS" in page.text
    page = join(client, full, email="", phone_number="")
    assert page.status_code == 422
    assert join(client, full, phone_number=MOBILE).url == CODE
    assert client.post(CODE, {"code": digits()}).url == JOINED
    entry = WaitingListEntry.objects.get()
    assert (str(entry.phone_number), entry.email) == ("+33639981234", "")
    message = OutboxMessage.objects.get(kind="waiting_list_joined")
    assert message.sms_segments <= 2
    assert full.motif.name not in message.body


def test_A09_all_the_lieux_or_one(client, full):
    other = LieuFactory(organisation=full.organisation, name="Annexe")
    plage = PlageOuvertureFactory(lieu=other, motifs=[full.motif])
    RdvFactory(
        motif=full.motif,
        lieu=other,
        agents=[plage.agent],
        usagers=[UsagerFactory(territoire=full.organisation.territoire)],
        starts_at=NINE,
        ends_at=NINE + timedelta(hours=3),
    )
    everywhere = full.url("waiting", lieu="")
    assert everywhere.split("?")[0] in client.get(full.url("lieu", lieu="")).text
    page = client.get(everywhere)
    assert "Tous les lieux" in page.text
    assert "Annexe" in page.text
    assert client.post(everywhere, {"email": ANA}).status_code == 422
    for place in (f"partout:{full.organisation.slug}", str(other.uuid)):
        assert client.post(everywhere, {"email": ANA, "place": place}).url == CODE
        client.post(CODE, {"code": digits()})
    assert set(WaitingListEntry.objects.values_list("lieu", flat=True)) == {None, other.pk}


def test_A09_nobody_waits_for_what_is_free_closed_or_not_waited_for(client, world):
    assert client.get(world.url("waiting")).status_code == 302  # free
    fill(world)
    Motif.objects.update(has_waiting_list=False)
    assert "liste-d-attente" not in client.get(world.url("slot")).text
    assert client.get(world.url("waiting")).status_code == 302
    assert join(client, world).status_code == 302
    assert not OutboxMessage.objects.filter(kind="contact_code").exists()


def test_A09_few_codes_an_hour_and_ten_entries_an_address(client, full):
    for _time in range(5):
        join(client, full)
    page = join(client, full)
    assert page.status_code == 429
    assert "Trop de demandes" in page.text
    for _rank in range(MOST_ENTRIES):
        motif = MotifFactory(organisation=full.organisation, booking_level="usagers")
        WaitingListEntry.objects.create(
            motif=motif, email="bob@exemple.fr", confirmed_at=NOW, created_at=NOW
        )
    visitor = Client()
    join(visitor, full, email="bob@exemple.fr")
    page = visitor.post(CODE, {"code": digits()})
    assert page.status_code == 422
    assert "Vous attendez déjà dix rendez-vous" in page.text


def test_A09_agents_see_how_many_wait_and_no_name(client, cast):
    for address in ({"email": ANA}, {"phone_number": "+33639981234"}):
        WaitingListEntry.objects.create(
            motif=cast.rdv.motif, confirmed_at=NOW, created_at=NOW, **address
        )
    client.force_login(cast.admin.account)
    page = client.get(reverse("motifs:motif_list", args=[cast.organisation.uuid]))
    assert "2 personnes sur la liste d’attente" in page.text
    assert ANA not in page.text
