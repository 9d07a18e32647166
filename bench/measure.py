"""Times one query, checks its answer, and says where the time and the memory went."""

from __future__ import annotations

import cProfile
import json
import math
import pstats
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.queries import MAX_STATEMENTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.load import Loaded
    from bench.queries import Query

ENGINE = f"{Path('planning', 'slots')}"


@dataclass(frozen=True)
class Result:
    """Times in milliseconds. `sql_ms` is the wait for PostgreSQL, its answer received.

    `engine_ms` is planning.slots, `rows_ms` the rest of Python: rows decoded, lists built.
    `cpu_ms` is what both processes really worked: on a busy machine, the truer figure.
    """

    id: str
    median_ms: float
    p95_ms: float
    runs: int
    statements: int
    count: int
    expected: int
    is_right: bool
    target_ms: float | None
    sql_ms: float
    engine_ms: float
    rows_ms: float
    cpu_ms: float
    peak_mb: float | None

    @property
    def is_hit(self) -> bool:
        in_time = self.target_ms is None or self.median_ms <= self.target_ms
        return in_time and self.statements <= MAX_STATEMENTS

    def as_json(self) -> dict[str, Any]:
        return {
            name: round(value, 2) if isinstance(value, float) else value
            for name, value in asdict(self).items()
            if name != "id"
        }


def measure(query: Query, loaded: Loaded, *, runs: int, peak: bool) -> Result:
    call = query.call(loaded)
    expected = query.expect(loaded, query)
    answer = call()  # the warm-up
    is_right = answer == expected
    count, wanted = len(answer), len(expected)
    del answer, expected
    before = _cpu_ms()
    times, waits = _time(call, runs)
    cpu = (_cpu_ms() - before) / runs
    median, sql = statistics.median(times), statistics.median(waits)
    engine_share = _engine_share(call)
    return Result(
        id=query.id,
        median_ms=median,
        p95_ms=percentile(times, 95),
        runs=runs,
        statements=_statements(call),
        count=count,
        expected=wanted,
        is_right=is_right,
        target_ms=query.target_ms,
        sql_ms=sql,
        engine_ms=(median - sql) * engine_share,
        rows_ms=(median - sql) * (1 - engine_share),
        cpu_ms=cpu,
        peak_mb=_peak_mb(query) if peak else None,
    )


def percentile(values: list[float], rank: int) -> float:
    """Return the smallest value that `rank` percent of `values` do not exceed."""
    return sorted(values)[math.ceil(len(values) * rank / 100) - 1]


def _time(call: Callable[[], Any], runs: int) -> tuple[list[float], list[float]]:
    """Return the milliseconds of each run, and those spent waiting for PostgreSQL."""
    times, waits = [], []
    wait = 0.0

    def timed(execute: Any, *args: Any) -> Any:
        nonlocal wait
        begun = time.perf_counter()
        try:
            return execute(*args)
        finally:
            wait += time.perf_counter() - begun

    for _ in range(runs):
        wait = 0.0
        with connection.execute_wrapper(timed):
            begun = time.perf_counter()
            answer = call()
            times.append((time.perf_counter() - begun) * 1000)
        waits.append(wait * 1000)
        del answer
    return times, waits


def _cpu_ms() -> float:
    """Return what this process and its PostgreSQL backend have worked so far (Linux)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    schedule = Path(f"/proc/{backend}/schedstat")
    server = int(schedule.read_text().split()[0]) / 1e6 if schedule.exists() else 0
    return server + time.process_time() * 1000


def _statements(call: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        call()
    return len(captured)


def _engine_share(call: Callable[[], Any]) -> float:
    """Return which part of the time of Python, SQL apart, is spent in the slot engine.

    From a profile of one run; a built-in counts for the file that called it.
    """
    profile = cProfile.Profile()
    profile.runcall(call)
    engine = other = 0.0
    for (file, _, name), (_, _, own, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        if name.startswith("<method 'wait") or "wait" in file:
            continue
        if file != "~":
            engine, other = _add(engine, other, file, own)
        for (caller, _, _), (_, _, part, _) in callers.items() if file == "~" else ():
            engine, other = _add(engine, other, caller, part)
    return engine / (engine + other or 1)


def _add(engine: float, other: float, file: str, seconds: float) -> tuple[float, float]:
    return (engine + seconds, other) if ENGINE in file else (engine, other + seconds)


def peak_of(query: Query, loaded: Loaded) -> float:
    """Run a query once in this process; return how many MB its highest point lies above before."""
    call = query.call(loaded)
    connection.ensure_connection()
    before = _resident_mb("VmRSS")
    call()
    return _resident_mb("VmHWM") - before


def _peak_mb(query: Query) -> float | None:
    """Return the peak of a fresh process: what PostgreSQL's client allocates is counted too."""
    if not Path("/proc/self/status").exists():
        return None
    command = [sys.executable, "-m", "bench", "--peak", query.id]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(json.loads(done.stdout))


def _resident_mb(field: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) / 1024
    raise LookupError(field)
