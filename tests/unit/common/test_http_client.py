"""The way out: no private address, time-outs, no redirection."""

import socket

import pytest
from django.core.cache import cache

from rdv.common import http_client
from rdv.common.addresses import AddressesUnavailable, find_addresses
from rdv.common.checks import check_address_service
from rdv.common.http_client import UnreachableError, post_json, public_address
from tests.address_service import ARRAS, running


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


def test_the_address_service_alone_may_be_inside_the_network(settings, caplog):
    """Off unless the deployment says so; never for another host."""
    with running(settings) as service:
        settings.HTTP_CLIENT_ALLOWS_PRIVATE = False
        service.finds(ARRAS)
        cache.clear()
        with pytest.raises(AddressesUnavailable):
            find_addresses("12 rue de la Paix")
        assert "ADDRESS_API_PRIVATE=1" in caplog.text
        assert [warning.id for warning in check_address_service(None)] == ["rdv.W001"]
        settings.ADDRESS_API_PRIVATE = True
        cache.clear()
        assert find_addresses("12 rue de la Paix")[0].city_name == "Arras"
        assert check_address_service(None) == []
        assert len(service.asked) == 1
        with pytest.raises(UnreachableError, match="PrivateAddress"):
            http_client.get(settings.ADDRESS_API_URL, headers={})


@pytest.mark.parametrize("url", ["", "https://data.geopf.fr/geocodage/search", "http://[", "x"])
def test_no_name_is_looked_up_for_nothing(settings, monkeypatch, url):
    settings.HTTP_CLIENT_ALLOWS_PRIVATE, settings.ADDRESS_API_URL = False, url
    monkeypatch.setattr(http_client.socket, "getaddrinfo", resolved("10.0.0.1"))
    assert check_address_service(None) == []
