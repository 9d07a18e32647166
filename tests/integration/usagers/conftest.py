"""The public's clock: Monday 4 January 2027, 9:00 in Paris, one week before the plage."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client

from tests.integration.usagers.journey import NOW, World, build_world
from tests.oidc.provider import running
from tests.oidc.visit import SITE, Visit


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture(scope="session")
def real_provider():
    """An OpenID Connect provider on this machine; its keys take a moment to make."""
    with running(SITE) as provider:
        yield provider


@pytest.fixture
def provider(real_provider, settings):
    """The provider as new, and a site that knows it."""
    real_provider.reset()
    for name, value in real_provider.settings().items():
        setattr(settings, name, value)
    return real_provider


@pytest.fixture
def visit(provider):
    visit = Visit(Client())
    yield visit
    visit.close()


@pytest.fixture
def other_browser(provider):
    return Client()
