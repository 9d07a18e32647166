"""The providers that allauth finds here: FranceConnect v2 (docs/adr/0014)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rdv.login.oidc_provider import SignedOidcAdapter, SignedOidcProvider

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FRANCECONNECT = "franceconnect"


class FranceConnectAdapter(SignedOidcAdapter):
    # « faible » is what FranceConnect gives; more is enough.
    levels = ("eidas1", "eidas2", "eidas3")

    def welcome(self, request: HttpRequest, claims: dict[str, Any], id_token: str) -> HttpResponse:
        # The views know this module through allauth: imported late.
        from rdv.login.franceconnect import welcome

        return welcome(request, claims, id_token=id_token, next_path=self.state.get("next", ""))


class FranceConnectProvider(SignedOidcProvider):
    id = FRANCECONNECT
    name = "FranceConnect"
    oauth2_adapter_class = FranceConnectAdapter
    # `preferred_username` is asked by name: version 2 gives it with nothing else.
    scopes = (
        "openid",
        "given_name",
        "family_name",
        "birthdate",
        "email",
        "preferred_username",
    )
    auth_params = {"acr_values": "eidas1"}


provider_classes = [FranceConnectProvider]
