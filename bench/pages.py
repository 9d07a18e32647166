"""The public créneau page under a steady load: 20 requests a second, 50 lieux, nothing cached."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse

from bench.server import Browser
from bench.stages import Stages
from bench.workload import AGENTS_PER_LIEU, creneaux
from motifs.models import Lieu, Motif
from motifs.rules.public_key import public_key

if TYPE_CHECKING:
    from bench.load import Loaded

PER_SECOND = 20
CONNECTIONS = 16
WARM_UP_SECONDS = 10
TARGET_MS = 150.0
WEEKS = 4


@dataclass(frozen=True)
class Page:
    """The week from a Monday at one lieu, and how many times it must offer."""

    path: str
    times: int


@dataclass(frozen=True)
class Served:
    milliseconds: list[float]
    errors: list[str]


def pages(loaded: Loaded) -> list[Page]:
    """Return four weeks of each lieu, one lieu after the other, week after week."""
    motifs = Motif.objects.in_bulk(loaded.motif_ids)
    lieux = Lieu.objects.select_related("organisation").in_bulk(loaded.lieu_ids)
    found = []
    for week in range(WEEKS):
        for number, (motif_id, lieu_id) in enumerate(
            zip(loaded.motif_ids, loaded.lieu_ids, strict=True)
        ):
            motif, lieu = motifs[motif_id], lieux[lieu_id]
            url = reverse(
                "usagers:booking_slot", kwargs={"organisation_slug": lieu.organisation.slug}
            )
            query = {
                "motif": public_key(motif.name, motif.location_type),
                "lieu": lieu.uuid,
                "date": loaded.first + timedelta(days=7 * week),
            }
            agents = range(number * AGENTS_PER_LIEU, (number + 1) * AGENTS_PER_LIEU)
            days = range(5 * week, 5 * week + 5)
            free = {start for start, _, _ in creneaux(loaded.data, loaded.first, agents, days)}
            found.append(Page(f"{url}?{urlencode(query)}", len(free)))
    return found


def wrong(port: int, wanted: list[Page]) -> list[str]:
    """Read each page once; return those that do not offer what brute force finds."""
    browser = Browser(port)
    mistakes = []
    for page in wanted:
        status, html = browser.get(page.path)
        times = html.count("creneau=")
        if status != 200 or times != page.times:
            mistakes.append(f"{page.path}: {status}, {times} times instead of {page.times}")
    return mistakes


def serve(port: int, wanted: list[Page], seconds: int) -> Served:
    """Ask at fixed times whether or not answers have come: a late answer counts its wait."""
    asked = count()
    measured: list[float] = []
    errors: list[str] = []
    begun = time.perf_counter() + 0.1
    last = PER_SECOND * (WARM_UP_SECONDS + seconds)

    def ask() -> None:
        browser = Browser(port)
        while (number := next(asked)) < last:
            due = begun + number / PER_SECOND
            time.sleep(max(0.0, due - time.perf_counter()))
            page = wanted[number % len(wanted)]
            try:
                status, html = browser.get(page.path)
            except OSError as error:
                errors.append(repr(error))
                continue
            taken = (time.perf_counter() - due) * 1000
            if status != 200 or html.count("creneau=") != page.times:
                errors.append(f"{page.path}: {status}")
            elif number >= PER_SECOND * WARM_UP_SECONDS:
                measured.append(taken)

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Served(measured, errors)


def made_of(wanted: list[Page]) -> dict[str, float]:
    """Return the mean milliseconds of each stage, pages asked in this process one by one."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(wanted[0].path)
    stages = Stages("usagers.views.booking.slot", ("first_time", "week_times"))
    with stages:
        for page in wanted[:50]:
            stages.time(lambda page=page: client.get(page.path))
    return stages.means()
