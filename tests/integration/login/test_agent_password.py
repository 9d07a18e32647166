"""G08: agents change and reset their password."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from notifications.branding import email_sender
from notifications.models import OutboxMessage
from rdv.accounts.models import Account, Kind
from tests.factories import BrandFactory
from tests.factories.agents import PASSWORD

NEW = "Nouv3au!secret-long"


def ask(client, email):
    return client.post(reverse("account_reset_password"), {"email": email})


def link_of(message):
    return re.search(r"http://testserver(/\S+)", message.body)[1]


def test_G08_change_password(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("account_change_password")
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    browser = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko Firefox/140.0"}
    assertRedirects(client.post(url, data, headers=browser), url)
    cast.owner.account.refresh_from_db()
    assert cast.owner.account.check_password(NEW)
    told = OutboxMessage.objects.get()
    assert (told.kind, told.recipient) == ("security_agent", cast.owner.email)
    assert "Appareil : Firefox sur Linux" in told.body
    assert reverse("account_reset_password") in told.body
    assert not told.secret_link


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"oldpassword": "faux"}, "oldpassword"),
        ({"password1": "court1!A", "password2": "court1!A"}, "password1"),
        ({"password1": "sans majuscule 1!", "password2": "sans majuscule 1!"}, "password1"),
        ({"password2": "Autre1!mot-de-passe"}, "password2"),
    ],
)
def test_G08_change_refuses_bad_input(client, cast, changes, field):
    client.force_login(cast.owner.account)
    data = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW, **changes}
    response = client.post(reverse("account_change_password"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not OutboxMessage.objects.exists()


def test_G08_reset_by_mail_works_once(client, cast):
    cast.territoire.brand = BrandFactory(name="RDV Aisne")
    cast.territoire.save()
    assertContains(client.get(reverse("account_login")), reverse("account_reset_password"))
    assertRedirects(
        ask(client, f" {cast.owner.email.upper()} "), reverse("account_reset_password_done")
    )
    message = OutboxMessage.objects.get()
    assert message.recipient == cast.owner.email
    assert message.secret_link in message.body
    assert "agent:" not in message.body
    assert "RDV Aisne" in message.body
    assert email_sender(message.organisation).startswith("RDV Aisne <")
    page = client.get(link_of(message), follow=True)
    # The key is out of the address bar.
    url = page.redirect_chain[-1][0]
    assert "set-password" in url
    response = client.post(url, {"password1": "court", "password2": "court"})
    assert response.status_code == 422
    assertRedirects(
        client.post(url, {"password1": NEW, "password2": NEW}),
        reverse("account_reset_password_from_key_done"),
    )
    cast.owner.account.refresh_from_db()
    assert cast.owner.account.check_password(NEW)
    assertContains(client.get(link_of(message), follow=True), "Ce lien ne marche plus")
    told = OutboxMessage.objects.exclude(pk=message.pk).get()
    assert (told.kind, told.recipient) == ("security_agent", cast.owner.email)
    assert NEW not in told.body


def test_G08_reset_never_tells_who_has_an_account(client, cast):
    Account.objects.create_account(kind=Kind.USAGER, email="double@exemple.fr", password=PASSWORD)
    cast.same_service.deactivated_at = "2027-01-01T00:00:00Z"
    cast.same_service.save()
    known = client.get(ask(client, cast.owner.email).url).content
    OutboxMessage.objects.all().delete()
    for email in ("inconnu@exemple.fr", "double@exemple.fr", cast.same_service.email):
        response = ask(client, email)
        assertRedirects(response, reverse("account_reset_password_done"))
        assert re.sub(rb"csrf\S+ value=\S+", b"", client.get(response.url).content) == re.sub(
            rb"csrf\S+ value=\S+", b"", known
        )
    assert not OutboxMessage.objects.exists()


def test_G08_same_address_twice_only_the_agent_is_written_to(client, cast):
    usager = Account.objects.create_account(
        kind=Kind.USAGER, email=cast.owner.email, password=PASSWORD
    )
    ask(client, cast.owner.email)
    message = OutboxMessage.objects.get()
    url = client.get(link_of(message), follow=True).redirect_chain[-1][0]
    client.post(url, {"password1": NEW, "password2": NEW})
    usager.refresh_from_db()
    cast.owner.account.refresh_from_db()
    assert usager.check_password(PASSWORD)
    kinds = list(OutboxMessage.objects.values_list("kind", flat=True))
    assert kinds == ["password_reset", "security_agent"]
    assert cast.owner.account.check_password(NEW)


def test_G08_key_of_an_usager_opens_nothing_here(client, cast):
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    account = cast.usager.account
    account.set_password(PASSWORD)
    account.save()
    key = default_token_generator.make_token(account)
    url = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(account), key])
    assertContains(client.get(url, follow=True), "Ce lien ne marche plus")


def test_G08_usagers_page_is_not_theirs(client, cast):
    client.force_login(cast.usager.account)
    assertNotContains(
        client.get(reverse("account_change_password")), "oldpassword", status_code=403
    )
