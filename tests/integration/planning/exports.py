"""Exports, asked for and made as the pages and the workers do (H01)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from uuid import uuid4

from django.conf import settings as django_settings
from django.core.signals import setting_changed
from openpyxl import load_workbook

from planning.exports.store import open_kept
from planning.models import Export
from planning.queries.rdv_filter import RdvFilter
from planning.services.export_build import build_next_export
from planning.services.export_request import ask_export
from rdv.settings import env
from tests.factories import AgentFactory
from tests.factories.planning import NOW


def ask(cast, *, kind="rdv", file_format="xlsx", who="admin", now=NOW, rows=1, **filters):
    return ask_export(
        uuid=uuid4(),
        kind=kind,
        file_format=file_format,
        wanted=RdvFilter((cast.organisation,), **filters),
        rows=rows,
        actor=cast.actor(who),
        now=now,
    )


def build(export, now=NOW):
    """Make the file of an export, and return it as it is then."""
    build_next_export(clock=lambda: now)
    return Export.objects.get(pk=export.pk)


def content(export):
    with open_kept(export.stored_name) as file:
        return file.read()


def lines(export):
    """Return the rows of the file, header included, as texts."""
    data = content(export)
    if export.file_format == "csv":
        assert data.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    book = load_workbook(io.BytesIO(data), read_only=True)
    rows = [
        ["" if value is None else str(value) for value in row]
        for row in book["Export"].iter_rows(values_only=True)
    ]
    book.close()
    return rows


def made(cast, *, now=NOW, **asked):
    """Ask, make, and return the rows under the header, as dictionaries."""
    header, *rows = lines(build(ask(cast, now=now, **asked), now=now))
    return [dict(zip(header, row, strict=True)) for row in rows]


def replaced(cast):
    """Give the organisation and the territoire another admin: they always keep one."""
    AgentFactory(organisations=[cast.organisation], organisations__level="admin")
    AgentFactory(territoire_admin=cast.territoire)


def on_disk(folder):
    """Keep the files in a folder, as the settings do by default."""
    storages = django_settings.STORAGES | {
        "exports": env.export_storage(f"file://{folder}", folder=Path())
    }
    django_settings.STORAGES = storages
    setting_changed.send(sender=None, setting="STORAGES", value=storages, enter=True)
