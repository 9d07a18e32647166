"""A04, G08: a provider is on when its three settings are there, and says when one is missing."""

import pytest

from rdv.settings import env

LAST = ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")


@pytest.fixture(params=["FRANCECONNECT", "PROCONNECT"])
def given(request, monkeypatch):
    def give(*values):
        for name, value in zip(LAST, values, strict=True):
            monkeypatch.setenv(f"{request.param}_{name}", value)
        return request.param

    return give


def test_three_settings_or_none(given):
    assert env.provider(given("", "", "")) == ("", "", "")
    prefix = given("https://fc.exemple.fr/api/v2/", "rdv", "secret")
    assert env.provider(prefix) == ("https://fc.exemple.fr/api/v2", "rdv", "secret")


@pytest.mark.parametrize("values", [("https://fc.exemple.fr", "", ""), ("", "rdv", "secret")])
def test_a_half_set_provider_does_not_start(given, values):
    prefix = given(*values)
    with pytest.raises(env.MissingSettingError, match=f"{prefix}_CLIENT_ID.* go together"):
        env.provider(prefix)


def test_the_pages_may_send_a_form_to_the_provider():
    assert env.origins("https://fc.exemple.fr/api/v2", "") == ["https://fc.exemple.fr"]
