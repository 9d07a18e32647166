"""The providers that allauth finds here: FranceConnect v2 and ProConnect (docs/adr/0014, 0015)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from rdv.login.oidc_provider import SignedOidcAdapter, SignedOidcProvider

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

FRANCECONNECT = "franceconnect"
PROCONNECT = "proconnect"


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


class ProConnectAdapter(SignedOidcAdapter):
    # Its lowest level is what we ask: whichever it answers is enough.
    levels = None

    def welcome(self, request: HttpRequest, claims: dict[str, Any], id_token: str) -> HttpResponse:
        # The views know this module through allauth: imported late.
        from rdv.login.proconnect import welcome

        return welcome(request, claims, id_token=id_token, next_path=self.state.get("next", ""))


class ProConnectProvider(SignedOidcProvider):
    id = PROCONNECT
    name = "ProConnect"
    oauth2_adapter_class = ProConnectAdapter
    scopes = ("openid", "email", "given_name", "usual_name")
    auth_params = {"acr_values": "eidas1"}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        """Fill in the address there, when the page knows it: that of an invitation."""
        asked = super().get_redirect_from_request_kwargs(request)
        hint = request.POST.get("login_hint", "")
        try:
            validate_email(hint)
        except ValidationError:
            return asked
        asked["auth_params"]["login_hint"] = hint
        return asked


provider_classes = [FranceConnectProvider, ProConnectProvider]
