"""A real OpenID Connect provider (idpyoidc) on this machine, with the ways of FranceConnect v2.

ProConnect's are the same; its people have other claims.

It checks what a provider checks: redirect addresses, nonce, PKCE, client secret, the hint of a
logout. `people` are its users; `who` is signed in there. `lies` tampers with what it answers, by
name: "id_token" and "userinfo" get the signed text and return another one.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlencode
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptojwt.jws.jws import JWS
from cryptojwt.jwt import JWT
from idpyoidc.server import Server
from idpyoidc.server.configure import OPConfiguration
from idpyoidc.server.oidc.session import Session
from idpyoidc.server.oidc.userinfo import UserInfo

from tests.oidc.configuration import configuration

CLIENT_ID = "rdv-test"
CLIENT_SECRET = "a-secret-that-only-the-tests-know-0123456789"
ANGELA = {
    "given_name": "Angela Claire Louise",
    "family_name": "DUBOIS",
    "birthdate": "1962-08-24",
    "email": "angela@exemple.fr",
    "preferred_username": "DURAND",
}
LEA = {"given_name": "Léa Martin", "usual_name": "Martin", "email": "Lea.Martin@Mairie.fr"}
Lie = Callable[[str], str]


class SignedUserInfo(UserInfo):
    """FranceConnect's answer ends: idpyoidc's own has no `exp`."""

    def do_response(
        self, response_args: Any = None, request: Any = None, client_id: str = "", **kwargs: Any
    ) -> dict[str, Any]:
        if kwargs.get("error") or not client_id:
            answer: dict[str, Any] = super().do_response(
                response_args, request, client_id, **kwargs
            )
            return answer
        signer = JWT(
            self.upstream_get("attribute", "keyjar"),
            iss=self.upstream_get("context").issuer,
            sign_alg="ES256",
            lifetime=60,
        )
        body = signer.pack(dict(response_args), recv=client_id)
        return {"response": body, "http_headers": [("Content-type", "application/jwt")]}


class OpenSession(Session):
    """The end of a session is asked by a browser: its hint and its cookie are the proof."""

    def client_authentication(self, *_: Any, **__: Any) -> None:
        return None


class Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class Provider:
    """The provider, and what a test may ask of it. `reset` between tests."""

    def __init__(self, back: str, out: str, person: dict[str, str], prefix: str) -> None:
        self.person = person
        self.prefix = prefix
        self._http = make_server("localhost", 0, self._answer, handler_class=Silent)
        self.issuer = f"http://localhost:{self._http.server_port}"
        told = configuration(
            self.issuer, list(person), userinfo=SignedUserInfo, session=OpenSession
        )
        self.server = Server(OPConfiguration(conf=told, base_path=""))
        self.server.keyjar.add_symmetric(CLIENT_ID, CLIENT_SECRET)
        self.people = self.server.context.userinfo.db
        self.register(back, out)
        self.reset()
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def register(self, back: str, out: str) -> None:
        """Know the site by the two addresses where it is answered."""
        self.server.context.cdb[CLIENT_ID] = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [(back, {})],
            "post_logout_redirect_uri": [(out, "")],
            "response_types_supported": ["code"],
            "allowed_scopes": ["openid", *self.person],
            "token_endpoint_auth_method": "client_secret_post",
            "id_token_signed_response_alg": "ES256",
            "client_salt": "salt",
        }

    def reset(self) -> None:
        self.people.clear()
        self.people["angela"] = dict(self.person)
        self.who = "angela"
        self.refuses = False
        self.lies: dict[str, Lie] = {}
        self.broken: set[str] = set()
        self.asked: list[tuple[str, dict[str, str]]] = []

    @property
    def who(self) -> str:
        return str(self._method.user)

    @who.setter
    def who(self, user: str) -> None:
        self._method.user = user

    @property
    def _method(self) -> Any:
        return self.server.context.authn_broker.db["anon"]["method"]

    def settings(self) -> dict[str, str]:
        """Return what a site that knows this provider sets."""
        return {
            f"{self.prefix}_ISSUER": self.issuer,
            f"{self.prefix}_CLIENT_ID": CLIENT_ID,
            f"{self.prefix}_CLIENT_SECRET": CLIENT_SECRET,
        }

    def signed(self, claims: dict[str, Any], *, kind: str = "EC") -> str:
        """Return a token of this provider that says `claims`, truly signed."""
        key = next(k for k in self.server.keyjar.get_signing_key(kind, "") if k.kid)
        return str(JWS(json.dumps(claims), alg=ALGORITHMS[kind], kid=key.kid).sign_compact([key]))

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _answer(self, environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        path = environ["PATH_INFO"].lstrip("/")
        size = int(environ.get("CONTENT_LENGTH") or 0)
        sent = environ["wsgi.input"].read(size).decode() if size else environ["QUERY_STRING"]
        fields = {name: values[0] for name, values in parse_qs(sent).items()}
        self.asked.append((path, fields))
        if path in self.broken:
            start("500 Internal Server Error", [("Content-type", "text/plain")])
            return [b"out of order"]
        if path == "jwks":
            body = self.server.keyjar.export_jwks_as_json().encode()
            start("200 OK", [("Content-type", "application/json")])
            return [body]
        if path == "verify_logout":
            return self._signed_out(fields, start)
        if path == "authorize" and self.refuses:
            refusal = urlencode(
                {"error": "access_denied", "state": fields["state"], "iss": self.issuer}
            )
            start("302 Found", [("Location", f"{fields['redirect_uri']}?{refusal}")])
            return [b""]
        return self._by_endpoint(path, fields, environ, start)

    def _by_endpoint(
        self, path: str, fields: dict[str, str], environ: dict[str, Any], start: Any
    ) -> list[bytes]:
        endpoint = self.server.endpoint[ENDPOINTS[path]]
        cookies = SimpleCookie(environ.get("HTTP_COOKIE", "") if path == "session/end" else "")
        http_info = {
            "headers": {"authorization": environ.get("HTTP_AUTHORIZATION", "")},
            "cookie": [{"name": name, "value": unquote(m.value)} for name, m in cookies.items()],
        }
        request = endpoint.parse_request(fields, http_info=http_info)
        if "error" in request:
            start("400 Bad Request", [("Content-type", "application/json")])
            return [request.to_json().encode()]
        found = endpoint.process_request(request, http_info=http_info)
        if "error" in found:
            start("400 Bad Request", [("Content-type", "application/json")])
            return [found.to_json().encode()]
        headers = [
            ("Set-Cookie", f"{one['name']}={quote(one['value'])}; Path=/")
            for one in found.get("cookie", ())
        ]
        if "redirect_location" in found:
            start("302 Found", [*headers, ("Location", found["redirect_location"])])
            return [b""]
        said = endpoint.do_response(request=request, **found)
        body = str(said["response"])
        if path == "authorize":
            start("302 Found", [*headers, ("Location", body)])
            return [b""]
        start("200 OK", said["http_headers"])
        return [self._told(path, body).encode()]

    def _told(self, path: str, body: str) -> str:
        if path == "userinfo" and "userinfo" in self.lies:
            return self.lies["userinfo"](body)
        if path == "token" and "id_token" in self.lies:
            said = json.loads(body)
            said["id_token"] = self.lies["id_token"](said["id_token"])
            return json.dumps(said)
        return body

    def _signed_out(self, fields: dict[str, str], start: Callable[..., Any]) -> list[bytes]:
        """The page « do you want to sign out? » of the provider, answered yes."""
        session = self.server.endpoint["session"]
        said = session.unpack_signed_jwt(fields["sjwt"])
        session.logout_all_clients(said["sid"]) if "sid" in said else None
        start("302 Found", [("Location", said["redirect_uri"])])
        return [b""]


ALGORITHMS = {"EC": "ES256", "RSA": "RS256"}
ENDPOINTS = {
    ".well-known/openid-configuration": "provider_config",
    "authorize": "authorization",
    "token": "token",
    "userinfo": "userinfo",
    "session/end": "session",
}


@contextmanager
def running(site: str, *, name: str = "franceconnect") -> Iterator[Provider]:
    """Run a provider that knows the site at this address."""
    back, out = f"{site}/{name}/retour/", f"{site}/{name}/deconnecte/"
    person = LEA if name == "proconnect" else ANGELA
    provider = Provider(back, out, person, name.upper())
    yield provider
    provider.close()
