"""A10: the list of a territoire, as the header of a page says it."""

from __future__ import annotations

import pytest

from agents.rules.embedding import frame_origins


def test_A10_the_sites_of_the_list_in_https():
    hosts = ["www.ville.fr", "*.ville.fr", "xn--cit-dma.fr"]
    expected = ["https://www.ville.fr", "https://*.ville.fr", "https://xn--cit-dma.fr"]
    assert frame_origins(hosts, allows_local=False) == expected


@pytest.mark.parametrize("host", ["localhost:8001", "127.0.0.1:8001", "localhost"])
def test_A10_this_machine_in_development_only(host):
    assert frame_origins([host], allows_local=False) == []
    assert frame_origins([host], allows_local=True) == [f"http://{host}"]


@pytest.mark.parametrize(
    "held", ["a.fr; script-src *", "a.fr b.fr", "*", "*.", "http://a.fr", "a.fr:8000", "'self'", ""]
)
def test_A10_nothing_else_gets_into_the_header(held):
    assert frame_origins([held], allows_local=True) == []
