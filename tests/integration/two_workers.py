"""Two workers at the same work, the first stopped right before it writes: no luck in it."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from django.db import DatabaseError, connection

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 30


def writes(sql: str) -> bool:
    return sql.startswith(("INSERT", "UPDATE", "DELETE"))


@contextmanager
def stopped(act: Callable[[], Any], *, at: Callable[[str], bool]) -> Iterator[Future[Any]]:
    """Start `act` on a connection of its own; it waits before its first statement that `at` takes.

    It goes on when the block ends; its answer, or the database's error, is in the future.
    """
    reached, go = Event(), Event()

    def stopping(execute, sql, params, many, context):
        if not reached.is_set() and at(sql.lstrip()):
            reached.set()
            assert go.wait(PATIENCE)
        return execute(sql, params, many, context)

    def run() -> Any:
        with connection.execute_wrapper(stopping):
            return ended(act)

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(run)
        try:
            assert reached.wait(PATIENCE)
            yield future
        finally:
            go.set()


def two_workers(
    act: Callable[[], Any],
    *,
    other: Callable[[], Any] | None = None,
    at: Callable[[str], bool] = writes,
    meanwhile: Callable[[], Any] = lambda: None,
) -> list[Any]:
    """Return what `act` and `other` (by default the same) answered, or the errors that they got.

    The first is stopped (see `stopped`); `meanwhile` happens; the second starts, and ends or waits
    for a lock; then the first goes on.
    """
    with ThreadPoolExecutor(1) as pool:
        with stopped(act, at=at) as one:
            meanwhile()
            two = pool.submit(ended, other or act)
            wait_for(lambda: two.done() or is_somebody_waiting())
        return [one.result(PATIENCE), two.result(PATIENCE)]


def ended(act: Callable[[], Any]) -> Any:
    """Return what `act` answers, or the error of the database; the connection is closed."""
    try:
        return act()
    except DatabaseError as error:
        return error
    finally:
        connection.close()


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def is_somebody_waiting() -> bool:
    """Tell whether a connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0
