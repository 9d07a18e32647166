"""OpenID Connect as the French State's providers speak it, on allauth's machinery.

allauth keeps the state, its expiry and its single use; what it leaves open is closed here: the
nonce, the signatures, parameters that a visitor could add, where the answer comes back.
FranceConnect is one subclass, ProConnect another (decision 21).
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlencode

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.urls import reverse

from rdv.common import http_client
from rdv.common.public_pages import own_path
from rdv.login import oidc_tokens
from rdv.login.oidc_tokens import ForgedAnswerError, ProviderDownError

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialApp, SocialToken
    from django.http import HttpRequest, HttpResponse

    from rdv.login.oidc_tokens import Metadata

SESSION_NEXT = "oidc_next"
LONGEST_NEXT = 1000


class SignedOidcAdapter(OpenIDConnectOAuth2Adapter):
    """Goes through one sign-in. A subclass says in `welcome` who the person is to us."""

    # The values of `acr` that are enough; None: all of them.
    levels: tuple[str, ...] | None = ()
    state: dict[str, Any]

    @property
    def metadata(self) -> Metadata:
        if not hasattr(self, "_metadata"):
            self._metadata = oidc_tokens.metadata_of(self.get_provider().app.settings["server_url"])
        return self._metadata

    @property
    def openid_config(self) -> dict[str, Any]:
        """What allauth reads of the discovery document."""
        return {
            "issuer": self.metadata.issuer,
            "authorization_endpoint": self.metadata.authorize_url,
            "token_endpoint": self.metadata.token_url,
            "userinfo_endpoint": self.metadata.userinfo_url,
            "jwks_uri": self.metadata.jwks_url,
        }

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:  # noqa: ARG002
        """Return the site's own address, whatever host was asked: the provider knows one."""
        return settings.SITE_URL + reverse(f"{self.provider_id}_callback")

    def get_access_token_data(
        self, request: HttpRequest, app: SocialApp, client: Any, pkce_code_verifier: Any = None
    ) -> dict[str, Any]:
        """Exchange the code. Raises ForgedAnswerError, ProviderDownError."""
        self._check_sender(request)
        fields = {
            "grant_type": "authorization_code",
            "code": request.GET["code"],
            "redirect_uri": client.callback_url,
            "client_id": app.client_id,
            "client_secret": app.secret,
        }
        if pkce_code_verifier:
            fields["code_verifier"] = pkce_code_verifier
        try:
            page = http_client.post_form(
                self.metadata.token_url,
                fields,
                headers={"Accept": "application/json"},
                timeout=oidc_tokens.TIMEOUT_SECONDS,
            )
        except http_client.UnreachableError as error:
            raise ProviderDownError(str(error)) from error
        data = oidc_tokens.call(page, "token").json()
        if not isinstance(data, dict) or not data.get("access_token") or not data.get("id_token"):
            raise ForgedAnswerError("token: incomplete")
        return data

    def parse_token(self, data: dict[str, Any]) -> Any:
        """Nothing is kept of it: the access token serves once, in `complete_login`."""
        return data["access_token"]

    def complete_login(
        self,
        request: HttpRequest,
        app: SocialApp,
        token: SocialToken,
        **kwargs: Any,
    ) -> NoReturn:
        """Check both tokens, then answer what `welcome` says.

        allauth's own end of a sign-in (accounts found by e-mail, claims kept whole) is left out:
        the answer is raised, as its hooks do.
        """
        id_token = str(kwargs["response"]["id_token"])
        identified = oidc_tokens.read_id_token(
            id_token,
            metadata=self.metadata,
            client_id=app.client_id,
            nonce=self.state.get("nonce", ""),
            levels=self.levels,
        )
        claims = self._userinfo(str(token), app)
        if claims["sub"] != identified["sub"]:
            raise ForgedAnswerError("userinfo: sub")
        raise ImmediateHttpResponse(self.welcome(request, claims, id_token))

    def welcome(self, request: HttpRequest, claims: dict[str, Any], id_token: str) -> HttpResponse:
        raise NotImplementedError

    def _check_sender(self, request: HttpRequest) -> None:
        """RFC 9207: the answer says whose it is, so that two providers are not mistaken."""
        sender = request.GET.get("iss")
        if sender != self.metadata.issuer and (sender or self.metadata.names_itself):
            raise ForgedAnswerError("answer: issuer")

    def _userinfo(self, access_token: str, app: SocialApp) -> dict[str, Any]:
        try:
            page = http_client.get(
                self.metadata.userinfo_url,
                headers={"Authorization": f"Bearer {access_token}", "Accept": "application/jwt"},
                timeout=oidc_tokens.TIMEOUT_SECONDS,
            )
        except http_client.UnreachableError as error:
            raise ProviderDownError(str(error)) from error
        oidc_tokens.call(page, "userinfo")
        return oidc_tokens.read_userinfo(page, metadata=self.metadata, client_id=app.client_id)


class SignedOidcProvider(OpenIDConnectProvider):
    """Asks what we chose to ask: nothing of the request is added to it."""

    oauth2_adapter_class: type[SignedOidcAdapter]
    scopes: tuple[str, ...] = ()
    auth_params: dict[str, str] = {}

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        return {
            "process": AuthProcess.LOGIN,
            "next_url": safe_next(request),
            "scope": list(self.scopes),
            "auth_params": dict(self.auth_params),
        }

    def redirect(
        self,
        request: HttpRequest,
        process: str,
        next_url: str | None = None,
        data: Any = None,
        **kwargs: Any,
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        kwargs["auth_params"] = {**kwargs.get("auth_params", {}), "nonce": nonce}
        # Kept apart too: when the state is over, the person still comes back to their place.
        request.session[SESSION_NEXT] = next_url or ""
        return super().redirect(request, process, next_url, data, nonce=nonce, **kwargs)

    def get_pkce_params(self) -> dict[str, str]:
        metadata = self.get_oauth2_adapter(self.request).metadata
        if not metadata.has_pkce:
            return {}
        self.app.settings["oauth_pkce_enabled"] = True
        found: dict[str, str] = super().get_pkce_params()
        return found


class SignedOidcCallbackView(OAuth2CallbackView):
    """Hands the state, which holds the nonce, to the adapter that checks it."""

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


def safe_next(request: HttpRequest) -> str:
    """Return the path of ours to come back to, "" for anything else: no open redirection."""
    asked = own_path(request.POST.get("next", ""))
    return asked if len(asked) <= LONGEST_NEXT else ""


def logout_address(id_token: str, *, issuer: str, back: str, state: str) -> str:
    """Return where to end the provider's session, "" when it cannot be known now."""
    try:
        url = oidc_tokens.metadata_of(issuer).logout_url
    except (ProviderDownError, ForgedAnswerError):
        return ""
    if not url:
        return ""
    hint = {"id_token_hint": id_token, "post_logout_redirect_uri": back, "state": state}
    return f"{url}?{urlencode(hint)}"
