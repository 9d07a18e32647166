"""The way out: no private address, time-outs, no redirection."""

import socket

import pytest

from rdv.common import http_client
from rdv.common.http_client import UnreachableError, post_json, public_address


def resolved(*addresses):
    def getaddrinfo(_host, port, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in addresses]

    return getaddrinfo


@pytest.mark.parametrize(
    "addresses",
    [
        ("127.0.0.1",),
        ("10.1.2.3",),
        ("192.168.1.1",),
        ("169.254.169.254",),
        ("100.64.0.1",),
        ("::1",),
        ("fd00::1",),
        ("::ffff:10.0.0.1",),
        ("8.8.8.8", "10.0.0.1"),
        (),
    ],
)
def test_private_addresses_are_refused(monkeypatch, addresses):
    monkeypatch.setattr(http_client.socket, "getaddrinfo", resolved(*addresses))
    with pytest.raises(UnreachableError, match="PrivateAddress"):
        public_address("provider.example", 443)


def test_a_public_address_is_the_one_that_is_reached(monkeypatch):
    monkeypatch.setattr(http_client.socket, "getaddrinfo", resolved("8.8.8.8"))
    assert public_address("provider.example", 443) == "8.8.8.8"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://localhost:9/", "http:///", "x"])
def test_nothing_private_is_asked(settings, url):
    """Through the whole client: the check stands where the connection is made."""
    settings.HTTP_CLIENT_ALLOWS_PRIVATE = False
    with pytest.raises(UnreachableError) as caught:
        post_json(url, {}, headers={})
    if "9" in url:
        assert str(caught.value) == "PrivateAddress"
