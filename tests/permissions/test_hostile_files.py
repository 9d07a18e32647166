"""Issue 5: files that are none, or hold what is hostile, at each page that takes one."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.factories.planning import NOW
from tests.permissions.foreign import the_worlds
from tests.permissions.hostile import LONG, MARKUP, SIGNS
from tests.permissions.hostile_trial import Trial, Undone
from tests.permissions.test_hostile_posts import form_of

pytestmark = pytest.mark.django_db
NAME = f"../../{MARKUP}.csv"
HEADERS = {
    "agents:agent_import": "e-mail;services",
    "agents:territoire_agent_import": "e-mail;services",
    "agents:sector_import": "sector_id;city_name;city_code",
    "usagers:usager_import": "nom;prénom;e-mail",
    "agents:brand_logo_edit": "\x89PNG\r\n\x1a\n",
}


def files_for(headers: str) -> dict[str, bytes]:
    width = headers.count(";") + 1

    def lines(*cells: str) -> bytes:
        return "\n".join([headers, *(";".join([cell] * width) for cell in cells)]).encode()

    return {
        "empty": b"",
        "only a mark": b"\xef\xbb\xbf",
        "utf-16": f"{headers}\nZoé;Zoé;zoe".encode("utf-16"),
        "no encoding": headers.encode() + b"\n\x81\x8d;\x90;\x9d\xff",
        "nul": headers.encode() + b"\na\0b;c;d",
        "long header": b"a" * LONG + b";" + lines("x"),
        "many headers": b";".join([b"e-mail"] * 5_000),
        "the same header": f"{headers};{headers}\nx;y".encode(),
        "markup": f"{MARKUP};{headers}\n{MARKUP}".encode() + lines(MARKUP),
        "markup in cells": lines(MARKUP, SIGNS, "=1+1", "-1", "9" * 999),
        "long cell": lines("a" * 2_000),
        "open quote": lines('"abc'),
        "no workbook": b"PK\x03\x04" + b"\0" * 200,
        "a page": f"<html>{MARKUP}</html>".encode(),
    }


@pytest.mark.parametrize("name", HEADERS)
@time_machine.travel(NOW, tick=False)
def test_issue_5_a_page_survives_a_hostile_file(name):
    cast, _rows = the_worlds()
    ready = form_of(name, cast)
    trial = Trial(ready.client, "post", ready.url, {}, is_full=False)
    for label, content in files_for(HEADERS[name]).items():
        trial.attempt(label, {"file": SimpleUploadedFile(NAME, content)})
    with Undone(trial.client):
        answer = trial.send({"file": SimpleUploadedFile(NAME, b"")})
    assert answer.status_code == 422
    assert trial.wrong == []
