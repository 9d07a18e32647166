"""G15, §3.2: intervenants, their account and back (scenarios 47–49)."""

from __future__ import annotations

import pytest
from django.db import connection
from django.urls import reverse
from pytest_django.asserts import assertContains, assertRedirects

from agents.models import Agent, DroitTerritoire, Invitation, RoleOrganisation
from agents.queries.actor import agent_actor
from agents.services.intervenant_convert import AccountFields, give_account, take_account
from agents.services.staff_lock import StaffRefused
from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from rdv.common.saving import InvalidRow
from tests.factories import AgentFactory
from tests.factories.planning import NOW
from tests.integration.agents.staff import EMAIL, holder, level, links


@pytest.fixture
def lawyer(cast):
    return AgentFactory(
        organisations=[cast.organisation],
        organisations__level="intervenant",
        services=[cast.social],
        email=None,
        first_name="",
        last_name="Avocat 1",
    )


def notifications(agent):
    return (agent.rdv_notifications, agent.plage_notifications, agent.indisponibilite_notifications)


def url_of(name, cast, agent):
    return reverse(name, args=[cast.organisation.uuid, agent.uuid])


def open_account(cast, agent, *, by=None, **changes):
    fields = {"email": EMAIL, "first_name": "Bob", "last_name": "Fictif", "level": "admin"}
    return give_account(
        agent_id=agent.pk,
        organisation_id=cast.organisation.pk,
        fields=AccountFields(**{**fields, **changes}),
        actor=agent_actor(by or cast.admin),
        now=NOW,
    )


def close_account(cast, agent, *, by=None):
    take_account(
        agent_id=agent.pk,
        organisation_id=cast.organisation.pk,
        actor=agent_actor(by or cast.admin),
        now=NOW,
    )


def test_47_an_intervenant_is_created_and_renamed(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:intervenant_create", args=[cast.organisation.uuid])
    for bad in ({"last_name": " "}, {"services": []}, {"services": ["ccas"]}):
        data = {"last_name": "Avocat 1", "services": ["social"], **bad}
        assert client.post(url, data).status_code == 422
    client.post(url, {"last_name": "Avocat 1", "services": ["social"]})
    agent = Agent.objects.get(last_name="Avocat 1")
    assert agent.account is None
    assert notifications(agent) == ("none", "none", "none")
    assert level(agent, cast.organisation) == "intervenant"
    page = client.get(reverse("agents:agent_list", args=[cast.organisation.uuid]))
    assertContains(page, "AVOCAT 1")
    client.post(url_of("agents:intervenant_edit", cast, agent), {"last_name": "Avocat 2"})
    agent.refresh_from_db()
    assert agent.last_name == "Avocat 2"
    # The name of an agent with an account is their own; an intervenant has no level to change.
    assert client.get(url_of("agents:intervenant_edit", cast, cast.owner)).status_code == 404
    assert client.get(url_of("agents:role_edit", cast, agent)).status_code == 404


def test_47_the_invitation_form_asks_a_name_for_an_intervenant(client, cast):
    url = reverse("agents:agent_invite", args=[cast.organisation.uuid])
    client.force_login(cast.admin.account)
    asked = {"level": "intervenant", "last_name": "Guichet 2", "services": ["social"]}
    refused = client.post(url, {**asked, "last_name": "", "email": "x@exemple.fr"})
    assert refused.status_code == 422
    assert set(refused.context["form"].errors) == {"last_name"}
    assertRedirects(
        client.post(url, asked), reverse("agents:agent_list", args=[cast.organisation.uuid])
    )
    assert level(Agent.objects.get(last_name="Guichet 2"), cast.organisation) == "intervenant"
    assert not OutboxMessage.objects.exists()
    assert set(client.post(url, {"level": "basique"}).context["form"].errors) == {
        "email",
        "services",
    }
    # Who may only invite creates none, and neither does the form of several organisations.
    client.force_login(holder(cast, invites_agents=True).account)
    assert client.post(url, asked).status_code == 422
    client.force_login(cast.territoire_admin.account)
    several = reverse("agents:territoire_agent_invite", args=[cast.territoire.uuid])
    assert client.post(several, asked).status_code == 422
    assert Agent.objects.filter(last_name="Guichet 2").count() == 1


def test_48_an_account_and_back(client, cast, lawyer):
    client.force_login(cast.admin.account)
    url = url_of("agents:intervenant_account", cast, lawyer)
    data = {"email": EMAIL, "first_name": "Bob", "last_name": "Fictif", "level": "admin"}
    for bad in ({"email": "faux"}, {"first_name": ""}, {"level": "intervenant"}):
        assert client.post(url, {**data, **bad}).status_code == 422
    assertRedirects(
        client.post(url, data), reverse("agents:agent_list", args=[cast.organisation.uuid])
    )
    lawyer = Agent.objects.get(pk=lawyer.pk)
    assert lawyer.is_invited
    assert notifications(lawyer) == ("others", "all", "all")
    assert level(lawyer, cast.organisation) == "admin"
    assert len(links()) == 1
    assertContains(client.get(links()[0]), 'value="Fictif"')
    assertContains(client.get(url_of("agents:intervenant_back", cast, lawyer)), EMAIL)
    client.post(url_of("agents:intervenant_back", cast, lawyer))
    lawyer = Agent.objects.get(pk=lawyer.pk)
    assert (lawyer.account, lawyer.first_name, lawyer.webcal_salt) == (None, "", "")
    assert notifications(lawyer) == ("none", "none", "none")
    assert not Account.objects.filter(email=EMAIL).exists()
    assert not Invitation.objects.pending().exists()
    assert client.get(links()[0]).status_code == 404
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_48_a_used_address_changes_nothing(cast, lawyer):
    for email in (cast.owner.email, cast.stranger.email):
        with pytest.raises(InvalidRow) as caught:
            open_account(cast, lawyer, email=email)
        assert caught.value.errors == {"email": ["Cette adresse ne peut pas servir à ce compte."]}
    with pytest.raises(InvalidRow):
        open_account(cast, lawyer, email="pas une adresse")
    assert Agent.objects.get(pk=lawyer.pk).account is None


def test_49_who_cannot_become_an_intervenant(cast):
    RoleOrganisation.objects.create(
        agent=cast.same_service, organisation=cast.elsewhere_organisation
    )
    with pytest.raises(StaffRefused, match="plusieurs organisations"):
        close_account(cast, cast.same_service)
    with pytest.raises(StaffRefused, match="propre compte"):
        close_account(cast, cast.admin)
    with pytest.raises(StaffRefused, match="au moins un administrateur"):
        close_account(cast, cast.admin, by=cast.territoire_admin)
    cast.territoire_admin.roles.create(organisation=cast.organisation)
    with pytest.raises(StaffRefused, match="administrateur du territoire"):
        close_account(cast, cast.territoire_admin)
    for nobody in (cast.secretary, cast.admin_elsewhere, cast.stranger):
        with pytest.raises(StaffRefused):
            close_account(cast, cast.owner, by=nobody)


def test_49_the_rights_go_with_the_account_and_so_does_the_session(client, cast):
    DroitTerritoire.objects.create(
        agent=cast.owner, territoire=cast.territoire, invites_agents=True
    )
    client.force_login(cast.owner.account)
    close_account(cast, cast.owner)
    assert not DroitTerritoire.objects.filter(agent=cast.owner).exists()
    page = client.get(reverse("agents:home"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
    assertContains(page, "Ce compte n’est plus actif")
