"""G16: the start-up checklist of an organisation."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry
from planning.queries.start_up import start_up_steps
from tests.factories import OrganisationFactory

TITLE = "Pour recevoir votre premier RDV en ligne"


@pytest.fixture
def agenda(cast):
    return reverse("planning:agenda", args=[cast.organisation.uuid])


def test_G16_an_admin_sees_what_is_left(client, cast, agenda, django_assert_num_queries):
    cast.sign_in(client, "admin")
    assertContains(client.get(agenda), TITLE)
    actor = cast.actor("admin")
    with django_assert_num_queries(1):
        steps = start_up_steps(actor, cast.organisation, agent_uuid=cast.admin.uuid)
    assert [step.is_done for step in steps] == [True, True, True, True, True, False]
    fresh = OrganisationFactory(territoire=cast.territoire, phone_number="", email="")
    actor = cast.actor("territoire_admin")
    steps = start_up_steps(actor, fresh, agent_uuid=cast.territoire_admin.uuid)
    assert not any(step.is_done for step in steps)
    cast.sign_in(client, "territoire_admin")
    assertContains(client.get(reverse("planning:agenda", args=[fresh.uuid])), TITLE)


def test_G16_nobody_else_and_not_after_the_first_online_rdv(
    client, cast, agenda, django_assert_num_queries
):
    cast.sign_in(client, "secretary")
    assertNotContains(client.get(agenda), TITLE)
    for who in ("owner", "admin_elsewhere", "stranger", "usager", "nobody"):
        actor = cast.actor(who)
        with django_assert_num_queries(0):
            assert not start_up_steps(actor, cast.organisation, agent_uuid=cast.owner.uuid)
    participation = cast.rdv.participations.get()
    participation.created_by_agent, participation.created_by_usager = None, cast.usager
    participation.save()
    cast.sign_in(client, "admin")
    assertNotContains(client.get(agenda), TITLE)


def test_G16_it_can_be_put_away(client, cast, agenda):
    cast.sign_in(client, "admin")
    url = reverse("agents:start_up_hide", args=[cast.organisation.uuid])
    assertRedirects(client.post(url), agenda)
    client.post(url)
    assertNotContains(client.get(agenda), TITLE)
    assert AuditEntry.objects.filter(action="start_up_hidden").count() == 1
