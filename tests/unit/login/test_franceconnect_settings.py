"""A04: FranceConnect is on when its three settings are there, and says so when one is missing."""

import pytest

from rdv.settings import env

NAMES = ("FRANCECONNECT_ISSUER", "FRANCECONNECT_CLIENT_ID", "FRANCECONNECT_CLIENT_SECRET")


@pytest.fixture
def given(monkeypatch):
    def give(*values):
        for name, value in zip(NAMES, values, strict=True):
            monkeypatch.setenv(name, value)

    return give


def test_A04_three_settings_or_none(given):
    given("", "", "")
    assert env.franceconnect() == ("", "", "")
    given("https://fc.exemple.fr/api/v2/", "rdv", "secret")
    assert env.franceconnect() == ("https://fc.exemple.fr/api/v2", "rdv", "secret")


@pytest.mark.parametrize("values", [("https://fc.exemple.fr", "", ""), ("", "rdv", "secret")])
def test_A04_a_half_set_provider_does_not_start(given, values):
    given(*values)
    with pytest.raises(env.MissingSettingError, match="go together"):
        env.franceconnect()


def test_A04_the_pages_may_send_a_form_to_the_provider():
    assert env.origins("https://fc.exemple.fr/api/v2", "") == ["https://fc.exemple.fr"]
