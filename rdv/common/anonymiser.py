"""Make a copy of the database anonymous, by the declaration of `anonymised_columns` (I03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection, transaction

from rdv.common.anonymised_columns import EMPTIED, TABLES

if TYPE_CHECKING:
    from rdv.common.anonymised_columns import Columns

_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable = 'YES', character_maximum_length
FROM information_schema.columns WHERE table_schema = current_schema()
ORDER BY table_name, ordinal_position"""
_EMPTY = {"jsonb": "'{}'::jsonb", "ARRAY": "'{}'"}

Found = dict[str, dict[str, tuple[str, bool, int | None]]]


def columns_found() -> Found:
    """Return table -> column -> (type, may be NULL, length), as the database has them."""
    found: Found = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, column, kind, is_null, length in cursor.fetchall():
            found.setdefault(table, {})[column] = (kind, is_null, length)
    return found


def undeclared(found: Found) -> list[str]:
    """Return what to add to, or take out of, the declaration: one sentence each; [] when whole."""
    told = []
    for table, columns in found.items():
        if table in EMPTIED:
            continue
        names = TABLES[table].names() if table in TABLES else []
        where = f'TABLES["{table}"] of rdv/common/anonymised_columns.py'
        if table not in TABLES:
            told.append(f"Add to EMPTIED, or as {where}: Columns({' '.join(columns)!r})")
            continue
        told += [
            f"Add {column!r} to {where}: kept (not personal), erased, replaced, emails, phones"
            for column in columns
            if column not in names
        ]
        told += [f"Take {name!r} out of {where}" for name in names if name not in columns]
        told += [f"{name!r} is twice in {where}" for name in set(names) if names.count(name) > 1]
    gone = ({*EMPTIED, *TABLES}) - set(found)
    return told + [f"Take the table {table!r} out of the declaration" for table in sorted(gone)]


@transaction.atomic
def anonymise_tables() -> None:
    """Rewrite and empty every table; the triggers of ours rest meanwhile. All or nothing."""
    found = columns_found()
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        # No check may be pending on a table whose triggers are switched.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in [*TABLES, *EMPTIED]:
            cursor.execute(f"ALTER TABLE {name(table)} DISABLE TRIGGER USER")
        for table, rules in TABLES.items():
            values = _values(rules, found[table])
            if values:
                pairs = ", ".join(f"{name(column)} = {sql}" for column, sql in values.items())
                cursor.execute(f"UPDATE {name(table)} SET {pairs}")  # noqa: S608
        for table in EMPTIED:
            cursor.execute(f"DELETE FROM {name(table)}")  # noqa: S608
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in [*TABLES, *EMPTIED]:
            cursor.execute(f"ALTER TABLE {name(table)} ENABLE TRIGGER USER")


def _values(rules: Columns, columns: dict[str, tuple[str, bool, int | None]]) -> dict[str, str]:
    """Return column -> SQL. What is NULL or empty stays so, but for what is written."""
    values = {}
    for column in rules.erased.split():
        kind, is_null, _length = columns[column]
        values[column] = "NULL" if is_null else _EMPTY.get(kind, "''")
    forms = {
        rules.replaced: "'anonyme ' || id",
        rules.emails: "'email_anonymise_' || id || '@exemple.fr'",
        # A range that the regulator keeps for fiction: nobody answers.
        rules.phones: "'+3363998' || lpad((id % 10000)::text, 4, '0')",
        rules.digests: "encode(sha256(('anonyme ' || id)::bytea), 'hex')",
    }
    for names, sql in forms.items():
        for column in names.split():
            length = columns[column][2]
            text = f"left({sql}, {length})" if length else sql
            quoted = connection.ops.quote_name(column)
            values[column] = f"CASE WHEN {quoted} = '' THEN '' ELSE {text} END"
            if columns[column][1]:
                values[column] = f"CASE WHEN {quoted} IS NULL THEN NULL ELSE {text} END"
    return values | rules.written
