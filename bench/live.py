"""What people wait for: the page of the créneaux, the button that books, the agenda."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bench import report
from bench.database import say
from bench.measure import percentile
from bench.workload import SETS


def next_monday() -> date:
    """Return the Monday after today: the site reads the real clock."""
    today = datetime.now(UTC).date()
    return today + timedelta(days=7 - today.weekday())


def measure_page(name: str, port: int, monday: date, seconds: int) -> list[str]:
    """Print and write the times of the page; return the mistakes."""
    from bench import pages
    from bench.load import find

    wanted = pages.pages(find(SETS["W3"], monday))
    wrong = pages.wrong(port, wanted)
    say(f"{name}: {pages.WARM_UP_SECONDS} + {seconds} s …")
    served = pages.serve(port, wanted, seconds)
    print(f"Créneau page: {pages.PER_SECOND} requests/s over {len(wanted)} pages (50 lieux)")
    _print(name, served.milliseconds, pages.TARGET_MS, pages.made_of(wanted))
    return wrong + served.errors


def measure_booking(name: str, port: int, monday: date) -> list[str]:
    """Book in W2, in the same tables, so that the créneaux of W3 stay as brute force says."""
    from bench import booking
    from bench.load import find

    loaded = find(SETS["W2"], monday)
    say(f"{name}: {booking.PEOPLE} people, twice …")
    booking.book_by_service(loaded, 10)  # the warm-up
    times = booking.book_by_service(loaded, booking.PEOPLE)
    print("Booking: the service book_rdv, commit included, one after the other")
    _print(name, times, booking.TARGET_MS, booking.service_made_of(loaded, 30))
    booking.book(port, booking.links(loaded, 10))  # the warm-up
    booked = booking.book(port, booking.links(loaded, booking.PEOPLE))
    parts = booking.made_of(booking.links(loaded, 30))
    print("Booking: POST of the confirmation page, everything written, one after the other")
    _print(f"{name}-http", booked.milliseconds, booking.TARGET_MS, parts)
    return booked.errors


def measure_agenda(name: str, port: int, monday: date) -> list[str]:
    """Read the agendas of 20 agents over a week, one request after the other."""
    from bench import agenda
    from bench.load import find

    loaded = find(SETS["W3"], monday)
    if loaded is None:
        raise LookupError("W3 is not in the tables.")
    say(f"{name}: {agenda.WARM_UP} + {agenda.REQUESTS} requests …")
    answers = agenda.read(port, loaded)
    print("Agenda: the feed of 20 agents over a week, signed in, one after the other")
    _print(name, answers.milliseconds, agenda.TARGET_MS, agenda.made_of(loaded))
    return answers.errors


def _print(name: str, times: list[float], target: float, parts: dict[str, float]) -> None:
    if not times:
        return
    ranks = {f"p{rank}_ms": round(percentile(times, rank), 2) for rank in (50, 95, 99)}
    verdict = "hit" if ranks["p95_ms"] <= target else "MISS"
    header = ["", "target p95", "p50", "p95", "p99", "", "count"]
    figures = [f"{value:.1f}" for value in ranks.values()]
    report.print_table(header, [[name, f"{target:g}", *figures, verdict, len(times)]])
    made = ", ".join(f"{stage} {value:.1f}" for stage, value in parts.items())
    print(f"One alone, in one process, in milliseconds: {made}\n", flush=True)
    entry: dict[str, Any] = {
        "median_ms": ranks["p50_ms"],
        "p95_ms": ranks["p95_ms"],
        "p99_ms": ranks["p99_ms"],
        "target_p95_ms": target,
        "count": len(times),
        "made_of": {stage: round(value, 2) for stage, value in parts.items()},
    }
    report.write({name: entry})
