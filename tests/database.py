"""The migrated database that each process of the tests copies: migrations run once, not in each.

It is kept from one run to the next under a name that says what it holds, so that a second run
migrates nothing.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

LOCK = 5_426  # of the cluster: nothing else of the tests asks for it


def migrated_template() -> str:
    """Return the name of the database to copy, made by the first process that asks for it."""
    prefix = f"{settings.DATABASES['default']['NAME']}_migrated_"
    name = prefix + fingerprint()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            if name not in databases(cursor, prefix):
                for old in databases(cursor, prefix):
                    cursor.execute(f'DROP DATABASE "{old}" WITH (FORCE)')
                make(cursor, name)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return name


def fingerprint() -> str:
    """Return a digest of every migration, and of the version of Django that applies them."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in sorted(apps.get_app_configs(), key=lambda app: app.name):
        for path in sorted((Path(app.path) / "migrations").glob("*.py")):
            digest.update(f"{app.label} {path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def databases(cursor: CursorWrapper, prefix: str) -> list[str]:
    cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [name for (name,) in cursor.fetchall()]


def make(cursor: CursorWrapper, name: str) -> None:
    """Migrate under another name: a run that is killed leaves nothing that looks whole."""
    unfinished = f"{name}_unfinished"
    cursor.execute(f'CREATE DATABASE "{unfinished}"')
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = unfinished
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
    cursor.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
