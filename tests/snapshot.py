"""Rows of the tests: a world built once, then put back; tables emptied without TRUNCATE.

Factories make the cast with some 150 statements; the same rows come back with one. What is put back
is what was built, triggers included: `test_snapshot.py` compares every row.
"""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

# Filled by migrations, before any test.
PRESET = {"agents_service", "auth_permission", "django_content_type", "django_migrations"}
COLUMNS = """
SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute
WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''"""


def tables() -> list[str]:
    """Return the tables of the tests' rows: all but those that the migrations fill."""
    found = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(found - PRESET)


def filled() -> list[str]:
    """Return the tables that hold rows."""
    asked = [
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM {connection.ops.quote_name(table)})"
        for table in tables()
    ]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return sorted(table for (table,) in cursor.fetchall())


def may_hold_triggers() -> bool:
    """Say whether this user of PostgreSQL may insert rows without their triggers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_parameter_privilege('session_replication_role', 'SET')")
        return bool(cursor.fetchone()[0])


def empty(services: list[str]) -> None:
    """Delete every row, and the services that are not of this list (codes).

    TRUNCATE makes the files of each table and index anew, even of empty ones: some 150 ms. The
    locks make this wait, as it would, for a request that a page has just sent.
    """
    names = ", ".join(map(connection.ops.quote_name, tables()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(f"LOCK TABLE {names} IN EXCLUSIVE MODE")
        for table in filled():
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
        cursor.execute("DELETE FROM agents_service WHERE code <> ALL (%s)", [services])


def inserts(holders: list[str]) -> str:
    """Return the statements that put the rows of these tables back, as they are now."""
    # The triggers and the foreign keys have already done their work on these rows.
    lines = ["SET LOCAL session_replication_role = replica"]
    with connection.cursor() as cursor:
        for table in holders:
            name = connection.ops.quote_name(table)
            cursor.execute(COLUMNS, [name])
            (columns,) = cursor.fetchone()
            cursor.execute(f"SELECT quote_literal(jsonb_agg(to_jsonb(r))) FROM {name} r")
            (rows,) = cursor.fetchone()
            source = f"jsonb_populate_recordset(NULL::{name}, {rows})"
            lines.append(f"INSERT INTO {name} ({columns}) SELECT {columns} FROM {source}")
    lines.append("SET LOCAL session_replication_role = DEFAULT")
    return ";\n".join(lines)


class Snapshot:
    """What `build` makes, kept for the process; each call gives objects of its own.

    Kept by day, as rows carry the time of their creation, and by the keys of the preset services,
    should they be made again. Their primary keys are those of the first time: the
    sequences never give them again.
    """

    def __init__(self, build: Callable[[], Any]) -> None:
        self.build = build
        self.kept: dict[Hashable, tuple[str, bytes]] = {}

    def __call__(self) -> Any:
        key = self.key()
        if key in self.kept:
            statements, objects = self.kept[key]
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statements)
            return pickle.loads(objects)
        clean = not filled()
        world = self.build()
        if clean and may_hold_triggers():
            self.kept[key] = inserts(filled()), pickle.dumps(world)
        return world

    def key(self) -> Hashable:
        services: Any = apps.get_model("agents", "Service").objects
        return timezone.now().date(), tuple(services.order_by("pk").values_list("pk", flat=True))
