"""G10, G15: what the national address service says, and when it says nothing."""

from __future__ import annotations

import logging
import logging.config

import pytest
from django.core.cache import cache

from rdv.common import addresses
from rdv.common.addresses import AddressesUnavailable, find_addresses
from rdv.settings.logging import logging_settings
from tests.address_service import ARRAS, LENS, LILLE, PARIS, feature, running


@pytest.fixture
def service(settings):
    with running(settings) as played:
        cache.clear()
        yield played


def test_G15_an_address_is_a_commune_and_a_street(service):
    service.finds(ARRAS)
    (found,) = find_addresses(" 12  rue de la Paix, Arras ")
    assert (found.label, found.city_name) == ("12 Rue de la Paix 62000 Arras", "Arras")
    assert (found.city_code, found.street_code) == ("62041", "62041_0270")
    assert (found.latitude, found.longitude) == (50.291002, 2.777535)
    assert service.asked == ["12 rue de la Paix, Arras"]
    find_addresses("12 RUE de la paix, Arras")
    assert len(service.asked) == 1, "the answer is kept a while"


def test_G15_a_commune_has_no_street_and_corse_has_letters(service):
    service.finds(LILLE, feature("Rue Fesch, Ajaccio", "Ajaccio", "2A004", "2a004_0A70"))
    lille, ajaccio = find_addresses("Lille ou Ajaccio")
    assert lille.street_code == ""
    assert ajaccio.street_code == "2A004_0a70"


def test_G15_a_street_a_lieu_dit_and_an_arrondissement(service):
    """The three forms of an identifier, beside that of a house number."""
    street = feature("Rue de la Paix", "Arras", "62041", "62041_0270", type="street")
    hamlet = feature("Le Moulin", "Wancourt", "62873", "62873_k7x2ab", type="locality")
    service.finds(street, hamlet, PARIS)
    found = find_addresses("la Paix")
    assert [one.street_code for one in found] == ["62041_0270", "62873_k7x2ab", "75102_7140"]
    assert (found[2].city_code, found[2].city_name) == ("75102", "Paris")


@pytest.mark.parametrize(
    ("scores", "kept"),
    [((0.97, 0.6, 0.5), 1), ((0.97, 0.9), 2), ((0.6, 0.55), 2), ((0.3, 0.2), 0), ((0.5, 0.3), 1)],
)
def test_G15_one_address_when_there_is_no_doubt(service, scores, kept):
    rows = [feature(f"Rue {n}", "Arras", "62041", "62041_0270", score=n) for n in scores]
    service.finds(*rows)
    assert len(find_addresses("rue")) == kept


@pytest.mark.parametrize("typed", ["", "a", "  ", "= 12", "…" * 300])
def test_G15_what_the_service_would_refuse_is_not_asked(service, typed):
    assert find_addresses(typed) == ()
    assert service.asked == []


@pytest.mark.parametrize(
    ("status", "body", "wait"),
    [
        (500, {}, 0),
        (429, {}, 0),
        (200, b"<html>", 0),
        (200, [1, 2], 0),
        (200, {"features": "?"}, 0),
        (200, {"features": []}, 1),
    ],
)
def test_G15_a_service_in_trouble_is_left_alone(service, monkeypatch, status, body, wait):
    monkeypatch.setattr(addresses, "TIMEOUT_SECONDS", 0.3)
    service.says(status, body, wait=wait)
    with pytest.raises(AddressesUnavailable):
        find_addresses("12 rue de la Paix")
    asked = len(service.asked)
    with pytest.raises(AddressesUnavailable):
        find_addresses("14 rue de la Paix")
    assert len(service.asked) == asked, "nobody waits for it again at once"


def test_G15_lines_that_make_no_sense_are_left_out(service):
    odd = [
        {},
        "?",
        {"properties": None},
        {"properties": {**LENS["properties"], "citycode": "../../etc"}},
        {"properties": {**LENS["properties"], "score": "fort"}},
    ]
    nowhere = {**LENS, "geometry": {"coordinates": [999, "x"]}}
    service.finds(*odd[:4], nowhere)
    (found,) = find_addresses("12 rue de la Paix")
    assert (found.city_code, found.latitude) == ("62498", None)
    service.finds(odd[4])
    assert find_addresses("13 rue de la Paix") == ()


def test_G15_what_was_typed_is_never_logged(service, caplog):
    logger = logging.getLogger("httpx")
    before = logger.level
    logger.setLevel(logging_settings("DEBUG")["loggers"]["httpx"]["level"])  # type: ignore[index]
    try:
        with caplog.at_level(logging.INFO):
            service.finds(ARRAS)
            find_addresses("12 rue de la Paix")
            service.says(500, {})
            with pytest.raises(AddressesUnavailable):
                find_addresses("13 rue de la Paix")
    finally:
        logger.setLevel(before)
    assert "Paix" not in caplog.text
    assert "did not answer" in caplog.text
