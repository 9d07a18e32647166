"""G02, decision 16: invite, accept, resend, expire (scenarios 14, 37–41)."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import Agent, AuditEntry, Invitation
from agents.queries.invitation import invitation_of_email
from agents.services.agent_invite import Outcome
from agents.services.invitation_accept import Identity, InvitationOver, accept_invitation
from agents.services.invitation_send import invite_again
from agents.services.staff_lock import StaffRefused
from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from rdv.common.saving import InvalidRow
from tests.factories import AgentFactory
from tests.factories.planning import NOW
from tests.integration.agents.staff import (
    DAY,
    EMAIL,
    NEW_PASSWORD,
    holder,
    invite,
    level,
    links,
    services,
)


def bob() -> Agent:
    return Agent.objects.get(account__email=EMAIL)


def test_G02_from_the_form_to_the_agenda(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:agent_invite", args=[cast.organisation.uuid])
    data = {"email": f" {EMAIL.upper()} ", "level": "basique", "services": ["social"]}
    list_url = reverse("agents:agent_list", args=[cast.organisation.uuid])
    assertRedirects(client.post(url, data), list_url)
    page = client.get(list_url)
    assertContains(page, EMAIL)
    assertContains(page, "Invité")
    message = OutboxMessage.objects.get(kind="invitation_agent")
    assert message.recipient == EMAIL
    assert message.reply_to == cast.admin.email
    assert message.secret_link in message.body
    assert bob().is_invited
    assert services(bob()) == {"social"}
    assert not bob().account.has_usable_password()
    (link,) = links()
    client.logout()
    # Mail scanners open links: nothing changes.
    assertContains(client.get(link), cast.organisation.name)
    assert bob().is_invited
    assert client.post(link, {}).status_code == 422
    weak = {"first_name": "Bob", "last_name": "Fictif", "password": "tropcourt"}
    response = client.post(link, weak)
    assert "password" in response.context["form"].errors
    assertContains(response, 'value="Fictif"', status_code=422)
    response = client.post(link, {**weak, "password": NEW_PASSWORD}, follow=True)
    assert response.redirect_chain[0][0] == reverse("agents:home")
    assert response.context["user"] == bob().account
    assert bob().full_name == "Bob FICTIF"
    assert not bob().is_invited
    assert bob().account.check_password(NEW_PASSWORD)
    client.logout()
    assertContains(client.get(link), "déjà acceptée", status_code=404)
    assert client.post(link, {**weak, "password": NEW_PASSWORD}).status_code == 404
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert actions >= {"agent_invited", "invitation_accepted"}


def test_79_password_rules_of_the_acceptance(cast):
    invite(cast)
    row = Invitation.objects.get()
    for password in (
        "unmotdepasse",
        "correcthorsebattery",
        "q1w2e3r4t5y6",
        f"{EMAIL.title()}1",
        "tropcourt",
    ):
        with pytest.raises(InvalidRow) as caught:
            accept_invitation(
                invitation_id=row.pk, identity=Identity("Bob", "Fictif", password), now=NOW
            )
        assert set(caught.value.errors) == {"password"}
    identity = Identity("Bob", "Fictif", "Correcth0rsebattery!")
    accept_invitation(invitation_id=row.pk, identity=identity, now=NOW)
    assert not bob().is_invited


def test_37_invited_twice_is_one_account_and_one_mail(cast):
    assert invite(cast).outcome == Outcome.INVITED
    second = invite(
        cast, by=cast.admin_elsewhere, organisations=(cast.elsewhere_organisation.uuid,)
    )
    assert second.outcome == Outcome.ADDED
    assert Account.objects.filter(email=EMAIL).count() == 1
    assert len(links()) == 1
    assert level(bob(), cast.organisation) == level(bob(), cast.elsewhere_organisation) == "basique"


def test_38_already_invited_and_already_member_are_told_apart(cast):
    invite(cast)
    with pytest.raises(InvalidRow, match="déjà invitée dans"):
        invite(cast)
    with pytest.raises(InvalidRow, match="déjà membre de"):
        invite(cast, email=cast.same_service.email)


def test_39_a_colleague_joins_at_once_and_keeps_their_services(client, cast):
    client.force_login(cast.admin.account)
    url = reverse("agents:agent_invite", args=[cast.organisation.uuid])
    data = {"email": cast.elsewhere.email, "level": "basique", "services": ["pmi"]}
    page = client.post(url, data, follow=True)
    assertContains(page, "Ses services restent Service social, et non")
    assert level(cast.elsewhere, cast.organisation) == "basique"
    assert services(cast.elsewhere) == {"social"}
    message = OutboxMessage.objects.get()
    assert (message.kind, message.recipient) == ("joined_agent", cast.elsewhere.email)


def test_decision_16_known_elsewhere_joins_by_accepting_only(client, cast):
    invited = invite(cast, email=cast.stranger.email, level="admin")
    assert invited == type(invited)(cast.stranger.email, Outcome.INVITED)
    assert level(cast.stranger, cast.organisation) is None
    client.force_login(cast.admin.account)
    page = client.get(reverse("agents:agent_list", args=[cast.organisation.uuid]))
    assertContains(page, cast.stranger.email)
    assertNotContains(page, cast.stranger.last_name)
    # A second organisation waits behind the same link.
    other = invite(
        cast,
        by=cast.admin_elsewhere,
        email=cast.stranger.email,
        organisations=(cast.elsewhere_organisation.uuid,),
    )
    assert other.outcome == Outcome.ADDED
    with pytest.raises(InvalidRow, match="déjà invitée dans"):
        invite(cast, email=cast.stranger.email)
    (link,) = links()
    client.logout()
    before = cast.stranger.account.password
    with time_machine.travel(NOW + DAY, tick=False):
        assertContains(client.get(link), "vous garderez le même mot de passe")
        assertRedirects(client.post(link), reverse("account_login"))
        assert client.post(link).status_code == 404
    assert level(cast.stranger, cast.organisation) == "admin"
    assert level(cast.stranger, cast.elsewhere_organisation) == "basique"
    cast.stranger.account.refresh_from_db()
    assert cast.stranger.account.password == before


def test_G02_a_link_expires_after_seven_days_and_leaves_again(client, cast):
    invite(cast)
    (link,) = links()
    with time_machine.travel(NOW + 7 * DAY, tick=False):
        assertContains(client.get(link), "Ce lien a expiré", status_code=404)
        assert client.post(link).status_code == 404
        assert invitation_of_email(EMAIL, now=NOW + 7 * DAY) is None
        client.force_login(cast.admin.account)
        page = client.get(reverse("agents:agent_list", args=[cast.organisation.uuid]))
        assertContains(page, "Lien expiré")
        row = Invitation.objects.get()
        url = reverse("agents:invitation_resend", args=[cast.organisation.uuid, row.uuid])
        client.post(url)
        assertContains(client.post(url, follow=True), "vient de partir")
        client.logout()
        first, second = links()
        assertContains(client.get(first), "Ce lien ne marche plus", status_code=404)
        assertContains(client.get(second), EMAIL)
    assert client.get(reverse("agents:invitation_accept", args=["inconnu"])).status_code == 404


def test_G02_a_forgotten_password_sends_the_invitation_again(client, cast):
    with time_machine.travel(NOW, tick=False):
        invite(cast)
        url = reverse("account_reset_password")
        client.post(url, {"email": EMAIL})
        assert len(links()) == 1, "twice in two minutes"
    with time_machine.travel(NOW + 10 * DAY, tick=False):
        assertRedirects(client.post(url, {"email": EMAIL}), reverse("account_reset_password_done"))
        assert len(links()) == 2
        assert not OutboxMessage.objects.filter(kind="password_reset").exists()
        assertContains(client.get(links()[1]), EMAIL)
    assert not invite_again(agent_id=cast.owner.pk, now=NOW)


def test_decision_21_a_proven_address_accepts_without_the_link(cast):
    """What ProConnect calls: the address is verified, no password is chosen."""
    invite(cast)
    row = invitation_of_email(f" {EMAIL.upper()}", now=NOW)
    agent = accept_invitation(invitation_id=row.pk, identity=Identity("Bob", "Fictif"), now=NOW)
    assert agent == bob()
    assert not bob().account.has_usable_password()
    assert invitation_of_email(EMAIL, now=NOW) is None
    with pytest.raises(InvitationOver):
        accept_invitation(invitation_id=row.pk, identity=Identity("Bob", "Fictif"), now=NOW)
    assert invitation_of_email(cast.owner.email, now=NOW) is None


def test_G02_several_organisations_at_once_from_the_espace_admin(client, cast):
    client.force_login(cast.territoire_admin.account)
    url = reverse("agents:territoire_agent_invite", args=[cast.territoire.uuid])
    both = [str(cast.organisation.uuid), str(cast.elsewhere_organisation.uuid)]
    data = {"email": EMAIL, "level": "admin", "services": ["social", "pmi"], "organisations": both}
    assertRedirects(
        client.post(url, data), reverse("agents:territoire_agent_list", args=[cast.territoire.uuid])
    )
    assert set(bob().roles.values_list("level", flat=True)) == {"admin"}
    assert bob().roles.count() == 2
    services_url = reverse("agents:service_list", args=[cast.territoire.uuid])
    here = reverse("agents:agent_invite", args=[cast.organisation.uuid])
    assertContains(client.get(here), services_url)
    foreign = cast.stranger.roles.get().organisation.uuid
    for bad in (
        {"organisations": [str(foreign)]},
        {"services": ["ccas"]},
        {"level": "intervenant"},
    ):
        response = client.post(url, {**data, "email": "autre@exemple.fr", **bad})
        assert response.status_code == 422
    assert not Account.objects.filter(email="autre@exemple.fr").exists()


def test_14_a_right_to_invite_promotes_nobody(client, cast):
    """Not oneself, not a second mailbox of one's own."""
    inviter = holder(cast, invites_agents=True)
    with pytest.raises(InvalidRow, match="Seul un administrateur"):
        invite(cast, by=inviter, level="admin")
    with pytest.raises(StaffRefused, match="vous-même"):
        invite(cast, by=inviter, email=inviter.email)
    foreign = cast.stranger.roles.get().organisation.uuid
    with pytest.raises(StaffRefused):
        invite(cast, by=inviter, organisations=(cast.organisation.uuid, foreign))
    with pytest.raises(InvalidRow, match="pas actif"):
        invite(cast, by=inviter, services=("ccas",))
    assert invite(cast, by=inviter).outcome == Outcome.INVITED
    client.force_login(inviter.account)
    page = client.get(reverse("agents:territoire_agent_invite", args=[cast.territoire.uuid]))
    assertNotContains(page, 'value="admin"')
    assert (
        client.get(reverse("agents:agent_list", args=[cast.organisation.uuid])).status_code == 200
    )
    edit = reverse("agents:role_edit", args=[cast.organisation.uuid, cast.owner.uuid])
    assert client.get(edit).status_code == 404


@pytest.mark.parametrize("who", ["same_service", "secretary", "admin_elsewhere", "stranger"])
def test_G01_who_may_not_invite_is_refused_by_the_service_too(cast, who):
    with pytest.raises(StaffRefused):
        invite(cast, by=getattr(cast, who))
    assert not Account.objects.filter(email=EMAIL).exists()


def test_G02_an_admin_of_the_territoire_may_give_themselves_an_agenda(cast):
    invite(cast, by=cast.territoire_admin, email=cast.territoire_admin.email)
    assert level(cast.territoire_admin, cast.organisation) == "basique"
    with pytest.raises(StaffRefused):
        invite(
            cast,
            by=cast.territoire_admin,
            email=cast.territoire_admin.email,
            level="admin",
            organisations=(cast.elsewhere_organisation.uuid,),
        )


def test_G02_accepting_elsewhere_first_proves_the_address_everywhere(cast):
    """Invited in two territoires, never signed in: the second link serves first."""
    invite(cast)
    theirs = cast.stranger.roles.get().organisation
    fields = {"organisations": (theirs.uuid,), "by": cast.stranger}
    abroad = type("Abroad", (), {"territoire": theirs.territoire, "organisation": theirs})
    with pytest.raises(InvalidRow, match="pas actif"):
        invite(abroad, **fields)
    theirs.territoire.territoire_services.create(service=cast.social)
    invite(abroad, **fields)
    second = Invitation.objects.get(territoire=theirs.territoire)
    identity = Identity("Bob", "Fictif", NEW_PASSWORD)
    accept_invitation(invitation_id=second.pk, identity=identity, now=NOW)
    assert level(bob(), theirs) == level(bob(), cast.organisation) == "basique"
    assert not Invitation.objects.pending().exists()


def test_G04_labels_and_search(client, cast):
    url = reverse("agents:agent_list", args=[cast.organisation.uuid])
    AgentFactory(
        organisations=[cast.organisation], first_name="Zoé", last_name="Béranger", email="zb@ex.fr"
    )
    with time_machine.travel(NOW, tick=False):
        client.force_login(cast.admin.account)
        for who, ago in ((cast.owner, 29), (cast.same_service, 30)):
            who.account.last_login = NOW - ago * DAY
            who.account.save()
        lines = {line.email: line for line in client.get(url).context["page"].object_list}
    client.force_login(cast.admin.account)
    assert not lines[cast.owner.email].is_inactive
    assert lines[cast.same_service.email].is_inactive
    assert lines[cast.secretary.email].is_inactive, "never signed in"
    for typed in ("beranger", "ZOÉ", "zb@ex"):
        found = client.post(url, {"q": typed}).context["page"].object_list
        assert [line.email for line in found] == ["zb@ex.fr"]
    assertContains(client.post(url, {"q": "personne"}), "Personne ne correspond")


def test_G02_the_list_asks_as_much_for_many(client, cast, django_assert_max_num_queries):
    client.force_login(cast.territoire_admin.account)
    urls = [
        reverse("agents:agent_list", args=[cast.organisation.uuid]),
        reverse("agents:territoire_agent_list", args=[cast.territoire.uuid]),
    ]
    for _ in range(12):
        AgentFactory(organisations=[cast.organisation], services=[cast.social])
    invite(cast)
    invite(cast, email=cast.stranger.email)
    for url in urls:
        client.get(url)
        with django_assert_max_num_queries(22):
            assertContains(client.get(url), EMAIL)
