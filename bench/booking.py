"""One booking, by 100 people one after the other: the service, then the button of the mail."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.server import Browser
from bench.stages import Stages
from motifs.models import Motif
from planning.queries.availability import Audience, Search, found_slots
from planning.services.rdv_book import book_rdv
from usagers.models import BookingDraft
from usagers.queries.actor import load_usager_actor
from usagers.rules.link_digest import link_digest
from usagers.services.booking_draft_save import Identity
from usagers.services.usager_login import login_by_address

if TYPE_CHECKING:
    from bench.load import Loaded

PEOPLE = 100
TARGET_MS = 60.0


@dataclass(frozen=True)
class Booked:
    milliseconds: list[float]
    errors: list[str]


def book_by_service(loaded: Loaded, people: int) -> list[float]:
    """Call book_rdv for people who have a fiche; return the milliseconds, commit included."""
    measured = []
    for motif_id, lieu_id, start in _free(loaded, people):
        motif = Motif.objects.select_related("organisation").get(pk=motif_id)
        identity = Identity("Léa", "Martin", _address(), "+33612345678")
        usager = login_by_address(
            identity=identity, organisation=motif.organisation, now=timezone.now()
        )
        actor = load_usager_actor(account_id=usager.account_id or 0)
        begun = time.perf_counter()
        book_rdv(
            motif_id=motif_id,
            lieu_id=lieu_id,
            starts_at=start,
            usager_ids=[usager.pk],
            actor=actor,
            now=timezone.now(),
        )
        measured.append((time.perf_counter() - begun) * 1000)
    return measured


def links(loaded: Loaded, people: int) -> list[str]:
    """Write a draft for each person, each on another free créneau; return the paths to press."""
    now = timezone.now()
    return [
        _link(motif_id, lieu_id, start, now) for motif_id, lieu_id, start in _free(loaded, people)
    ]


def _free(loaded: Loaded, people: int) -> list[tuple[int, int, datetime]]:
    """Return (motif, lieu, start) of créneaux spread over the weeks, one for each."""
    search = Search(frozenset(loaded.motif_ids), Audience.USAGER, timezone.now())
    last = loaded.first + timedelta(days=7 * loaded.data.weeks - 1)
    free = found_slots(search, loaded.first, last)
    chosen = free[:: len(free) // people][:people]
    motif_of = dict(zip(loaded.lieu_ids, loaded.motif_ids, strict=True))
    return [(motif_of[lieu], lieu, start) for start, _, lieu, _ in chosen if lieu]


def _address() -> str:
    return f"bench-{secrets.token_hex(8)}@exemple.fr"


def _link(motif_id: int, lieu_id: int, starts_at: datetime, now: datetime) -> str:
    secret = secrets.token_urlsafe(24)
    BookingDraft.objects.create(
        motif_id=motif_id,
        lieu_id=lieu_id,
        starts_at=starts_at,
        chosen_at=now,
        first_name="Léa",
        last_name="Martin",
        email=_address(),
        phone_number="+33612345678",
        digest=link_digest(secret),
        link_sent_at=now,
        link_expires_at=now + timedelta(hours=24),
        created_at=now,
    )
    return reverse("usagers:booking_confirm", args=[secret])


def book(port: int, paths: list[str]) -> Booked:
    """Read each confirmation page, then press its button: only the second is timed."""
    measured, errors = [], []
    for path in paths:
        person = Browser(port)
        person.get(path)
        token = person.cookies.get("csrftoken", "")
        begun = time.perf_counter()
        status, _page = person.post(path, urlencode({"csrfmiddlewaretoken": token}))
        measured.append((time.perf_counter() - begun) * 1000)
        if status != 302:
            errors.append(f"{path}: {status}")
        person.connection.close()
    missing = BookingDraft.objects.filter(
        digest__in=[link_digest(path.split("/")[-2]) for path in paths], rdv=None
    ).count()
    if missing:
        errors.append(f"{missing} links without RDV")
    return Booked(measured, errors)


def service_made_of(loaded: Loaded, people: int) -> dict[str, float]:
    """Return the mean milliseconds of each stage of the service, its preparation included."""
    stages = Stages("planning.services.rdv_book", ("bookable",))
    with stages:
        stages.time(lambda: book_by_service(loaded, people))
    return {stage: value / people for stage, value in stages.means().items()}


def made_of(paths: list[str]) -> dict[str, float]:
    """Return the mean milliseconds of each stage, pressed in this process."""
    stages = Stages("planning.services.rdv_book", ("bookable",))
    with stages:
        for path in paths:
            client = Client(HTTP_HOST="127.0.0.1")
            stages.time(lambda path=path, client=client: client.post(path))
    return stages.means()
