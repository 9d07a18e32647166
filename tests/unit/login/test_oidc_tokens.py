"""A04: forged tokens of OpenID Connect, one by one, and keys that change."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from dataclasses import replace

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from rdv.common.http_client import Page, UnreachableError
from rdv.login import oidc_tokens
from rdv.login.oidc_tokens import (
    ForgedAnswerError,
    Metadata,
    ProviderDownError,
    metadata_of,
    read_id_token,
    read_signed,
    read_userinfo,
)

ISSUER = "https://fc.exemple.fr/api/v2"
CLIENT = "rdv"
SECRET = "our-own-secret-which-the-provider-shares-with-us"
METADATA = Metadata(
    ISSUER, f"{ISSUER}/authorize", f"{ISSUER}/token", f"{ISSUER}/userinfo", f"{ISSUER}/jwks"
)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
RSA_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public(key, kid, algorithm="ES256"):
    found = jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True)
    return {**found, "kid": kid, "use": "sig"}


KEYS = {"keys": [public(EC_KEY, "ec"), public(RSA_KEY, "rsa", "RS256")]}


class Site:
    """What the provider publishes, and how often it was asked."""

    def __init__(self):
        self.pages = {f"{ISSUER}/jwks": KEYS}
        self.asked = []

    def get(self, url, **_):
        self.asked.append(url)
        if url not in self.pages:
            raise UnreachableError("ConnectError")
        return Page(200, "application/json", json.dumps(self.pages[url]).encode())


@pytest.fixture
def site(monkeypatch):
    site = Site()
    monkeypatch.setattr(oidc_tokens.http_client, "get", site.get)
    return site


def claims(**changes):
    now = int(time.time())
    known = {
        "iss": ISSUER,
        "aud": CLIENT,
        "sub": "angela",
        "iat": now,
        "exp": now + 60,
        "nonce": "a-nonce",
        "acr": "eidas1",
    }
    return {name: value for name, value in {**known, **changes}.items() if value is not None}


def signed(key=EC_KEY, algorithm="ES256", kid="ec", **changes):
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers={"kid": kid})


def by_hand(algorithm, kid, secret):
    """A token that no library would sign: HMAC over what is public, or nothing at all."""

    def part(value):
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    text = part({"alg": algorithm, "kid": kid, "typ": "JWT"}) + b"." + part(claims())
    digest = hmac.new(secret, text, hashlib.sha256).digest() if secret else b""
    return (text + b"." + base64.urlsafe_b64encode(digest).rstrip(b"=")).decode()


def read(token):
    return read_id_token(
        token, metadata=METADATA, client_id=CLIENT, nonce="a-nonce", levels=("eidas1",)
    )


@pytest.mark.parametrize(
    ("key", "algorithm", "kid"), [(EC_KEY, "ES256", "ec"), (RSA_KEY, "RS256", "rsa")]
)
def test_A04_a_true_token_is_read(site, key, algorithm, kid):
    assert read(signed(key, algorithm, kid))["sub"] == "angela"


@pytest.mark.parametrize(
    "token",
    [
        pytest.param(lambda: by_hand("none", "ec", b""), id="no signature"),
        pytest.param(lambda: by_hand("None", "ec", b""), id="no signature, other case"),
        pytest.param(lambda: by_hand("HS256", "ec", SECRET.encode()), id="our secret"),
        pytest.param(
            lambda: by_hand(
                "HS256",
                "rsa",
                RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
            ),
            id="public key as a secret",
        ),
        pytest.param(lambda: signed(RSA_KEY, "PS256", "rsa"), id="another algorithm"),
        pytest.param(lambda: signed(OTHER_KEY), id="another key under that name"),
        pytest.param(lambda: signed(kid="unknown"), id="unknown key"),
        pytest.param(lambda: signed(kid=""), id="unnamed key"),
        pytest.param(lambda: signed(kid="rsa"), id="key of another kind"),
        pytest.param(lambda: signed(exp=int(time.time()) - 60), id="over"),
        pytest.param(lambda: signed(exp=None), id="endless"),
        pytest.param(lambda: signed(iat=int(time.time()) + 600), id="of tomorrow"),
        pytest.param(lambda: signed(aud="another-site"), id="for another site"),
        pytest.param(lambda: signed(aud=None), id="for nobody"),
        pytest.param(lambda: signed(aud=[CLIENT, "another-site"]), id="for two, without azp"),
        pytest.param(lambda: signed(iss="https://mechant.fr"), id="of another provider"),
        pytest.param(lambda: signed(iss=None), id="of nobody"),
        pytest.param(lambda: signed(sub=None), id="about nobody"),
        pytest.param(lambda: signed(sub=""), id="about an empty sub"),
        pytest.param(lambda: signed(sub="x" * 192), id="about a sub that does not fit"),
        pytest.param(lambda: signed(nonce="another"), id="of another sign-in"),
        pytest.param(lambda: signed(nonce=None), id="of no sign-in"),
        pytest.param(lambda: signed(acr="eidas0"), id="too weak"),
        pytest.param(lambda: signed(acr=None), id="of unknown strength"),
        pytest.param(lambda: signed()[:-9] + "AAAAAAAAA", id="tampered signature"),
        pytest.param(lambda: "not a token", id="no token"),
        pytest.param(lambda: "", id="nothing"),
    ],
)
def test_A04_a_forged_token_is_refused(site, token):
    with pytest.raises(ForgedAnswerError) as caught:
        read(token())
    assert "angela" not in str(caught.value)


def test_A04_two_audiences_need_the_authorised_party(site):
    assert read(signed(aud=[CLIENT, "other"], azp=CLIENT))["azp"] == CLIENT


def test_A04_no_nonce_of_ours_accepts_no_token(site):
    with pytest.raises(ForgedAnswerError):
        read_id_token(
            signed(nonce=""), metadata=METADATA, client_id=CLIENT, nonce="", levels=("eidas1",)
        )


def test_A04_userinfo_is_signed_or_refused(site):
    token = signed(nonce=None, acr=None).encode()
    page = Page(200, "application/jwt", token)
    assert read_userinfo(page, metadata=METADATA, client_id=CLIENT)["sub"] == "angela"
    plain = json.dumps(claims()).encode()
    for bad in (
        replace(page, kind="application/json"),
        replace(page, kind="application/json", content=plain),
        replace(page, content=plain),
        replace(page, content=b"\xff\xfe"),
    ):
        with pytest.raises(ForgedAnswerError):
            read_userinfo(bad, metadata=METADATA, client_id=CLIENT)


def test_A04_keys_are_read_again_once_for_an_unknown_one(site):
    read(signed())
    read(signed())
    assert len(site.asked) == 1  # remembered
    site.pages[f"{ISSUER}/jwks"] = {"keys": [public(OTHER_KEY, "new")]}
    assert read(signed(OTHER_KEY, kid="new"))["sub"] == "angela"
    assert len(site.asked) == 2
    with pytest.raises(ForgedAnswerError):
        read(signed())  # the former key is gone
    assert len(site.asked) == 3


def test_A04_keys_that_cannot_be_read(site):
    site.pages.clear()
    with pytest.raises(ProviderDownError):
        read_signed(signed(), metadata=METADATA, client_id=CLIENT)


def document(**changes):
    return {
        "issuer": ISSUER,
        "authorization_endpoint": f"{ISSUER}/authorize",
        "token_endpoint": f"{ISSUER}/token",
        "userinfo_endpoint": f"{ISSUER}/userinfo",
        "jwks_uri": f"{ISSUER}/jwks",
        **changes,
    }


def test_A04_discovery_says_where_and_how(site):
    where = f"{ISSUER}/.well-known/openid-configuration"
    site.pages[where] = document()
    found = metadata_of(ISSUER)
    assert found == METADATA
    assert metadata_of(ISSUER) == METADATA
    assert site.asked == [where]


@pytest.mark.parametrize(
    "changes",
    [
        {"issuer": "https://mechant.fr"},
        {"token_endpoint": "http://fc.exemple.fr/token"},
        {"jwks_uri": ""},
        {"end_session_endpoint": "javascript:alert(1)"},
    ],
)
def test_A04_a_strange_discovery_document_is_refused(site, settings, changes):
    settings.HTTP_CLIENT_ALLOWS_PRIVATE = False
    site.pages[f"{ISSUER}/.well-known/openid-configuration"] = document(**changes)
    with pytest.raises(ForgedAnswerError):
        metadata_of(ISSUER)
