"""The person in front of the two sites: goes from ours to the provider's and comes back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from allauth.socialaccount.models import SocialAccount

from notifications.models import OutboxMessage
from rdv.accounts.models import Account
from usagers.models import PendingIdentity, Usager

if TYPE_CHECKING:
    from django.test import Client

SITE = "http://testserver"
LOGIN = "/franceconnect/connexion/"


class Visit:
    """One browser: our client for our pages, another with its cookies for the provider's."""

    def __init__(self, client: Client, login: str = LOGIN) -> None:
        self.client = client
        self.login = login
        self.away = httpx.Client(verify=False, trust_env=False)

    def leave(self, next_path: str = "") -> Any:
        """Press the button; return our answer, a redirection to the provider."""
        return self.client.post(self.login, {"next": next_path})

    def at_provider(self, url: str) -> str:
        """Go there and as far as it leads; return the address on our site where it ends."""
        while not url.startswith(SITE):
            answer = self.away.get(url)
            assert answer.status_code == httpx.codes.FOUND, answer.text
            url = answer.headers["location"]
        return url.removeprefix(SITE)

    def identify(self, next_path: str = "") -> Any:
        """Press the button, be identified, come back; return our answer."""
        return self.client.get(self.at_provider(self.leave(next_path)["Location"]))

    def close(self) -> None:
        self.away.close()


def link_of_mail() -> str:
    """Return the path of the link of the latest mail about FranceConnect."""
    body = OutboxMessage.objects.filter(kind="franceconnect_verify").latest("pk").body
    found = re.search(r"https?://\S+(/franceconnect/adresse/[\w-]+/)", body)
    assert found, body
    return urlsplit(found[1]).path


def nobody() -> bool:
    """Whether nothing was written: no account, no fiche, no identity that waits."""
    return not (
        Account.objects.filter(kind="usager").exists()
        or Usager.objects.exists()
        or SocialAccount.objects.exists()
        or PendingIdentity.objects.exists()
    )


def signed_in(client: Client) -> bool:
    return bool(client.get("/mes-rdv/").status_code == httpx.codes.OK)
