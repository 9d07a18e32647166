"""ProConnect on this machine, and an agent in front of it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.oidc.provider import running
from tests.oidc.visit import SITE, Visit


@pytest.fixture(scope="session")
def real_proconnect():
    """An OpenID Connect provider on this machine; its keys take a moment to make."""
    with running(SITE, name="proconnect") as provider:
        yield provider


@pytest.fixture
def proconnect(real_proconnect, settings):
    """The provider as new, and a site that knows it."""
    real_proconnect.reset()
    for name, value in real_proconnect.settings().items():
        setattr(settings, name, value)
    return real_proconnect


@pytest.fixture
def visit(proconnect):
    visit = Visit(Client(), "/proconnect/connexion/")
    yield visit
    visit.close()
