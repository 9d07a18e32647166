"""The world that tests are given is the one that the factories build (tests/snapshot.py)."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.db import connection, transaction
from django.db.models import Model

from tests.cast import build_cast
from tests.snapshot import Snapshot, filled

pytestmark = pytest.mark.django_db


def rows() -> dict[str, list[str]]:
    found = {}
    with connection.cursor() as cursor:
        for table in filled():
            cursor.execute(f'SELECT to_jsonb(r)::text FROM "{table}" r ORDER BY 1')
            found[table] = [text for (text,) in cursor.fetchall()]
    return found


def test_the_second_world_holds_the_rows_of_the_first():
    snapshot = Snapshot(build_cast)
    with transaction.atomic():
        first, built = snapshot(), rows()
        transaction.set_rollback(True)
    assert rows() == {}
    with connection.execute_wrapper(only_one_insert):
        second = snapshot()
    assert rows() == built
    for field in fields(first):
        one, other = getattr(first, field.name), getattr(second, field.name)
        assert one == other
        assert one is not other
        assert isinstance(one, Model)
        assert vars(one).keys() == vars(other).keys() - {"_django_version"}


def only_one_insert(execute, sql, params, many, context):
    assert sql.startswith(("SET LOCAL", "SELECT", "SAVEPOINT", "RELEASE")), sql
    return execute(sql, params, many, context)


def test_rows_put_back_obey_their_triggers_again():
    snapshot = Snapshot(build_cast)
    with transaction.atomic():
        snapshot()
        transaction.set_rollback(True)
    cast = snapshot()
    with connection.cursor() as cursor:
        cursor.execute("SHOW session_replication_role")
        assert cursor.fetchone() == ("origin",)
    before = cast.rdv.agent_rdvs.get().starts_at
    cast.rdv.starts_at = cast.rdv.starts_at.replace(minute=30)
    cast.rdv.ends_at = cast.rdv.ends_at.replace(hour=12)
    cast.rdv.save()
    assert cast.rdv.agent_rdvs.get().starts_at > before


def test_a_world_beside_other_rows_is_not_kept():
    snapshot = Snapshot(build_cast)
    build_cast()
    snapshot()
    assert snapshot.kept == {}
