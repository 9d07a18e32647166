"""Prints the tables and writes bench/results.json."""

from __future__ import annotations

import json
import os
import platform
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.measure import Result

RESULTS = Path(__file__).resolve().parent / "results.json"


def print_table(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table that is also Markdown."""
    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    rule = ["-" * width for width in widths]
    for line in (lines[0], rule, *lines[1:]):
        first, *others = (
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        print(f"| {' | '.join([first, *others])} |")
    print(flush=True)


def machine(settings: dict[str, str]) -> str:
    """Describe what the figures depend on."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line.split(":")[1] for line in info.read_text().splitlines() if "model name" in line
        ]
        cpu = names[0].strip() if names else cpu
    load = f"{os.getloadavg()[0]:.1f}"
    server = ", ".join(f"{name}={value}" for name, value in settings.items())
    return (
        f"{os.cpu_count()} × {cpu}, load {load}, Python {platform.python_version()}\n"
        f"PostgreSQL on the same machine, socket, warm: {server}"
    )


def print_results(results: list[Result]) -> None:
    header = ["query", "target", "median", "p95", "", "SQL", "engine", "rows", "CPU", "statements"]
    header += ["count", "expected", "peak"]
    print_table(header, [_row(result) for result in results])
    print("Milliseconds; peak in MB above the idle process.", flush=True)


def _row(result: Result) -> list[str]:
    target = "–" if result.target_ms is None else f"{result.target_ms:g}"
    verdict = "hit" if result.is_hit else "MISS"
    times = (result.sql_ms, result.engine_ms, result.rows_ms, result.cpu_ms)
    return [
        result.id,
        target,
        f"{result.median_ms:.1f}",
        f"{result.p95_ms:.1f}",
        ("" if result.target_ms is None else verdict) if result.is_right else "WRONG",
        *(f"{part:.1f}" for part in times),
        str(result.statements),
        f"{result.count:,}",
        f"{result.expected:,}",
        "–" if result.peak_mb is None else f"{result.peak_mb:.0f}",
    ]


def write(entries: dict[str, dict[str, Any]]) -> None:
    """Replace these entries of bench/results.json and keep the others."""
    known = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    RESULTS.write_text(json.dumps({**known, **entries}, indent=1) + "\n")
