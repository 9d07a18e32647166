"""G08, decision 21: agents sign in by ProConnect, against a real provider on this machine."""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.socialaccount.models import SocialAccount
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains

from agents.models import Agent, AuditEntry, Invitation, TerritoireService
from agents.queries.actor import agent_actor
from agents.services.agent_invite import InvitationFields, invite_agent
from rdv.accounts.models import Account, Kind
from rdv.common.encryption import Secret
from tests.factories import AgentFactory
from tests.integration.agents.staff import invite, links
from tests.oidc.provider import LEA
from tests.oidc.visit import SITE

pytestmark = pytest.mark.django_db
EMAIL = LEA["email"].lower()


@pytest.fixture
def agent():
    return AgentFactory(email=EMAIL, first_name="L.", last_name="M.")


def enters(visit):
    return visit.client.get(reverse("agents:profile")).status_code == 200


def test_G08_from_the_button_to_the_agents_space_and_out(visit, proconnect, agent):
    page = visit.client.get(reverse("account_login"))
    assertContains(page, 'class="fr-connect"')
    assertContains(page, "Qu’est-ce que ProConnect ?")
    leaving = visit.client.post(
        "/proconnect/connexion/?scope=admin&auth_params=acr_values%3Deidas3",
        {"next": "/vos-organisations/"},
    )
    asked = {k: v[0] for k, v in parse_qs(urlsplit(leaving["Location"]).query).items()}
    assert set(asked["scope"].split()) == {"openid", "email", "given_name", "usual_name"}
    assert asked["acr_values"] == "eidas1"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == f"{SITE}/proconnect/retour/"
    assert min(len(asked["state"]), len(asked["nonce"])) >= 32
    back = visit.at_provider(leaving["Location"])
    assert visit.client.get(back)["Location"] == "/vos-organisations/"
    agent.refresh_from_db()
    # The family name that the given name held is taken off.
    assert (agent.first_name, agent.last_name) == ("Léa", "Martin")
    entry = AuditEntry.objects.get(action="agent_proconnect_linked")
    assert (entry.object_uuid, entry.detail) == (agent.uuid, {})
    # The state serves once.
    again = visit.client.get(back)
    assert again.status_code == 400
    assertContains(again, "Votre demande a expiré", status_code=400)
    # Out of both sites.
    page = visit.client.post("/deconnexion/")
    assertContains(page, "Me déconnecter de ProConnect")
    end = page.context["provider_url"]
    assert "id_token_hint=" in end
    assert not enters(visit)
    page = visit.client.get(visit.at_provider(end), follow=True)
    assertContains(page, "de ProConnect aussi")


def test_21_the_names_are_the_provider_s_to_change(visit, agent):
    visit.identify()
    url = reverse("agents:profile")
    page = visit.client.get(url)
    assertContains(page, "Ils viennent de ProConnect")
    assertNotContains(page, 'name="first_name"')
    typed = {"first_name": "Z", "last_name": "Z", "phone_number": "06 12 34 56 78"}
    assert visit.client.post(url, typed).status_code == 302
    agent.refresh_from_db()
    assert (agent.first_name, str(agent.phone_number)) == ("Léa", "+33612345678")


def test_21_later_only_the_identity_counts(visit, proconnect, agent):
    visit.identify()
    visit.client.post("/deconnexion/")
    proconnect.people["angela"] |= {"email": "autre@mairie.fr", "usual_name": "Petit"}
    visit.identify()
    assert enters(visit)
    agent.refresh_from_db()
    assert (agent.email, agent.last_name) == (EMAIL, "Petit")
    assert SocialAccount.objects.get().provider == proconnect.issuer


def test_21_a_second_identity_of_the_same_address_is_refused_until_it_is_unlinked(
    visit, proconnect, agent
):
    SocialAccount.objects.create(user=agent.account, provider=proconnect.issuer, uid="old-sub")
    page = visit.identify()
    assertContains(page, "lié à une autre identité ProConnect", status_code=403)
    assert not enters(visit)
    visit.client.force_login(agent.account)
    assertContains(visit.client.get(reverse("agents:profile")), reverse("proconnect_unlink"))
    visit.client.post(reverse("proconnect_unlink"))
    visit.client.post("/deconnexion/")
    visit.identify()
    assert enters(visit)
    assert SocialAccount.objects.get().uid != "old-sub"


def test_G08_an_unknown_address_is_named(visit, agent):
    Account.objects.filter(pk=agent.account_id).update(email="x@y.fr", login="agent:x@y.fr")
    # An usager of that address is not an agent.
    Account.objects.create_account(kind=Kind.USAGER, email=EMAIL)
    page = visit.identify()
    assertContains(page, EMAIL, status_code=403)
    assertContains(page, "une invitation à cette adresse", status_code=403)
    assert not enters(visit)
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("was_linked", [False, True])
def test_G08_a_deactivated_agent_is_refused(visit, proconnect, agent, was_linked):
    if was_linked:
        visit.identify()
        visit.client.post("/deconnexion/")
    agent.deactivated_at = timezone.now()
    agent.save()
    assertContains(visit.identify(), "Votre compte n’est plus actif", status_code=403)
    assert not enters(visit)


@pytest.mark.parametrize("is_open", [True, False])
def test_21_the_first_sign_in_of_an_invited_agent_accepts_the_invitation(visit, cast, is_open):
    now = timezone.now()
    invite(cast, email=EMAIL, now=now - timedelta(days=1))
    if not is_open:
        Invitation.objects.update(sent_at=now - timedelta(days=9), expires_at=now)
    if is_open:
        page = visit.client.get(links()[0])
        assertContains(page, 'class="fr-connect"')
        assertContains(page, f'name="login_hint" value="{EMAIL}"')
    answer = visit.identify()
    invited = Agent.objects.get(account__email=EMAIL)
    assert enters(visit) is is_open
    assert invited.is_invited is not is_open
    assert (Invitation.objects.get().accepted_at is not None) is is_open
    if is_open:
        assert (invited.first_name, invited.last_name) == ("Léa", "Martin")
    else:
        assertContains(answer, "une invitation à cette adresse", status_code=403)
        assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("is_open", [True, False])
def test_decision_16_proconnect_accepts_for_the_territoire_that_made_the_account_only(
    visit, cast, is_open
):
    now = timezone.now()
    invite(cast, email=EMAIL, now=now - timedelta(days=1))
    first = Invitation.objects.get()
    # Another territoire invites the same address later: known elsewhere, it joins by its own yes.
    fields = InvitationFields(
        email=EMAIL,
        organisations=(cast.stranger.roles.get().organisation.uuid,),
        services=("social",),
        level="admin",
    )
    abroad = cast.stranger.roles.get().organisation.territoire
    TerritoireService.objects.get_or_create(territoire=abroad, service=cast.social)
    invite_agent(territoire=abroad, fields=fields, actor=agent_actor(cast.stranger), now=now)
    second = Invitation.objects.get(territoire=abroad)
    assert second.joins_by_accepting
    if not is_open:
        Invitation.objects.filter(pk=first.pk).update(
            sent_at=now - timedelta(days=9), expires_at=now
        )
    answer = visit.identify()
    first.refresh_from_db()
    second.refresh_from_db()
    assert enters(visit) is is_open
    assert (first.accepted_at is not None) is is_open
    assert second.accepted_at is None
    agent = Agent.objects.get(account__email=EMAIL)
    assert not agent.roles.filter(organisation__territoire=abroad).exists()
    if not is_open:
        assertContains(answer, "une invitation à cette adresse", status_code=403)
        assert not SocialAccount.objects.exists()


def test_44_21_an_agent_invited_again_after_they_had_left(visit, agent):
    visit.identify()
    visit.client.post("/deconnexion/")
    gone = Account.objects.get(pk=agent.account_id)
    gone.email = "agent_1@deleted.exemple.fr"
    gone.save()
    agent.deactivated_at = timezone.now()
    agent.save()
    again = AgentFactory(email=EMAIL)
    visit.identify()
    assert visit.client.get(reverse("agents:profile")).context["agent"] == again
    assert SocialAccount.objects.get().user == again.account


def test_G08_proconnect_replaces_the_password_not_the_second_factor(visit, agent):
    secret = Secret.seal("JBSWY3DPEHPK3PXP").token
    Authenticator.objects.create(user=agent.account, type="totp", data={"secret": secret})
    assert visit.identify()["Location"] == reverse("mfa_authenticate")
    assert not enters(visit)
    code = format_hotp_value(hotp_value("JBSWY3DPEHPK3PXP", int(time.time()) // 30))
    visit.client.post(reverse("mfa_authenticate"), {"code": code})
    assert enters(visit)
    assertContains(visit.client.post("/deconnexion/"), "Me déconnecter de ProConnect")


def test_G08_an_agent_without_password_asks_for_one_by_mail(visit, agent):
    agent.account.set_unusable_password()
    agent.account.save()
    visit.identify()
    page = visit.client.get(reverse("account_change_password"), follow=True)
    assertContains(page, "demandez le lien pour en choisir un")
    assert page.redirect_chain[-1][0] == reverse("account_reset_password")


def test_21_whoever_was_signed_in_here_leaves(visit, agent):
    visit.client.force_login(AgentFactory().account)
    visit.identify()
    assert visit.client.get(reverse("agents:profile")).context["email"] == EMAIL


def test_G08_a_refusal_comes_back_to_the_password(visit, proconnect, agent):
    proconnect.refuses = True
    page = visit.identify()
    assertContains(page, "Vous avez annulé la connexion")
    assertContains(page, reverse("account_login"))


def tampered(token):
    head, body, signature = token.split(".")
    return ".".join((head, body, signature[:-8] + "AAAAAAAA"))


@pytest.mark.parametrize("name", ["id_token", "userinfo"])
def test_G08_a_tampered_signature_is_refused(visit, proconnect, agent, caplog, name):
    proconnect.lies[name] = tampered
    page = visit.identify()
    assertContains(page, "n’est pas valable", status_code=403)
    assert not enters(visit)
    assert EMAIL not in caplog.text


@pytest.mark.parametrize(
    ("name", "changes"), [("id_token", {"nonce": "x" * 43}), ("userinfo", {"sub": "other"})]
)
def test_G08_a_true_signature_on_a_false_claim_is_refused(visit, proconnect, agent, name, changes):
    def lie(token):
        claims = jwt.decode(token, options={"verify_signature": False})
        return proconnect.signed({**claims, **changes})

    proconnect.lies[name] = lie
    assert visit.identify().status_code == 403
    assert not SocialAccount.objects.exists()


def test_G08_a_state_that_is_over(visit, agent):
    back = visit.at_provider(visit.leave("/mon-compte/")["Location"])
    with time_machine.travel(timezone.now() + timedelta(minutes=11)):
        page = visit.client.get(back)
    assertContains(page, "Votre demande a expiré", status_code=400)
    assert not enters(visit)


def test_G08_a_provider_that_is_away_is_told_and_the_password_stays(visit, settings, agent):
    settings.PROCONNECT_ISSUER = "http://localhost:9"
    page = visit.leave()
    assertContains(page, "ProConnect ne répond pas", status_code=503)
    page = visit.client.get(reverse("account_login"))
    assertContains(page, 'class="fr-connect"')
    assertContains(page, "ProConnect ne répond pas en ce moment")
    cache.clear()
    assertNotContains(visit.client.get(reverse("account_login")), "ne répond pas")


@pytest.mark.parametrize("hint", ["lea@mairie.fr", "pas une adresse"])
def test_G08_an_invitation_may_fill_in_the_address(visit, agent, hint):
    leaving = visit.client.post("/proconnect/connexion/", {"login_hint": hint})
    asked = parse_qs(urlsplit(leaving["Location"]).query)
    assert asked.get("login_hint", [None])[0] == (hint if "@" in hint else None)
