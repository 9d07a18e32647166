"""G10: lieux through their pages."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from motifs.models import Availability, Lieu
from motifs.services.lieu_edit import LieuFields, LieuRefused, delete_lieu, update_lieu
from tests.address_service import ARRAS, running
from tests.factories import LieuFactory
from tests.factories.planning import NOW

BASE = {"name": "Annexe", "address": "3 place Verte, 62000 Arras", "phone_number": "03 21 00 00 01"}


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def admin(client, cast):
    client.force_login(cast.admin.account)
    return cast.admin


@pytest.fixture
def list_url(cast):
    return reverse("motifs:lieu_list", args=[cast.organisation.uuid])


@pytest.fixture
def create_url(cast):
    return reverse("motifs:lieu_create", args=[cast.organisation.uuid])


def test_G10_create(client, cast, admin, create_url, list_url):
    assertRedirects(client.post(create_url, BASE), list_url)
    lieu = Lieu.objects.get(name="Annexe")
    assert (lieu.organisation, lieu.availability) == (cast.organisation, Availability.OPEN)
    assert str(lieu.phone_number) == "+33321000001"
    assertContains(client.get(list_url), "03 21 00 00 01")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 10_000}, "name"),
        ({"address": ""}, "address"),
        ({"phone_number": "12"}, "phone_number"),
    ],
)
def test_G10_bad_input_is_refused_beside_its_field(client, admin, create_url, changes, field):
    response = client.post(create_url, {**BASE, **changes})
    assert response.status_code == 422
    assert field in response.context["form"].errors


def test_G10_two_open_lieux_never_share_a_name(client, cast, admin, create_url, list_url):
    response = client.post(create_url, {**BASE, "name": cast.lieu.name})
    assertContains(response, "porte déjà ce nom", status_code=422)
    closed = LieuFactory(
        organisation=cast.organisation, name=cast.lieu.name, availability=Availability.CLOSED
    )
    page = client.post(reverse("motifs:lieu_reopen", args=[closed.uuid]), follow=True)
    assertContains(page, "porte déjà ce nom")
    closed.refresh_from_db()
    assert closed.availability == Availability.CLOSED


def test_G10_only_an_unused_lieu_is_deleted(client, cast, admin, list_url):
    url = reverse("motifs:lieu_delete", args=[cast.lieu.uuid])
    assertContains(client.get(url), "il ne peut pas être supprimé")
    client.post(url)
    assert Lieu.objects.filter(pk=cast.lieu.pk).exists()
    with pytest.raises(LieuRefused):
        delete_lieu(lieu_id=cast.lieu.pk, actor=cast.actor("admin"), now=NOW)
    unused = LieuFactory(organisation=cast.organisation)
    page = client.get(list_url)
    assertContains(page, reverse("motifs:lieu_delete", args=[unused.uuid]))
    assertNotContains(page, url)
    client.post(reverse("motifs:lieu_delete", args=[unused.uuid]))
    assert not Lieu.objects.filter(pk=unused.pk).exists()


def test_G10_a_new_address_forgets_the_old_coordinates(client, cast, admin):
    Lieu.objects.filter(pk=cast.lieu.pk).update(latitude=50.29, longitude=2.78)
    url = reverse("planning:lieu_edit", args=[cast.lieu.uuid])
    client.post(url, {"name": "Autre nom", "address": cast.lieu.address})
    cast.lieu.refresh_from_db()
    assert cast.lieu.latitude == 50.29
    client.post(url, {"name": "Autre nom", "address": "Ailleurs", "asked": "1", "tell": "no"})
    cast.lieu.refresh_from_db()
    assert (cast.lieu.name, cast.lieu.latitude, cast.lieu.longitude) == ("Autre nom", None, None)


def test_G10_the_address_is_placed_when_the_service_answers(client, admin, create_url, settings):
    with running(settings) as service:
        service.finds(ARRAS)
        client.post(create_url, BASE)
        lieu = Lieu.objects.get(name="Annexe")
        assert (lieu.latitude, lieu.longitude) == (50.291002, 2.777535)
        service.says(500, {})
        edit = reverse("planning:lieu_edit", args=[lieu.uuid])
        client.post(edit, {**BASE, "phone_number": "03 21 00 00 02"})
        lieu.refresh_from_db()
        assert lieu.latitude == 50.291002, "the same address stays where it is"
        client.post(edit, {**BASE, "address": "4 place Verte, Arras"})
        lieu.refresh_from_db()
        assert (lieu.address, lieu.latitude) == ("4 place Verte, Arras", None)


def test_G10_a_one_off_lieu_belongs_to_its_rdv(client, cast, admin, list_url):
    lieu = LieuFactory(
        organisation=cast.organisation, name="Ponctuel", availability=Availability.SINGLE_USE
    )
    assertNotContains(client.get(list_url), "Ponctuel")
    for name in ("planning:lieu_edit", "planning:lieu_close", "motifs:lieu_delete"):
        assert client.get(reverse(name, args=[lieu.uuid])).status_code == 404
    with pytest.raises(LieuRefused):
        update_lieu(
            lieu_id=lieu.pk,
            fields=LieuFields(name="x", address="y"),
            actor=cast.actor("admin"),
            now=NOW,
        )


def test_G10_names_are_text_whatever_they_hold(client, admin, create_url, list_url):
    client.post(create_url, {**BASE, "name": "<u>Annexe</u> 🏛"})
    assertContains(client.get(list_url), "&lt;u&gt;Annexe&lt;/u&gt; 🏛")


def test_G10_the_list_reads_a_constant_number_of_rows(
    client, cast, admin, list_url, django_assert_max_num_queries
):
    LieuFactory.create_batch(20, organisation=cast.organisation)
    with django_assert_max_num_queries(16):
        client.get(list_url)
