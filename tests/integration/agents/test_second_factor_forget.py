"""G08: an admin of the territoire clears the second factor of a colleague who lost it."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, DroitTerritoire, RoleOrganisation
from agents.queries.actor import agent_actor
from agents.services.second_factor_forget import forget_second_factor
from agents.services.staff_lock import StaffRefused
from agents.services.territoire_lock import TerritoireRefused
from notifications.models import OutboxMessage
from tests.factories import OrganisationFactory, TerritoireFactory
from tests.factories.planning import NOW
from tests.integration.agents.staff import holder


def protect(agent):
    for kind in ("totp", "recovery_codes", "webauthn"):
        Authenticator.objects.create(user=agent.account, type=kind, data={})


def pages(cast, agent):
    args = [cast.territoire.uuid, agent.uuid]
    return (
        reverse("agents:territoire_agent_detail", args=args),
        reverse("agents:second_factor_forget", args=args),
    )


def forget(cast, agent, by):
    forget_second_factor(
        agent_id=agent.pk, territoire_id=cast.territoire.pk, actor=agent_actor(by), now=NOW
    )


def test_G08_a_colleague_who_lost_everything_starts_again(client, cast):
    agent, admin = cast.owner, cast.territoire_admin
    detail, page = pages(cast, agent)
    protect(agent)
    theirs = Client()  # the quick one notes no session
    theirs.force_login(agent.account)
    theirs.get(reverse("agents:profile"))
    client.force_login(admin.account)
    assertContains(client.get(detail), page)
    assertContains(client.get(page), "Assurez-vous d’abord")
    assert Authenticator.objects.filter(user=agent.account).count() == 3  # a GET changes nothing
    done = client.post(page, follow=True)
    assertRedirects(done, detail)
    assertContains(done, "est effacée")
    assertNotContains(done, page)
    assert not Authenticator.objects.filter(user=agent.account).exists()
    assert theirs.get(reverse("agents:profile")).status_code == 302
    assert client.get(detail).status_code == 200
    entry = AuditEntry.objects.get(action="second_factor_forgotten")
    assert (entry.agent, entry.territoire, entry.object_uuid) == (
        admin,
        cast.territoire,
        agent.uuid,
    )
    mail = OutboxMessage.objects.get()
    assert (mail.kind, mail.recipient) == ("security_agent", agent.email)
    assert admin.full_name in mail.body
    # A second press does and says nothing more.
    assertContains(client.post(page, follow=True), "n’a pas de double authentification")
    assert OutboxMessage.objects.count() == 1


def test_G08_nobody_weakens_themselves_nor_the_agent_of_a_territoire_of_others(client, cast):
    agent, admin = cast.owner, cast.territoire_admin
    _detail, page = pages(cast, agent)
    protect(agent)
    protect(admin)
    client.force_login(admin.account)
    own_detail, own_page = pages(cast, admin)
    assertContains(client.get(own_detail), reverse("mfa_index"))
    assertContains(client.post(own_page, follow=True), "se change dans « Mon compte »")
    # They also administer, or only work in, a territoire of somebody else's.
    other = TerritoireFactory(requires_two_factor=True)
    droit = DroitTerritoire.objects.create(agent=agent, territoire=other, manages_teams=True)
    assertContains(client.get(page), "un territoire que vous n’administrez pas")
    assertContains(client.post(page, follow=True), "un territoire que vous n’administrez pas")
    droit.delete()
    organisation = OrganisationFactory(territoire=other)
    RoleOrganisation.objects.create(agent=agent, organisation=organisation, level="basique")
    with pytest.raises(StaffRefused, match="que vous n’administrez pas"):
        forget(cast, agent, admin)
    # A right that is not an admin's is not enough there; nor here.
    lesser = DroitTerritoire.objects.create(agent=admin, territoire=other, manages_rights=True)
    with pytest.raises(StaffRefused, match="que vous n’administrez pas"):
        forget(cast, agent, admin)
    for person in (cast.admin, holder(cast, manages_rights=True), holder(cast, manages_teams=True)):
        with pytest.raises(TerritoireRefused):
            forget(cast, agent, person)
    assert not OutboxMessage.objects.exists()
    assert Authenticator.objects.filter(user=agent.account).count() == 3
    lesser.is_admin = lesser.manages_teams = lesser.invites_agents = True
    lesser.save()
    forget(cast, agent, admin)
    assert not Authenticator.objects.filter(user=agent.account).exists()
