"""G04, §3.3: who leaves, what stands in the way, what goes (scenarios 27, 28, 42–44)."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import Agent, AuditEntry, DroitTerritoire, Invitation
from agents.queries.actor import agent_actor
from agents.services.agent_invite import Outcome
from agents.services.staff_lock import StaffRefused
from agents.services.territoire_lock import TerritoireRefused
from planning.models import Indisponibilite, PlageOuverture, Rdv
from planning.services.agent_remove import AgentExpected, remove_agent
from planning.services.agent_services import change_services
from planning.services.invitation_cancel import cancel_invitation
from rdv.common.saving import InvalidRow
from tests.factories import LieuFactory, MotifFactory, PlageOuvertureFactory
from tests.factories.agents import PASSWORD
from tests.factories.planning import NOW
from tests.integration.agents.staff import DAY, EMAIL, holder, invite, level, services
from usagers.models import Referent


def remove(cast, agent, *, by=None, organisation=None):
    return remove_agent(
        agent_id=agent.pk,
        organisation_id=(organisation or cast.organisation).pk,
        actor=agent_actor(by or cast.admin),
        now=NOW,
    )


def cancel_rdvs():
    Rdv.objects.update(status="revoked", cancelled_at=NOW)


@pytest.fixture(autouse=True)
def _at_now():
    with time_machine.travel(NOW, tick=False):
        yield


def test_42_a_rdv_to_come_stands_in_the_way_and_can_be_handed_over(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("planning:agent_remove", args=[cast.organisation.uuid, cast.owner.uuid])
    page = client.get(url)
    assertContains(page, "1 RDV à venir est à confier d’abord")
    assertContains(page, reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    assertNotContains(page, cast.usager.last_name)
    with pytest.raises(AgentExpected, match=cast.organisation.name) as refused:
        remove(cast, cast.owner)
    assert cast.owner.full_name in refused.value.message
    assert client.post(url).status_code == 422
    # « Absence ou fermeture » opens on this agent, a colleague proposed, and leads back here.
    bulk = f"{reverse('planning:rdv_bulk', args=[cast.organisation.uuid])}?agent={cast.owner.uuid}"
    assert bulk in page.content.decode()
    last = "jour=2027-01-04&dernier_jour=2027-12-31&retrait=1"
    page = client.get(f"{bulk}&{last}")
    assert page.context["form"]["default_choice"].value().startswith("agent:")
    assertContains(page, url)
    # Seen from elsewhere, the RDV is nobody's obstacle.
    cancel_rdvs()
    assertContains(client.get(url), "son compte est fermé")
    assertRedirects(client.post(url), reverse("agents:agent_list", args=[cast.organisation.uuid]))
    assert not Agent.objects.active().filter(pk=cast.owner.pk).exists()


def test_42_a_past_rdv_blocks_nobody(cast):
    Rdv.objects.update(starts_at=NOW - 2 * DAY, ends_at=NOW - 2 * DAY + DAY / 48)
    assert remove(cast, cast.owner)
    assert Rdv.objects.get().agents.get() == cast.owner


def test_43_one_organisation_of_two(cast):
    cancel_rdvs()
    cast.owner.roles.create(organisation=cast.elsewhere_organisation)
    lieu = LieuFactory(organisation=cast.elsewhere_organisation)
    motif = MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social)
    kept = PlageOuvertureFactory(lieu=lieu, agent=cast.owner, motifs=[motif])
    assert not remove(cast, cast.owner)
    assert list(PlageOuverture.objects.filter(agent=cast.owner)) == [kept]
    assert Indisponibilite.objects.filter(agent=cast.owner).exists()
    assert services(cast.owner) == {"social"}
    assert cast.owner.equipes.exists()
    assert Agent.objects.active().filter(pk=cast.owner.pk).exists()


def test_44_the_last_organisation_closes_the_account(client, cast):
    cancel_rdvs()
    Referent.objects.create(usager=cast.usager, agent=cast.owner)
    DroitTerritoire.objects.create(agent=cast.owner, territoire=cast.territoire, manages_teams=True)
    client.force_login(cast.owner.account)
    email = cast.owner.email
    assert remove(cast, cast.owner)
    gone = Agent.objects.get(pk=cast.owner.pk)
    assert gone.email == f"agent_{gone.account_id}@deleted.invalid"
    assert gone.full_name == cast.owner.full_name
    for rows in (gone.plages, gone.indisponibilites, gone.agent_services, gone.equipe_agents):
        assert not rows.exists()
    for rows in (gone.roles, gone.droits, gone.referents):
        assert not rows.exists()
    # The open session ends at the next page, which says why; the former password opens nothing.
    page = client.get(reverse("agents:home"), follow=True)
    assertContains(page, "Ce compte n’est plus actif")
    for address in (email, gone.email):
        data = {"login": address, "password": PASSWORD}
        assert client.post(reverse("account_login"), data).status_code == 422
    assert AuditEntry.objects.filter(action="agent_deactivated", object_uuid=gone.uuid).exists()
    # The address is free: somebody new, with another agenda.
    assert invite(cast, email=email).outcome == Outcome.INVITED
    assert Agent.objects.get(account__email=email) != gone


def test_G04_who_may_remove_whom(cast):
    cancel_rdvs()
    inviter = holder(cast, invites_agents=True)
    for nobody in (cast.same_service, cast.secretary, cast.admin_elsewhere, cast.stranger, inviter):
        with pytest.raises(StaffRefused):
            remove(cast, cast.owner, by=nobody)
    with pytest.raises(StaffRefused, match="vous-même"):
        remove(cast, cast.admin)
    with pytest.raises(StaffRefused, match="au moins un administrateur"):
        remove(cast, cast.admin, by=cast.territoire_admin)
    with pytest.raises(StaffRefused):
        remove(cast, cast.stranger)
    # The admin of one organisation does not close the account of who manages them all.
    cast.territoire_admin.roles.create(organisation=cast.organisation)
    assert not remove(cast, cast.territoire_admin)
    assert DroitTerritoire.objects.filter(agent=cast.territoire_admin, is_admin=True).exists()


def test_G02_cancelling_takes_back_what_was_offered(client, cast):
    invite(cast)
    invite(cast, email=cast.stranger.email)
    newcomer = Agent.objects.get(account__email=EMAIL)
    client.force_login(cast.admin.account)
    for email in (EMAIL, cast.stranger.email):
        row = Invitation.objects.get(email=email)
        url = reverse("planning:invitation_cancel", args=[cast.organisation.uuid, row.uuid])
        assertContains(client.get(url), email)
        page = client.post(url, follow=True)
        assertContains(page, "est annulée")
        row.refresh_from_db()
        assert row.cancelled_at == NOW
        assert client.post(url).status_code == 404
    assert not Agent.objects.active().filter(pk=newcomer.pk).exists()
    assert Agent.objects.active().filter(pk=cast.stranger.pk).exists()
    assert level(cast.stranger, cast.organisation) is None
    assert invite(cast).outcome == Outcome.INVITED


def test_14_a_right_to_invite_cancels_no_admin(cast):
    inviter = holder(cast, invites_agents=True)
    for email in (EMAIL, cast.stranger.email):
        invite(cast, email=email, level="admin")
        row = Invitation.objects.get(email=email)
        with pytest.raises(StaffRefused, match="en retirer un autre"):
            cancel_invitation(
                invitation_id=row.pk,
                organisation=cast.organisation,
                actor=agent_actor(inviter),
                now=NOW,
            )


def test_27_28_services_are_the_admin_of_the_territoires_to_change(client, cast):
    client.force_login(cast.territoire_admin.account)
    url = reverse("planning:agent_services", args=[cast.territoire.uuid, cast.owner.uuid])
    assertContains(client.post(url, {"services": []}), "au moins un service", status_code=422)
    refused = client.post(url, {"services": ["pmi"]})
    assertContains(refused, cast.social.name, status_code=422)
    assertContains(refused, "sert dans une plage", status_code=422)
    assert client.post(url, {"services": ["social", "ccas"]}).status_code == 422
    assert client.post(url, {"services": ["social", "pmi"]}).status_code == 302
    assert services(cast.owner) == {"social", "pmi"}
    # A plage that is over holds nobody back.
    type(cast.plage).objects.filter(pk=cast.plage.pk).update(
        first_day=(NOW - 30 * DAY).date(), frequency="none", weekdays=[]
    )
    assert client.post(url, {"services": ["pmi"]}).status_code == 302
    assert services(cast.owner) == {"pmi"}


@pytest.mark.parametrize("rights", [{"manages_rights": True}, {"invites_agents": True}])
def test_G03_no_other_right_changes_services(cast, rights):
    for nobody in (holder(cast, **rights), cast.admin, cast.owner):
        with pytest.raises(TerritoireRefused):
            change_services(
                agent_id=cast.owner.pk,
                territoire_id=cast.territoire.pk,
                services=("pmi",),
                actor=agent_actor(nobody),
                now=NOW,
            )
    with pytest.raises(InvalidRow):
        change_services(
            agent_id=cast.owner.pk,
            territoire_id=cast.territoire.pk,
            services=("ccas",),
            actor=agent_actor(cast.territoire_admin),
            now=NOW,
        )
