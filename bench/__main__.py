"""`make bench`: loads the workload, asks, checks, times, prints. A wrong answer fails."""

from __future__ import annotations

import argparse
import sys

from bench import report
from bench.database import connect, prepare, prepare_with, say, server_settings
from bench.workload import D0, SETS

QUICK = ("W1", "W2")
EXPORT = "export"
PAGE, BOOKING, AGENDA = LIVE = ("page", "booking", "agenda")
STATS = "stats"


def main(arguments: list[str]) -> int:
    options = _options(arguments)
    if options.peak:
        return _peak(options.peak)
    asked = set(options.only or ())
    if options.export:
        return _one_export(options.export)
    live = asked & set(LIVE) if asked else set(LIVE)
    wrong: list[str] = []
    if not asked or asked - live - {EXPORT, STATS}:
        wrong += _searches(options)
    if live and not options.quick:
        wrong += _live(live, options)
    if (not asked or EXPORT in asked) and not options.quick:
        wrong += _exports(options)
    if (not asked or STATS in asked) and not options.quick:
        wrong += _stats(options)
    for mistake in wrong:
        say(f"WRONG: {mistake}")
    return 1 if wrong else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    only = "as W3-week; page; booking; agenda; export; stats"
    parser.add_argument("--only", nargs="*", help=only)
    parser.add_argument("--runs", type=int, default=11, help="of each query")
    parser.add_argument("--seconds", type=int, default=60, help="of requests to the page")
    parser.add_argument("--quick", action="store_true", help="W1 and W2 only")
    parser.add_argument("--reload", action="store_true", help="write the rows again")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    parser.add_argument("--export", help=argparse.SUPPRESS)
    return parser.parse_args(arguments)


def _searches(options: argparse.Namespace) -> list[str]:
    names = QUICK if options.quick else tuple(SETS)
    connect("rdv_bench_quick" if options.quick else "rdv_bench")
    prepare([SETS[name] for name in names], D0, reload=options.reload)
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
    if not results:
        return ["there is no such query"]
    return [f"{result.id} gives another answer" for result in results if not result.is_right]


def _live(asked: set[str], options: argparse.Namespace) -> list[str]:
    """Measure what people wait for. The site reads the real clock: W3 begins next Monday."""
    connect("rdv_bench_live")  # settings come before models
    from bench import live, server

    monday = live.next_monday()
    prepare([SETS["W3"], SETS["W2"]], monday, reload=options.reload)
    print(report.machine(server_settings()), end="\n\n")
    wrong: list[str] = []
    with server.running() as port:
        if PAGE in asked:
            wrong += live.measure_page(PAGE, port, monday, options.seconds)
        if AGENDA in asked:
            wrong += live.measure_agenda(AGENDA, port, monday)
        if BOOKING in asked:
            wrong += live.measure_booking(BOOKING, port, monday)
    return wrong


def _stats(options: argparse.Namespace) -> list[str]:
    """Measure the pages of statistics on a million RDVs, in a database of their own."""
    connect("rdv_bench_stats")
    from bench import stats

    print(report.machine(server_settings()), end="\n\n")
    seconds = stats.prepare(reload=options.reload)
    wrong, rows, entries = [], [], {}
    for page in stats.pages():
        say(f"{page.id} …")
        timed = stats.measure(page)
        if timed.found != page.expected:
            wrong.append(f"{page.id} counts {timed.found} RDVs instead of {page.expected}")
        verdict = "hit" if timed.p95 <= page.target_ms else "MISS"
        times = (f"{page.target_ms:g}", f"{timed.p50:.0f}", f"{timed.p95:.0f}", verdict)
        rows.append((page.id, *times, f"{timed.found:,}"))
        entries[f"stats: {page.id}"] = {"p50_ms": timed.p50, "p95_ms": timed.p95}
    report.print_table(("page", "target", "p50", "p95", "", "RDVs"), rows)
    report.print_table(("counting", "s"), [(name, f"{s:.1f}") for name, s in seconds.items()])
    report.write(entries)
    return wrong


def _exports(options: argparse.Namespace) -> list[str]:
    """Measure in a database of their own: their rows would be in the way of the searches."""
    connect("rdv_bench_export")
    from bench import exports

    prepare_with(f"exports {exports.RDVS}", exports.load_exports, reload=options.reload)
    return exports.measure_exports()


def _one_export(what: str) -> int:
    import json

    import django

    django.setup()
    from bench import exports

    print(json.dumps(exports.make_one(what)))
    return 0


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
