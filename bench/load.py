"""Loads the data sets into the real tables, one territoire a set, and remembers who is who."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, date, datetime
from datetime import time as clock

from django.db import connection, transaction

from agents.models import (
    Agent,
    AgentService,
    Organisation,
    RoleOrganisation,
    Service,
    Territoire,
    TerritoireService,
)
from bench.workload import (
    ABSENT_HOURS,
    AGENTS_PER_LIEU,
    DURATION,
    HOURS,
    DataSet,
    absent_day,
    absent_weekday,
    rdvs,
)
from motifs.models import BookingLevel, Lieu, Motif
from planning.models import Frequency, Indisponibilite, PlageMotif, PlageOuverture
from rdv.accounts.models import Account, Kind

WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
MAX_DELAY_MINUTES = 366 * 24 * 60


@dataclass(frozen=True)
class Loaded:
    """A data set in the tables. Ids by number: of an agent, of a lieu, of (agent, half-day)."""

    data: DataSet
    first: date
    territoire_id: int
    organisation_ids: list[int]
    motif_ids: list[int]
    lieu_ids: list[int]
    agent_ids: list[int]
    plage_ids: list[tuple[int, int]]


def load(data: DataSet, first: date) -> float:
    """Write a data set whose first Monday is `first`. Returns the seconds that the RDVs took."""
    with transaction.atomic():
        territoire = _territoire(data)
        organisations = _organisations(data, territoire)
        agents = _agents(data, territoire, organisations)
        _plages(agents, organisations, first)
        _indisponibilites(agents, territoire, first)
        before = time.perf_counter()
        _rdvs(data, first, agents, organisations)
        return time.perf_counter() - before


def settle() -> None:
    """Let the planner know, and mark pages all-visible so that index-only scans stay so."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def find(data: DataSet, first: date) -> Loaded | None:
    """Return a data set that is in the tables, or None."""
    territoire = Territoire.objects.filter(slug=_slug(data)).first()
    if territoire is None:
        return None
    organisations = Organisation.objects.filter(territoire=territoire).order_by("pk")
    organisation_ids = list(organisations.values_list("pk", flat=True))
    inside = {"organisation__in": organisation_ids}
    agents = Agent.objects.filter(roles__organisation__in=organisation_ids)
    plages = PlageOuverture.objects.filter(**inside).order_by("pk").values_list("pk", flat=True)
    halves = iter(plages)
    return Loaded(
        data=data,
        first=first,
        territoire_id=territoire.pk,
        organisation_ids=organisation_ids,
        motif_ids=list(Motif.objects.filter(**inside).order_by("pk").values_list("pk", flat=True)),
        lieu_ids=list(Lieu.objects.filter(**inside).order_by("pk").values_list("pk", flat=True)),
        agent_ids=list(agents.order_by("pk").values_list("pk", flat=True)),
        plage_ids=list(zip(halves, halves, strict=True)),
    )


def _slug(data: DataSet) -> str:
    return f"bench-{data.name.lower()}"


def _territoire(data: DataSet) -> Territoire:
    territoire = Territoire.objects.create(name=f"Bench {data.name}", slug=_slug(data))
    TerritoireService.objects.create(territoire=territoire, service=_service())
    return territoire


def _service() -> Service:
    return Service.objects.order_by("pk").exclude(code=Service.SECRETARIAT)[0]


@dataclass(frozen=True)
class _Site:
    organisation: Organisation
    motif: Motif
    lieu: Lieu


def _organisations(data: DataSet, territoire: Territoire) -> list[_Site]:
    """One organisation, one motif (booked online), one lieu for 20 agents."""
    organisations = Organisation.objects.bulk_create(
        Organisation(
            territoire=territoire, name=f"Site {number:03}", slug=f"{_slug(data)}-{number:03}"
        )
        for number in range(data.lieux)
    )
    service = _service()
    motifs = Motif.objects.bulk_create(
        Motif(
            organisation=organisation,
            service=service,
            name="Rendez-vous",
            duration_minutes=int(DURATION.total_seconds()) // 60,
            booking_level=BookingLevel.USAGERS,
            max_delay_minutes=MAX_DELAY_MINUTES,
        )
        for organisation in organisations
    )
    lieux = Lieu.objects.bulk_create(
        Lieu(organisation=organisation, name="Accueil", address="1 rue de la Paix, 62000 Arras")
        for organisation in organisations
    )
    return [_Site(*site) for site in zip(organisations, motifs, lieux, strict=True)]


def _agents(data: DataSet, territoire: Territoire, sites: list[_Site]) -> list[Agent]:
    names = [f"{data.name.lower()}-{number:04}" for number in range(data.agents)]
    emails = [f"{name}@bench.example.fr" for name in names]
    accounts = Account.objects.bulk_create(
        Account(kind=Kind.AGENT, email=email, login=f"{Kind.AGENT}:{email}", password="!")
        for email in emails
    )
    agents = Agent.objects.bulk_create(
        Agent(account=account, first_name="Camille", last_name=name)
        for account, name in zip(accounts, names, strict=True)
    )
    RoleOrganisation.objects.bulk_create(
        RoleOrganisation(agent=agent, organisation=_site(sites, number).organisation)
        for number, agent in enumerate(agents)
    )
    service = _service()
    AgentService.objects.bulk_create(
        AgentService(agent=agent, territoire=territoire, service=service) for agent in agents
    )
    return agents


def _site(sites: list[_Site], agent_number: int) -> _Site:
    return sites[agent_number // AGENTS_PER_LIEU]


def _plages(agents: list[Agent], sites: list[_Site], first: date) -> None:
    plages = PlageOuverture.objects.bulk_create(
        PlageOuverture(
            organisation=_site(sites, number).organisation,
            lieu=_site(sites, number).lieu,
            agent=agent,
            first_day=first,
            start_time=start,
            end_time=end,
            frequency=Frequency.WEEKLY,
            weekdays=[0, 1, 2, 3, 4],
            opens_on_holidays=True,
        )
        for number, agent in enumerate(agents)
        for start, end in HOURS
    )
    PlageMotif.objects.bulk_create(
        PlageMotif(plage=plage, motif=_site(sites, number // len(HOURS)).motif)
        for number, plage in enumerate(plages)
    )


def _indisponibilites(agents: list[Agent], territoire: Territoire, first: date) -> None:
    rows = []
    for number, agent in enumerate(agents):
        common = {"agent": agent, "territoire": territoire}
        away = absent_day(number, first)
        weekday = absent_weekday(number)
        day = date.fromordinal(first.toordinal() + weekday)
        start, end = ABSENT_HOURS
        rows += [
            Indisponibilite(
                **common,
                title="Congé",
                first_day=away,
                end_day=away,
                start_time=clock(0),
                end_time=clock(23, 59),
            ),
            Indisponibilite(
                **common,
                title="Réunion",
                first_day=day,
                end_day=day,
                start_time=start,
                end_time=end,
                frequency=Frequency.WEEKLY,
                weekdays=[weekday],
            ),
        ]
    Indisponibilite.objects.bulk_create(rows)


# Only a superuser may put them to sleep; for another user they do their work.
TRIGGERS = """
SELECT set_config('session_replication_role', %s, true)
 WHERE current_setting('is_superuser') = 'on'
"""
COPY_RDVS = """
INSERT INTO planning_rdv (uuid, organisation_id, motif_id, lieu_id, starts_at, ends_at,
                          status, title, context, version, created_at, id)
SELECT gen_random_uuid(), b.organisation_id, b.motif_id, b.lieu_id, b.starts_at, b.ends_at,
       'unknown', '', '', 0, %s, b.id
  FROM bench_rdv b ORDER BY b.id
"""
COPY_AGENTS = """
INSERT INTO planning_agentrdv (rdv_id, agent_id, overlap_accepted, starts_at, ends_at, free_at,
                               holds_time)
SELECT b.id, b.agent_id, false, b.starts_at, b.ends_at, b.ends_at, true
  FROM bench_rdv b ORDER BY b.id
"""
# What the triggers would have guaranteed: none of these rows exists.
DRIFTED = """
SELECT count(*)
  FROM bench_rdv b
  LEFT JOIN planning_agentrdv x ON x.rdv_id = b.id AND x.holds_time
  LEFT JOIN planning_rdv r ON r.id = x.rdv_id
       AND (r.starts_at, r.ends_at, r.ends_at) = (x.starts_at, x.ends_at, x.free_at)
       AND r.hidden_at IS NULL
  LEFT JOIN motifs_motif m ON (m.id, m.organisation_id) = (r.motif_id, r.organisation_id)
  LEFT JOIN motifs_lieu l ON (l.id, l.organisation_id) = (r.lieu_id, r.organisation_id)
  LEFT JOIN agents_agent a ON a.id = x.agent_id
 WHERE m.id IS NULL OR l.id IS NULL OR a.id IS NULL
"""


def _rdvs(data: DataSet, first: date, agents: list[Agent], sites: list[_Site]) -> None:
    """COPY into a work table, then two INSERT … SELECT.

    Triggers (copies to the agenda, foreign keys) sleep, which takes a third off, and what they
    guarantee is checked at the end. Check and exclusion constraints stay on.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_rdv (id bigint DEFAULT nextval("
            "pg_get_serial_sequence('planning_rdv', 'id')), agent_id bigint, "
            "organisation_id bigint, motif_id bigint, lieu_id bigint, starts_at timestamptz, "
            "ends_at timestamptz)"
        )
        columns = "agent_id, organisation_id, motif_id, lieu_id, starts_at, ends_at"
        with cursor.copy(f"COPY bench_rdv ({columns}) FROM STDIN") as copy:
            for number, start in rdvs(data, first):
                site = _site(sites, number)
                utc = start.astimezone(UTC)
                copy.write_row(
                    (
                        agents[number].pk,
                        site.organisation.pk,
                        site.motif.pk,
                        site.lieu.pk,
                        utc,
                        utc + DURATION,
                    )
                )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(TRIGGERS, ["replica"])
        cursor.execute(COPY_RDVS, [WRITTEN_AT])
        cursor.execute(COPY_AGENTS)
        cursor.execute(TRIGGERS, ["origin"])
        cursor.execute("ANALYZE bench_rdv")
        cursor.execute(DRIFTED)
        (drifted,) = cursor.fetchone()
        if drifted:
            raise ValueError(f"{drifted} RDVs are not what the triggers would have written.")
        cursor.execute("DROP TABLE bench_rdv")
