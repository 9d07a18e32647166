"""What the tests of a RDV under preparation share; see also rdv_drafts.py."""

from __future__ import annotations

import tempfile

import pytest
import time_machine

from tests.factories import MotifFactory
from tests.integration.planning.rdv_drafts import NOW


@pytest.fixture
def drafts_clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def drafting(cast, client):
    """The owner, signed in; `cast.second`, a second motif, so that none is chosen alone."""
    cast.second = MotifFactory(organisation=cast.organisation, name="Suivi", duration_minutes=45)
    cast.sign_in(client, "owner")
    return client


@pytest.fixture(autouse=True)
def _own_temporary_folder(monkeypatch, tmp_path):
    """A worker removes what was forgotten a day ago: a test's clock would judge its neighbours."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def export_store(settings):
    """An empty storage for the files of exports."""
    empty = {"BACKEND": "django.core.files.storage.InMemoryStorage"}
    settings.STORAGES = {**settings.STORAGES, "exports": empty}
