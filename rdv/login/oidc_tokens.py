"""What a provider of OpenID Connect says, believed only once it is checked.

Every answer is fetched by `rdv.common.http_client`; every token is verified against the keys that
the provider publishes, by an algorithm of our choice: never by what the token itself asks for.
Nothing here logs or raises what a token holds.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jwt
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings
from django.core.cache import cache

from rdv.common import http_client

if TYPE_CHECKING:
    from collections.abc import Sequence

# Those of FranceConnect v2 and ProConnect. With a shared secret (HS256) we could sign ourselves.
KEY_TYPES = {"ES256": "EC", "RS256": "RSA"}
CACHED_SECONDS = 3600
# Clocks differ a little.
LEEWAY_SECONDS = 15
TIMEOUT_SECONDS = 8.0
LONGEST_SUB = 191


class ProviderDownError(OAuth2Error):
    """The provider did not answer, or answered that it cannot."""


class ForgedAnswerError(OAuth2Error):
    """An answer that did not pass a check, named by the message: never what it holds."""


@dataclass(frozen=True)
class Metadata:
    """Where the provider answers, as its discovery document says. `logout_url` may be ""."""

    issuer: str
    authorize_url: str
    token_url: str
    userinfo_url: str
    jwks_url: str
    logout_url: str = ""
    has_pkce: bool = False
    names_itself: bool = False


def metadata_of(issuer: str) -> Metadata:
    """Return the provider's own description, an hour old at most.

    Raises ProviderDownError, ForgedAnswerError when it is not the issuer's or not over TLS.
    """
    name = _cache_name("metadata", issuer)
    document = cache.get(name)
    if document is None:
        document = _fetch_json(f"{issuer}/.well-known/openid-configuration")
        cache.set(name, document, CACHED_SECONDS)
    if document.get("issuer") != issuer:
        raise ForgedAnswerError("metadata: issuer")
    return Metadata(
        issuer=issuer,
        authorize_url=_address(document, "authorization_endpoint"),
        token_url=_address(document, "token_endpoint"),
        userinfo_url=_address(document, "userinfo_endpoint"),
        jwks_url=_address(document, "jwks_uri"),
        logout_url=_address(document, "end_session_endpoint") if has_logout(document) else "",
        has_pkce="S256" in (document.get("code_challenge_methods_supported") or ()),
        names_itself=bool(document.get("authorization_response_iss_parameter_supported")),
    )


def has_logout(document: dict[str, Any]) -> bool:
    return bool(document.get("end_session_endpoint"))


def read_id_token(
    token: str, *, metadata: Metadata, client_id: str, nonce: str, levels: Sequence[str] | None
) -> dict[str, Any]:
    """Return the claims of an ID token meant for this very sign-in.

    `levels`: the values of `acr` that are enough; None: any.
    Raises ForgedAnswerError, ProviderDownError.
    """
    claims = read_signed(token, metadata=metadata, client_id=client_id)
    if not nonce or not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise ForgedAnswerError("id_token: nonce")
    if levels is not None and claims.get("acr") not in levels:
        raise ForgedAnswerError("id_token: acr")
    if len(_audiences(claims)) > 1 and claims.get("azp") != client_id:
        raise ForgedAnswerError("id_token: azp")
    return claims


def read_signed(token: str, *, metadata: Metadata, client_id: str) -> dict[str, Any]:
    """Return the claims of a token of this provider, for us, not over.

    Raises ForgedAnswerError, and ProviderDownError when its keys cannot be read.
    """
    try:
        header = jwt.get_unverified_header(token)
        algorithm = str(header.get("alg", ""))
        key = _key(metadata, str(header.get("kid", "")), algorithm)
        claims: dict[str, Any] = jwt.decode(
            token,
            key=key,
            algorithms=[algorithm],
            issuer=metadata.issuer,
            audience=client_id,
            leeway=LEEWAY_SECONDS,
            options={"require": ["iss", "aud", "exp", "sub"]},
        )
    except jwt.PyJWTError as error:
        raise ForgedAnswerError(f"token: {type(error).__name__}") from error
    sub = claims["sub"]
    if not isinstance(sub, str) or not 0 < len(sub) <= LONGEST_SUB:
        raise ForgedAnswerError("token: sub")
    return claims


def read_userinfo(page: http_client.Page, *, metadata: Metadata, client_id: str) -> dict[str, Any]:
    """Return the claims of the signed answer of the userinfo end point: plain JSON is refused."""
    if page.kind != "application/jwt":
        raise ForgedAnswerError("userinfo: not signed")
    token = page.content.decode("ascii", errors="replace").strip()
    return read_signed(token, metadata=metadata, client_id=client_id)


def call(page: http_client.Page, what: str) -> http_client.Page:
    """Return a page of success. Raises ProviderDownError (5xx), ForgedAnswerError (a refusal)."""
    if page.status >= 500:  # noqa: PLR2004
        raise ProviderDownError(f"{what}: {page.status}")
    if page.status != 200:  # noqa: PLR2004
        raise ForgedAnswerError(f"{what}: {page.status}")
    return page


def _key(metadata: Metadata, kid: str, algorithm: str) -> Any:
    """Return the key that `kid` names; an unknown one may be new: the keys are read again, once."""
    kind = KEY_TYPES.get(algorithm)
    if kind is None:
        raise ForgedAnswerError("token: algorithm")
    name = _cache_name("keys", metadata.issuer)
    known = cache.get(name)
    found = _find(known, kid, kind) if known else None
    if found is None:
        known = _fetch_json(metadata.jwks_url)
        cache.set(name, known, CACHED_SECONDS)
        found = _find(known, kid, kind)
    if found is None:
        raise ForgedAnswerError("token: unknown key")
    return jwt.PyJWK(found, algorithm=algorithm).key


def _find(keys: dict[str, Any], kid: str, kind: str) -> dict[str, Any] | None:
    for key in keys.get("keys") or ():
        fits = key.get("kty") == kind and key.get("use", "sig") == "sig"
        if fits and kid and key.get("kid") == kid:
            return dict(key)
    return None


def _fetch_json(url: str) -> dict[str, Any]:
    try:
        page = http_client.get(url, headers={"Accept": "application/json"}, timeout=TIMEOUT_SECONDS)
    except http_client.UnreachableError as error:
        raise ProviderDownError(str(error)) from error
    found = page.json() if page.status == 200 else None  # noqa: PLR2004
    if not isinstance(found, dict):
        raise ProviderDownError(f"discovery: {page.status}")
    return found


def _address(document: dict[str, Any], name: str) -> str:
    """Return an end point: over TLS, but for the tests."""
    url = str(document.get(name) or "")
    scheme = urlsplit(url).scheme
    if scheme != "https" and not (scheme == "http" and settings.HTTP_CLIENT_ALLOWS_PRIVATE):
        raise ForgedAnswerError(f"metadata: {name}")
    return url


def _audiences(claims: dict[str, Any]) -> list[Any]:
    audience = claims.get("aud")
    return audience if isinstance(audience, list) else [audience]


def _cache_name(what: str, issuer: str) -> str:
    return f"oidc:{what}:{hashlib.sha256(issuer.encode()).hexdigest()[:32]}"
