"""The databases of the benchmarks: created beside the one of DATABASE_URL, loaded once."""

from __future__ import annotations

import hashlib
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from bench.workload import DataSet

PROJECT = Path(__file__).resolve().parent.parent
SHOWN_SETTINGS = (
    "server_version",
    "shared_buffers",
    "work_mem",
    "jit",
    "fsync",
    "synchronous_commit",
    "autovacuum",
    "max_parallel_workers_per_gather",
)


def connect(name: str) -> None:
    """Point Django at database `name` of the server of DATABASE_URL, creating it when missing."""
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        asked = "SELECT 1 FROM pg_database WHERE datname = %s"
        if connection.execute(asked, [name]).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    # A process of ours (gunicorn, the one that measures memory) finds the same database.
    os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    django.setup()
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = name


def prepare(sets: Sequence[DataSet], first: date, *, reload: bool = False) -> None:
    """Make sure that the connected database holds `sets` from the Monday `first`, and only them.

    What is there is kept when it was written by the same code, for the same Monday.
    """
    from bench import load

    def write() -> None:
        for data in sets:
            begun = time.perf_counter()
            seconds = load.load(data, first)
            whole = time.perf_counter() - begun
            say(f"loaded {data.name} in {whole:.1f} s, of which RDVs {seconds:.1f} s")

    names = " ".join(data.name for data in sets)
    prepare_with(f"{first} {names}", write, reload=reload)


def prepare_with(what: str, write: Callable[[], None], *, reload: bool = False) -> None:
    """Make sure that the connected database holds what `write` writes, and only that.

    `what` names it: kept as long as the name and the code are the same.
    """
    from django.db import connection

    from bench import load

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            "WHERE datname = current_database()"
        )
        (loaded,) = cursor.fetchone()
    wanted = f"{what} {_fingerprint()}"
    if loaded == wanted and not reload:
        return
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    write()
    load.settle()
    with connection.cursor() as cursor:
        name = connection.ops.quote_name(connection.settings_dict["NAME"])
        cursor.execute(f"COMMENT ON DATABASE {name} IS %s", [wanted])


def server_settings() -> dict[str, str]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, current_setting(name) FROM pg_settings WHERE name = ANY(%s)",
            [list(SHOWN_SETTINGS)],
        )
        found = dict(cursor.fetchall())
    return {name: found[name] for name in SHOWN_SETTINGS}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _fingerprint() -> str:
    """Change when the rows would: other loader, other tables."""
    sources = [PROJECT / "bench" / name for name in ("load.py", "workload.py", "exports.py")]
    sources += sorted(PROJECT.glob("*/migrations/0*.py"))
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]
