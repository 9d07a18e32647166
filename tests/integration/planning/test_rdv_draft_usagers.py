"""E05, F01, decision 13: finding, masking and creating people while a RDV is prepared."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from agents.models import AuditEntry
from planning.models import Rdv
from tests.factories import UsagerFactory
from tests.integration.planning.rdv_drafts import TEN, confirm, content, full, start, url
from usagers.models import Rattachement, Usager

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("drafts_clock")]

SECRETS = ("1984", "39987766", "39 98 77 66", "lea.zola", "Cachée", "Mère")


@pytest.fixture
def agent(cast, client):
    cast.sign_in(client, "owner")
    return client


@pytest.fixture
def masked(cast):
    parent = UsagerFactory(
        territoire=cast.territoire, first_name="Mère", last_name="Zola", email="m@exemple.fr"
    )
    cast.masked_child = UsagerFactory(
        territoire=cast.territoire,
        first_name="Léo",
        last_name="Zola",
        email=None,
        phone_number="",
        responsable=parent,
    )
    return UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.elsewhere_organisation],
        first_name="Léa",
        last_name="Zola",
        birth_date=date(1984, 7, 24),
        phone_number="+33639987766",
        email="lea.zola@exemple.fr",
        address="3 rue Cachée",
    )


def assert_masked(answer, *, but=()):
    for secret in SECRETS:
        assert secret in but or secret not in answer.text, secret


def test_E05_a_search_is_posted_and_works_with_and_without_htmx(agent, cast):
    full(cast, usagers=())
    page = agent.post(url("usagers", cast), {"q": cast.usager.last_name})
    assert "<h1" in page.text
    part = agent.post(
        url("usagers", cast), {"q": cast.usager.last_name}, headers={"HX-Request": "true"}
    )
    assert "<h1" not in part.text
    assert "csrfmiddlewaretoken" in part.text
    for answer in (page, part):
        assert f'name="ajouter" value="{cast.usager.uuid}"' in answer.text
    nobody = agent.post(url("usagers", cast), {"q": "xyz"})
    assert "Personne ne correspond à « xyz »" in nobody.text


def test_decision_13_a_masked_person_stays_masked_until_the_rdv_is_booked(agent, cast, masked):
    full(cast, usagers=())
    shown = agent.post(url("usagers", cast), {"q": "lea zola"})
    assert_masked(shown, but=("lea.zola",))
    assert "lea.zola@" not in shown.text
    assert "l****a@exemple.fr" in shown.text
    agent.post(url("usagers", cast), {"ajouter": masked.uuid})
    assert not Rattachement.objects.filter(usager=masked, organisation=cast.organisation).exists()
    for step in ("usagers", "details", "confirm", "motif", "usager_new"):
        assert_masked(agent.get(url(step, cast)))
    page = agent.get(url("confirm", cast))
    assert "06 ** ** ** 66" in page.text
    (texts,) = page.context["texts"]
    assert texts.sms.body
    assert "Bonjour Léa" in texts.email.body
    confirm(agent, cast)
    rdv = Rdv.objects.get(starts_at=TEN)
    detail = agent.get(reverse("planning:rdv_detail", args=[rdv.uuid]))
    assert "lea.zola@exemple.fr" in detail.text


@pytest.mark.parametrize("location", ["telephone", "domicile", "visio"])
def test_decision_13_the_texts_of_a_masked_person_say_no_number_nor_address(
    agent, cast, masked, location
):
    cast.motif.rdvs.all().delete()
    type(cast.motif).objects.filter(pk=cast.motif.pk).update(location_type=location)
    full(cast, usagers=(masked.pk, cast.masked_child.pk))
    page = agent.get(url("confirm", cast))
    assert page.status_code == 200
    assert_masked(page)


def test_decision_13_an_error_says_nothing_more(agent, cast, masked):
    full(cast, usagers=())
    data = {
        "last_name": "Durand",
        "first_name": "Ana",
        "email": "LEA.zola@exemple.fr",
    }
    answer = agent.post(url("usager_new", cast), data)
    assert answer.status_code == 422
    assert "Léa ZOLA" in answer.text
    assert_masked(answer, but=("lea.zola",))  # the agent typed it
    seen = answer.context["seen"]
    again = agent.post(url("usager_new", cast), {**data, "seen": seen})
    assert again.status_code == 422
    assert "porte déjà cette adresse" in again.text
    assert f'name="ajouter" value="{masked.uuid}"' in again.text
    assert not Usager.objects.filter(last_name="Durand").exists()


def test_F01_created_on_the_spot_with_two_names(agent, cast):
    start(agent, cast, motif=cast.motif.uuid)
    page = agent.post(url("usager_new", cast), {"prefill": "1", "q": "zola léa"})
    assert page.context["form"]["last_name"].value() == "zola"
    assert page.context["form"]["first_name"].value() == "léa"
    answer = agent.post(url("usager_new", cast), {"last_name": "Zola", "first_name": "Léa"})
    usager = Usager.objects.get(last_name="Zola")
    assert answer.url == url("details", cast)
    assert content().usagers == (usager.pk,)
    assert usager.organisations.get() == cast.organisation


@pytest.mark.parametrize("typed", ["06 39 98", "lea@exemple.fr", ""])
def test_F01_a_number_or_an_address_is_no_name(agent, cast, typed):
    full(cast)
    page = agent.post(url("usager_new", cast), {"prefill": "1", "q": typed})
    assert page.context["form"].initial == {}


def test_F01_likely_duplicates_are_shown_before_saving(agent, cast):
    full(cast, usagers=())
    known = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        first_name="Léa",
        last_name="Zola",
    )
    data = {"last_name": "ZOLA", "first_name": "Lea", "address": "3 rue Haute"}
    answer = agent.post(url("usager_new", cast), data)
    assert answer.status_code == 422
    assert f'name="ajouter" value="{known.uuid}"' in answer.text
    assert "Créer quand même" in answer.text
    assert "3 rue Haute" in answer.text
    assert Usager.objects.filter(last_name__iexact="zola").count() == 1
    agent.post(url("usager_new", cast), {**data, "seen": answer.context["seen"]})
    assert Usager.objects.filter(last_name__iexact="zola").count() == 2


def test_F01_errors_come_back_with_what_was_typed(agent, cast):
    full(cast)
    data = {"last_name": "Zola", "phone_number": "12", "email": "nope"}
    answer = agent.post(url("usager_new", cast), data)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"first_name", "phone_number", "email"}
    assert 'value="nope"' in answer.text


def test_E05_several_people_and_their_families(agent, cast):
    child = UsagerFactory(
        territoire=cast.territoire,
        organisations=[cast.organisation],
        responsable=cast.usager,
        first_name="Tom",
        email=None,
    )
    full(cast)
    page = agent.get(url("usagers", cast))
    assert f'name="ajouter" value="{child.uuid}"' in page.text
    answer = agent.post(url("usagers", cast), {"ajouter": child.uuid})
    assert answer.url == url("usagers", cast)  # with more than one, the page stays
    form = agent.post(url("usager_new", cast), {"prefill": "1", "responsable": cast.usager.uuid})
    assert form.context["responsable"] == cast.usager
    data = {"last_name": "Martin", "first_name": "Zoé", "responsable": cast.usager.uuid}
    agent.post(url("usager_new", cast), data)
    zoe = Usager.objects.get(first_name="Zoé")
    assert zoe.responsable == cast.usager
    assert content().usagers == (cast.usager.pk, child.pk, zoe.pk)
    agent.post(url("usagers", cast), {"retirer": child.uuid})
    assert content().usagers == (cast.usager.pk, zoe.pk)
    confirm(agent, cast)
    assert Rdv.objects.get(starts_at=TEN).participations.count() == 2


def test_decision_13_a_masked_responsable_gets_no_proche_created(agent, cast, masked):
    full(cast)
    data = {"last_name": "Zola", "first_name": "Tom", "responsable": masked.uuid}
    page = agent.post(url("usager_new", cast), {**data, "prefill": "1"})
    assert page.context["responsable"] is None


def test_E05_the_pages_keep_their_number_of_statements(agent, cast, django_assert_max_num_queries):
    people = [
        UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
        for _ in range(6)
    ]
    for parent in people:
        UsagerFactory(territoire=cast.territoire, responsable=parent, email=None)
    full(cast, usagers=tuple(person.pk for person in people))
    for step, most in (("motif", 25), ("usagers", 30), ("details", 30), ("confirm", 35)):
        with django_assert_max_num_queries(most):
            assert agent.get(url(step, cast)).status_code == 200


def test_decision_12_a_search_by_an_admin_of_the_territoire_leaves_a_trace(cast, client):
    cast.sign_in(client, "territoire_admin")
    start(client, cast, motif=cast.motif.uuid)
    for _ in range(2):  # one look an hour
        client.post(url("usagers", cast), {"q": cast.usager.last_name})
    trace = AuditEntry.objects.get(action="usagers_searched")
    assert (trace.agent, trace.organisation) == (cast.territoire_admin, cast.organisation)
    assert trace.detail == {}  # what was typed is kept nowhere
    cast.sign_in(client, "owner")
    start(client, cast, motif=cast.motif.uuid)
    client.post(url("usagers", cast), {"q": cast.usager.last_name})
    assert AuditEntry.objects.filter(action="usagers_searched").count() == 1
