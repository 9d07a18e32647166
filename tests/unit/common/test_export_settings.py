"""EXPORT_STORAGE: where the files of exports are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from rdv.settings import env


@pytest.mark.parametrize(
    ("url", "location"),
    [("", "/app/.local/exports"), ("file:///srv/les%20exports", "/srv/les exports")],
)
def test_H01_a_folder_that_only_the_process_reads(url, location):
    entry = env.export_storage(url, folder=Path("/app/.local/exports"))
    assert entry["OPTIONS"]["location"] == location
    assert entry["OPTIONS"]["file_permissions_mode"] == 0o600
    assert entry["OPTIONS"]["directory_permissions_mode"] == 0o700


def test_H01_a_private_bucket():
    url = "s3://AK:se%2Fcret@s3.example.fr:9000/exports-rdv?region=fr-par&prefix=rdv"
    options = env.export_storage(url, folder=Path())["OPTIONS"]
    assert options["endpoint_url"] == "https://s3.example.fr:9000"
    assert (options["access_key"], options["secret_key"]) == ("AK", "se/cret")
    assert (options["bucket_name"], options["location"]) == ("exports-rdv", "rdv")
    assert options["region_name"] == "fr-par"
    assert options["default_acl"] is None


@pytest.mark.parametrize(
    "url", ["s3://host/bucket", "s3://key:secret@host", "ftp://key:secret@host/bucket"]
)
def test_H01_what_is_neither_is_refused(url):
    with pytest.raises(env.MissingSettingError, match="EXPORT_STORAGE"):
        env.export_storage(url, folder=Path())
