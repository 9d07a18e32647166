"""The pages of statistics on 1,000,000 RDVs of one territoire (H02).

Fifty organisations; the first holds a fifth of the RDVs. Twenty agents, ten motifs of five services
and three lieux each. Two years and three months of RDVs, one participation each, written by
INSERT … SELECT while triggers sleep; the counts are then made by the product's own sweep, and each
answer is compared with a count of the RDVs themselves.
"""

from __future__ import annotations

import math
import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agents.models import (
    Agent,
    AgentService,
    DroitTerritoire,
    Organisation,
    RoleOrganisation,
    Service,
    Territoire,
)
from bench.database import say
from motifs.models import Lieu, LocationType, Motif
from planning.models import Rdv, StatChange, StatRefresh
from planning.services.stats_refresh import refresh_stats
from rdv.accounts.models import Account, Kind
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Callable

RDVS = 1_000_000
ORGANISATIONS, AGENTS, MOTIFS, LIEUX = 50, 20, 10, 3
SLUG = "bench-statistics"
RUNS, WARM_UP = 20, 2
DAYS_BEFORE, DAYS_AFTER = 730, 90

# A fifth to the first organisation; the rest in turn. Everything else follows from the number.
INSERT_RDVS = """
INSERT INTO planning_rdv (uuid, organisation_id, motif_id, lieu_id, starts_at, ends_at, status,
                          cancelled_at, title, context, version, created_at)
SELECT gen_random_uuid(), o.id, (o.motifs)[1 + (n / 7) %% 10],
       CASE WHEN n %% 4 = 0 THEN NULL ELSE (o.lieux)[1 + (n / 11) %% 3] END,
       s.at, s.at + interval '30 minutes', s.status,
       CASE WHEN s.status IN ('excused', 'revoked') THEN s.at - interval '1 day' END,
       '', '', 0, s.at - (1 + (n * 31) %% 60) * interval '1 day'
  FROM generate_series(1, %(rdvs)s) AS n
  JOIN bench_site o ON o.number = CASE WHEN n %% 5 = 0 THEN 0 ELSE 1 + (n / 5) %% %(others)s END
 CROSS JOIN LATERAL (
       SELECT c.at, CASE WHEN c.at > now() AND n %% 9 > 0 THEN 'unknown'
                         WHEN c.at > now() THEN 'excused'
                         WHEN n %% 13 = 0 THEN 'noshow' WHEN n %% 17 = 0 THEN 'excused'
                         WHEN n %% 29 = 0 THEN 'revoked' WHEN n %% 41 = 0 THEN 'unknown'
                         ELSE 'seen' END AS status
         FROM (SELECT date_trunc('day', now()) + interval '8 hours'
                      + ((n * 7919::bigint) %% %(days)s - %(before)s) * interval '1 day'
                      + ((n / 3) %% 16) * interval '30 minutes' AS at) c) s"""
INSERT_AGENTS = """
INSERT INTO planning_agentrdv (rdv_id, agent_id, overlap_accepted, starts_at, ends_at, free_at,
                               holds_time)
SELECT r.id, (o.agents)[1 + r.id %% 20], true, r.starts_at, r.ends_at, r.ends_at,
       r.status IN ('unknown', 'seen', 'noshow')
  FROM planning_rdv r JOIN bench_site o ON o.id = r.organisation_id"""
INSERT_PEOPLE = """
INSERT INTO planning_participation (uuid, rdv_id, usager_id, status, cancelled_at,
                                    notifies_changes, notifies_reminder, created_by_agent_id,
                                    created_by_usager_id, needs, needs_details, created_at)
SELECT gen_random_uuid(), r.id, %(usager)s, r.status, r.cancelled_at, true, true,
       CASE WHEN r.id %% 3 = 0 THEN NULL ELSE (o.agents)[1] END,
       CASE WHEN r.id %% 3 = 0 THEN %(usager)s::bigint END, '{}', '', r.created_at
  FROM planning_rdv r JOIN bench_site o ON o.id = r.organisation_id"""


@dataclass(frozen=True)
class Page:
    """`expected`: how many RDVs it must count over two years and three months."""

    id: str
    url: str
    account: Account | None
    target_ms: float
    expected: int


@dataclass(frozen=True)
class Timed:
    page: Page
    times: list[float]
    found: int

    @property
    def p50(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[math.ceil(len(self.times) * 0.95) - 1]


def prepare(*, reload: bool = False) -> dict[str, float]:
    """Load what is not there yet; return the seconds of the first count and of a sweep."""
    if reload:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    call_command("migrate", verbosity=0)
    seconds: dict[str, float] = {}
    if not Territoire.objects.filter(slug=SLUG).exists():
        begun = time.perf_counter()
        _load()
        say(f"loaded {RDVS:,} RDVs in {time.perf_counter() - begun:.0f} s")
    if not StatRefresh.objects.exists():
        _settle()
        seconds["first count of all"] = _seconds(_count_all)
    _touch(1000)
    seconds["sweep after 1,000 changes"] = _seconds(lambda: refresh_stats(now=timezone.now()))
    return seconds


def _seconds(call: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    call()
    return time.perf_counter() - begun


def _count_all() -> None:
    keys = Organisation.objects.values_list("pk", flat=True)
    StatChange.objects.bulk_create(StatChange(organisation_key=key) for key in keys)
    refresh_stats(now=timezone.now())
    _settle()


def _settle() -> None:
    """Let the planner know what was written."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _touch(number: int) -> None:
    """Change RDVs of the coming weeks, one transaction each, as agents would."""
    rows = Rdv.objects.filter(starts_at__gt=timezone.now(), status="unknown").order_by("uuid")
    for key in rows.values_list("pk", flat=True)[:number]:
        Rdv.objects.filter(pk=key).update(title="Atelier", status="seen")


@transaction.atomic
def _load() -> None:
    territoire = Territoire.objects.create(name="Bench", slug=SLUG)
    services = list(Service.objects.exclude(code=Service.SECRETARIAT).order_by("pk")[:5])
    usager = Usager.objects.create(territoire=territoire, first_name="Léa", last_name="Martin")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_site (number int, id bigint, motifs bigint[], "
            "lieux bigint[], agents bigint[]) ON COMMIT DROP"
        )
    for number in range(ORGANISATIONS):
        _site(number, territoire, services)
    boss = _agent("boss")
    rights = dict.fromkeys(("is_admin", "manages_teams", "manages_rights", "invites_agents"), True)
    DroitTerritoire.objects.create(agent=boss, territoire=territoire, **rights)
    values = {
        "rdvs": RDVS,
        "others": ORGANISATIONS - 1,
        "days": DAYS_BEFORE + DAYS_AFTER,
        "before": DAYS_BEFORE,
        "usager": usager.pk,
    }
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for statement in (INSERT_RDVS, INSERT_AGENTS, INSERT_PEOPLE):
            cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = origin")


def _site(number: int, territoire: Territoire, services: list[Service]) -> None:
    slug = f"{SLUG}-{number:02}"
    organisation = Organisation.objects.create(territoire=territoire, name=slug, slug=slug)
    types = LocationType.values
    motifs = Motif.objects.bulk_create(
        Motif(
            organisation=organisation,
            service=services[index % len(services)],
            name=f"Motif {index}",
            location_type=types[index % len(types)],
        )
        for index in range(MOTIFS)
    )
    lieux = Lieu.objects.bulk_create(
        Lieu(organisation=organisation, name=f"Lieu {index}", address="1 rue de la Paix, Arras")
        for index in range(LIEUX)
    )
    agents = [_agent(f"{number:02}-{index:02}") for index in range(AGENTS)]
    for index, agent in enumerate(agents):
        level = "basique" if index else "admin"
        RoleOrganisation.objects.create(agent=agent, organisation=organisation, level=level)
        AgentService.objects.create(
            agent=agent, territoire=territoire, service=services[index % len(services)]
        )
    keys = [[row.pk for row in rows] for rows in (motifs, lieux, agents)]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO bench_site VALUES (%s, %s, %s, %s, %s)", [number, organisation.pk, *keys]
        )


def _agent(name: str) -> Agent:
    email = f"{name}@statistics.bench.example.fr"
    account = Account.objects.create(kind=Kind.AGENT, email=email, login=f"agent:{email}")
    return Agent.objects.create(account=account, first_name="Camille", last_name=name)


def pages() -> list[Page]:
    """Return what is asked: each kind of page, with a filter and without."""
    territoire = Territoire.objects.get(slug=SLUG)
    large, usual = Organisation.objects.filter(territoire=territoire).order_by("pk")[:2]
    boss = Agent.objects.get(last_name="boss").account
    basic = Agent.objects.get(last_name="01-01")
    motif = Motif.objects.filter(organisation=usual).order_by("pk")[0]
    today = timezone.localdate()
    whole = (today - timedelta(days=DAYS_BEFORE + 1), today + timedelta(days=DAYS_AFTER + 1))
    # Not on the first of a month: its days are read, and those of the last month.
    year = (date(today.year - 1, 12, 15), date(today.year, 12, 10))
    all_of = reverse("planning:stats_territoire", args=[territoire.uuid])
    of_usual = reverse("planning:stats_organisation", args=[usual.uuid])
    of_large = reverse("planning:stats_organisation", args=[large.uuid])
    rdvs = Rdv.objects.filter(hidden_at=None)
    here, there = rdvs.filter(organisation=usual), rdvs.filter(organisation=large)
    one = f"{_query(whole)}&motif={motif.uuid}"
    return [
        Page("organisation", of_usual + _query(whole), boss, 500, here.count()),
        Page("organisation, a year", of_usual + _query(year), boss, 500, _in(here, year)),
        Page("organisation, a motif", of_usual + one, boss, 500, here.filter(motif=motif).count()),
        Page("basic agent", of_usual + _query(whole), basic.account, 500, _seen_by(basic, here)),
        Page("large organisation", of_large + _query(whole), boss, 500, there.count()),
        Page("territoire", all_of + _query(whole), boss, 1500, rdvs.count()),
        Page("territoire, a year", all_of + _query(year), boss, 1500, _in(rdvs, year)),
    ]


def _query(period: tuple[date, date]) -> str:
    return f"?debut={period[0]}&fin={period[1]}"


def _in(rows: Any, period: tuple[date, date]) -> int:
    return int(rows.filter(starts_at__date__range=period).count())


def _seen_by(agent: Agent, rows: Any) -> int:
    service = AgentService.objects.get(agent=agent).service_id
    mine = set(rows.filter(agent_rdvs__agent=agent).values_list("pk", flat=True))
    return len(mine | set(rows.filter(motif__service=service).values_list("pk", flat=True)))


def measure(page: Page) -> Timed:
    """Ask one after the other, signed in, through views and templates, without a network."""
    client = Client(HTTP_HOST="localhost")
    assert page.account is not None
    client.force_login(page.account)
    times, found = [], 0
    for number in range(WARM_UP + RUNS):
        begun = time.perf_counter()
        response = client.get(page.url)
        taken = (time.perf_counter() - begun) * 1000
        if response.status_code != 200:
            raise ValueError(f"{page.id}: {response.status_code}")
        if number >= WARM_UP:
            times.append(taken)
    file = client.get(f"{page.url}&fichier=csv").content.decode("utf-8-sig")
    found = sum(
        int(line.split(";")[2]) for line in file.splitlines() if line.startswith("Évolution;")
    )
    return Timed(page, times, found)
