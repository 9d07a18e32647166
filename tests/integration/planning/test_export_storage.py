"""H01: the files of exports on an object storage, through the same doors as on a disk."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.urls import reverse

from planning.exports.store import open_kept
from planning.services.export_purge import ORPHAN_AFTER, purge_exports
from rdv.settings import env
from tests.factories.planning import NOW
from tests.integration.planning.exports import ask, build, lines
from tests.integration.planning.object_storage import object_storage


@pytest.fixture
def bucket(settings):
    with object_storage() as (url, objects):
        entry = env.export_storage(url, folder=Path("unused"))
        settings.STORAGES = {**settings.STORAGES, "exports": entry}
        yield objects


def test_H01_a_file_lives_and_dies_on_an_object_storage(cast, client, bucket):
    export = build(ask(cast))
    assert list(bucket) == [f"rdv/{export.stored_name}"]
    assert len(lines(export)) == 2
    with time_machine.travel(NOW, tick=False):
        cast.sign_in(client, "admin")
        response = client.get(reverse("planning:export_download", args=[export.uuid]))
    assert b"".join(response.streaming_content) == bucket[f"rdv/{export.stored_name}"]
    bucket["rdv/orphan.xlsx"] = b"x"
    purge_exports(now=NOW + ORPHAN_AFTER + timedelta(seconds=1))
    assert list(bucket) == [f"rdv/{export.stored_name}"]
    purge_exports(now=export.expires_at)
    assert bucket == {}
    assert open_kept(export.stored_name) is None
