"""`make bench`: loads the workload, asks, checks, times, prints. A wrong answer fails."""

from __future__ import annotations

import argparse
import sys

from bench.database import connect, prepare, say, server_settings
from bench.workload import D0, SETS

QUICK = ("W1", "W2")


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.peak:
        return _peak(options.peak)
    code = 0
    if set(options.parts) & {"searches"}:
        code = _searches(options)
    return code


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", nargs="*", help="names of queries, as W3-week")
    parser.add_argument("--runs", type=int, default=11)
    parser.add_argument("--quick", action="store_true", help="W1 and W2 only")
    parser.add_argument("--reload", action="store_true", help="write the rows again")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    options.parts = ["searches"]
    return options


def _searches(options: argparse.Namespace) -> int:
    names = QUICK if options.quick else tuple(SETS)
    connect("rdv_bench_quick" if options.quick else "rdv_bench")
    prepare([SETS[name] for name in names], D0, reload=options.reload)
    from bench import report
    from bench.load import find
    from bench.measure import measure
    from bench.queries import QUERIES

    print(report.machine(server_settings()), end="\n\n")
    results = []
    for query in QUERIES:
        if query.data not in names or (options.only and query.id not in options.only):
            continue
        say(f"{query.id} …")
        loaded = find(SETS[query.data], D0)
        results.append(measure(query, loaded, runs=options.runs, peak=not options.quick))
    report.print_results(results)
    report.write({result.id: result.as_json() for result in results})
    wrong = [result.id for result in results if not result.is_right]
    if wrong:
        say(f"Wrong answer: {', '.join(wrong)}.")
    return 1 if wrong or not results else 0


def _peak(name: str) -> int:
    import django

    django.setup()
    from bench.load import find
    from bench.measure import peak_of
    from bench.queries import QUERIES

    query = next(query for query in QUERIES if query.id == name)
    print(peak_of(query, find(SETS[query.data], D0)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
