"""The feed of the agenda: 20 agents side by side over a week, asked by one who is signed in."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client
from django.urls import reverse

from agents.models import Agent, Organisation
from bench.server import Browser
from bench.stages import Stages
from bench.workload import AGENTS_PER_LIEU, booked

if TYPE_CHECKING:
    from bench.load import Loaded

REQUESTS = 200
WARM_UP = 20
WEEKS = 4
TARGET_MS = 200.0


@dataclass(frozen=True)
class Feed:
    """A week of the 20 agents of one organisation, and how many RDVs it must hold."""

    path: str
    rdvs: int


@dataclass(frozen=True)
class Read:
    milliseconds: list[float]
    errors: list[str]


def feeds(loaded: Loaded) -> list[Feed]:
    """Return four weeks of the first organisation, cancelled RDVs asked for as by default."""
    organisation = Organisation.objects.get(pk=loaded.organisation_ids[0])
    first, *others = _agents(loaded)
    url = reverse("planning:agenda_feed", args=[organisation.uuid, first.uuid])
    found = []
    for week in range(WEEKS):
        monday = loaded.first + timedelta(days=7 * week)
        query = {
            "start": monday,
            "end": monday + timedelta(days=7),
            "annules": "1",
            "avec": [agent.uuid for agent in others],
        }
        days = range(5 * week, 5 * week + 5)
        rdvs = sum(
            len(booked(loaded.data.name, agent, day))
            for agent in range(AGENTS_PER_LIEU)
            for day in days
        )
        found.append(Feed(f"{url}?{urlencode(query, doseq=True)}", rdvs))
    return found


def _agents(loaded: Loaded) -> list[Agent]:
    rows = Agent.objects.in_bulk(loaded.agent_ids[:AGENTS_PER_LIEU])
    return [rows[pk] for pk in loaded.agent_ids[:AGENTS_PER_LIEU]]


def read(port: int, loaded: Loaded) -> Read:
    """Ask one after the other, signed in as the first agent, and check each answer."""
    browser, wanted = Browser(port), feeds(loaded)
    browser.cookies[settings.SESSION_COOKIE_NAME] = (
        _client(loaded).cookies[settings.SESSION_COOKIE_NAME].value
    )
    times: list[float] = []
    errors: list[str] = []
    for number in range(WARM_UP + REQUESTS):
        feed = wanted[number % len(wanted)]
        begun = time.perf_counter()
        status, body = browser.get(feed.path)
        taken = (time.perf_counter() - begun) * 1000
        rdvs = _rdvs(body) if status == 200 else 0
        if rdvs != feed.rdvs:
            errors.append(f"agenda: {status}, {rdvs} RDVs instead of {feed.rdvs}")
        elif number >= WARM_UP:
            times.append(taken)
    return Read(times, errors)


def _rdvs(body: str) -> int:
    events = json.loads(body)["events"]
    return sum(event["extendedProps"]["kind"] == "rdv" for event in events)


def _client(loaded: Loaded) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    account = _agents(loaded)[0].account
    if account is None:
        raise LookupError("The first agent has no account.")
    client.force_login(account)
    return client


def made_of(loaded: Loaded) -> dict[str, float]:
    """Return the mean milliseconds of each stage, asked in this process one by one."""
    client, wanted = _client(loaded), feeds(loaded)
    client.get(wanted[0].path)
    stages = Stages("planning.views.agenda_feed", ("agenda_of", "events_of"))
    with stages:
        for number in range(20):
            stages.time(lambda number=number: client.get(wanted[number % len(wanted)].path))
    return stages.means()
