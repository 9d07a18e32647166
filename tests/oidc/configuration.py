"""What idpyoidc is told, to have FranceConnect's ways: end points, keys, people, PKCE."""

from __future__ import annotations

from typing import Any

from idpyoidc.server.user_authn.user import NoAuthn

OIDC = "idpyoidc.server.oidc"
KEYS = {
    "uri_path": "jwks",
    "key_defs": [{"type": "EC", "crv": "P-256", "use": ["sig"]}, {"type": "RSA", "use": ["sig"]}],
}


def _secrets(*names: str) -> dict[str, Any]:
    uses = {"sig": "sig"}
    return {"key_defs": [{"type": "OCT", "use": [uses.get(n, "enc")], "kid": n} for n in names]}


def _cipher() -> dict[str, Any]:
    return {"kwargs": {"keys": _secrets("password", "salt"), "iterations": 1}}


def _endpoints(issuer: str, userinfo: type, session: type) -> dict[str, Any]:
    def endpoint(path: str, cls: Any, **kwargs: Any) -> dict[str, Any]:
        return {"path": path, "class": cls, "kwargs": kwargs}

    return {
        "provider_config": endpoint(
            ".well-known/openid-configuration",
            f"{OIDC}.provider_config.ProviderConfiguration",
            client_authn_method=None,
        ),
        "authorization": endpoint(
            "authorize",
            f"{OIDC}.authorization.Authorization",
            client_authn_method=None,
            response_types_supported=["code"],
            response_modes_supported=["query"],
        ),
        "token": endpoint(
            "token", f"{OIDC}.token.Token", client_authn_method=["client_secret_post"]
        ),
        "userinfo": endpoint("userinfo", userinfo, client_authn_method=["bearer_header"]),
        "session": endpoint(
            "session/end",
            session,
            post_logout_uri_path="post_logout",
            signing_alg="ES256",
            logout_verify_url=f"{issuer}/verify_logout",
        ),
    }


def _tokens() -> dict[str, Any]:
    token = "idpyoidc.server.token"
    return {
        "code": {"lifetime": 600, "kwargs": {"crypt_conf": _cipher()}},
        "token": {"class": f"{token}.jwt_token.JWTToken", "kwargs": {"lifetime": 3600}},
        "id_token": {"class": f"{token}.id_token.IDToken", "kwargs": {"lifetime": 60}},
    }


def _cookies() -> dict[str, Any]:
    names = {"session": "oidc_op", "register": "oidc_rp", "session_management": "sman"}
    return {
        "class": "idpyoidc.server.cookie_handler.CookieHandler",
        "kwargs": {"keys": _secrets("enc", "sig"), "name": names},
    }


def configuration(
    issuer: str, claims: list[str], *, userinfo: type, session: type
) -> dict[str, Any]:
    """Return the whole; a scope of the name of a claim gives that claim. PKCE is required."""
    pkce = "idpyoidc.server.oauth2.add_on.pkce"
    required = {
        "essential": True,
        "code_challenge_methods": {"S256": f"{pkce}.verify_code_challenge"},
    }
    anybody = {"acr": "eidas1", "class": NoAuthn, "kwargs": {"user": "angela"}}
    return {
        "issuer": issuer,
        "httpc_params": {"verify": False, "timeout": 4},
        "preference": {
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256", "RS256"],
            "scopes_supported": ["openid", *claims],
        },
        "keys": KEYS,
        "key_conf": KEYS,
        "token_handler_args": _tokens(),
        "endpoint": _endpoints(issuer, userinfo, session),
        "authentication": {"anon": anybody},
        "userinfo": {"class": "idpyoidc.server.user_info.UserInfo", "kwargs": {"db": {}}},
        "scopes_to_claims": {"openid": ["sub"], **{name: [name] for name in claims}},
        "add_on": {"pkce": {"function": f"{pkce}.add_support", "kwargs": required}},
        "cookie_handler": _cookies(),
        "session_params": {"encrypter": _cipher()},
    }
