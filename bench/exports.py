"""Export of 100,000 RDVs of one organisation: seconds, size of the file, memory of the worker."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from bench import report
from bench.database import say, server_settings
from bench.measure import _resident_mb

if TYPE_CHECKING:
    from agents.models import Agent, Organisation

RDVS, USAGERS, AGENTS = 100_000, 20_000, 20
TARGET_SECONDS, TARGET_MB = 120, 300
SLUG = "bench-exports"
# Two of three RDVs are of one person, the third of two; each was told, and created by an agent.
ROWS = """
CREATE TEMP TABLE bench_export AS
SELECT n, (n %% {agents}) AS agent_rank, timestamptz '2025-01-06 08:00Z'
       + (n / {agents}) * interval '30 minutes' AS starts_at
  FROM generate_series(0, {rdvs} - 1) n;
INSERT INTO usagers_usager (uuid, territoire_id, first_name, last_name, birth_name, birth_date,
       phone_number, address, address_details, post_code, city_name, city_code, caisse,
       affiliation_number, family_situation, logement, case_number, language, notifies_by_email,
       notifies_by_sms, origin, created_at, updated_at)
SELECT gen_random_uuid(), %(territoire)s, 'Prénom' || n, 'Nom' || n, '', date '1950-01-01' + n,
       '', n || ' rue de la Paix', '', '62000', 'Arras', '', '', '', '', '', '', 'fr', true, true,
       'agent', now(), now()
  FROM generate_series(1, {usagers}) n;
INSERT INTO planning_rdv (uuid, organisation_id, motif_id, lieu_id, starts_at, ends_at, status,
       cancelled_at, title, context, version, created_at)
SELECT gen_random_uuid(), %(organisation)s, %(motif)s, %(lieu)s, starts_at,
       starts_at + interval '30 minutes', 'unknown', NULL, '',
       repeat('Un contexte de longueur ordinaire, écrit par un agent. ', 1 + n %% 4), n,
       starts_at - interval '20 days'
  FROM bench_export ORDER BY n;
INSERT INTO planning_agentrdv (rdv_id, agent_id, overlap_accepted, starts_at, ends_at, free_at,
       holds_time)
SELECT r.id, (%(agents)s::bigint[])[1 + r.version %% {agents}], false, r.starts_at, r.ends_at,
       r.ends_at, true
  FROM planning_rdv r WHERE r.organisation_id = %(organisation)s;
INSERT INTO planning_participation (uuid, rdv_id, usager_id, status, notifies_changes,
       notifies_reminder, created_by_agent_id, needs, needs_details, created_at)
SELECT gen_random_uuid(), r.id, u.first + (r.version + k * 7) %% {usagers}, 'unknown', true, true,
       (%(agents)s::bigint[])[1 + r.version %% {agents}], '{{}}', '', r.created_at
  FROM planning_rdv r, (SELECT min(id) AS first FROM usagers_usager
       WHERE territoire_id = %(territoire)s) u, generate_series(0, 1) k
 WHERE r.organisation_id = %(organisation)s AND (k = 0 OR r.version %% 3 = 0);
INSERT INTO planning_rdvevent (rdv_id, at, action, author_kind, author_agent_id, author_name,
       changes)
SELECT r.id, r.created_at, 'created', 'agent', (%(agents)s::bigint[])[1 + r.version %% {agents}],
       'Camille DURAND', '{{}}'
  FROM planning_rdv r WHERE r.organisation_id = %(organisation)s;
INSERT INTO notifications_outboxmessage (uuid, kind, channel, dedup_key, recipient, recipient_name,
       reply_to, subject, body, html, ics, secret_link, ics_method, rdv_id, participation_id,
       organisation_id, state, attempts, available_at, sent_at, failure, provider,
       provider_reference, created_at)
SELECT gen_random_uuid(), 'rdv_created', 'email', 'bench:' || p.id, 'a@example.fr', '', '', '', 'x',
       '', '', '', '', p.rdv_id, p.id, %(organisation)s, 'sent', 1, p.created_at, p.created_at, '',
       '', '', p.created_at
  FROM planning_participation p JOIN planning_rdv r ON r.id = p.rdv_id
 WHERE r.organisation_id = %(organisation)s;
"""


@dataclass(frozen=True)
class Made:
    """One file: seconds of the whole work, MB of the file, highest MB of its process.

    `cpu_seconds`: what the process itself worked, PostgreSQL apart; on a busy machine the wall
    clock measures the neighbours.
    """

    seconds: float
    cpu_seconds: float
    size_mb: float
    peak_mb: float
    rows: int


def measure_exports() -> list[str]:
    """Measure each kind and format in a process of its own; return what is wrong."""
    print(report.machine(server_settings()), end="\n\n")
    rows, wrong = [], []
    for kind in ("rdv", "participations"):
        for file_format in ("xlsx", "csv"):
            name = f"export-{kind}-{file_format}"
            say(f"{name} …")
            command = [sys.executable, "-m", "bench", "--export", f"{kind}.{file_format}"]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            made = Made(**json.loads(done.stdout))
            is_hit = made.seconds <= TARGET_SECONDS and made.peak_mb <= TARGET_MB
            verdict = "hit" if is_hit else "MISS"
            rows.append(
                [
                    name,
                    f"{made.rows:,}",
                    f"{made.seconds:.1f}",
                    f"{made.cpu_seconds:.1f}",
                    f"{made.size_mb:.1f}",
                    f"{made.peak_mb:.0f}",
                    verdict,
                ]
            )
            report.write({name: vars(made)})
            if kind == "rdv" and made.rows != RDVS:
                wrong.append(f"{name} holds {made.rows} rows")
    report.print_table(["export", "rows", "seconds", "CPU", "MB", "peak MB", ""], rows)
    return wrong


def load_exports() -> None:
    """Write the organisation and its RDVs; triggers and foreign keys sleep meanwhile."""
    from bench.load import TRIGGERS

    site, agents = _site()
    values = {
        "territoire": site.territoire_id,
        "organisation": site.pk,
        "motif": site.motifs.get().pk,
        "lieu": site.lieux.get().pk,
        "agents": [agent.pk for agent in agents],
    }
    begun = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(TRIGGERS, ["replica"])
        for statement in ROWS.format(rdvs=RDVS, usagers=USAGERS, agents=AGENTS).split(";\n"):
            if statement.strip():
                cursor.execute(statement, values)
        cursor.execute(TRIGGERS, ["origin"])
    say(f"loaded {RDVS:,} RDVs in {time.perf_counter() - begun:.1f} s")


def _site() -> tuple[Organisation, list[Agent]]:
    from agents.models import Agent, Organisation, RoleOrganisation, Service, Territoire
    from motifs.models import Lieu, Motif
    from rdv.accounts.models import Account, Kind

    territoire = Territoire.objects.create(name="Bench exports", slug=SLUG)
    site = Organisation.objects.create(territoire=territoire, name="Site", slug=SLUG)
    service = Service.objects.exclude(code=Service.SECRETARIAT).order_by("pk")[0]
    Motif.objects.create(organisation=site, service=service, name="Accompagnement")
    Lieu.objects.create(organisation=site, name="Accueil", address="1 rue de la Paix, 62000 Arras")
    agents = []
    for rank in range(AGENTS):
        email = f"{SLUG}-{rank}@bench.example.fr"
        account = Account.objects.create(
            kind=Kind.AGENT, email=email, login=f"{Kind.AGENT}:{email}", password="!"
        )
        agent = Agent.objects.create(account=account, first_name="Camille", last_name=f"N{rank}")
        RoleOrganisation.objects.create(agent=agent, organisation=site, level="admin")
        agents.append(agent)
    return site, agents


def make_one(what: str) -> dict[str, Any]:
    """Make one file in this process, as a worker does, and delete it. `what`: "rdv.xlsx"."""
    from uuid import uuid4

    from django.utils import timezone

    from agents.models import Organisation
    from agents.queries.actor import agent_actor
    from planning.exports import store
    from planning.models import Export
    from planning.queries.rdv_filter import RdvFilter
    from planning.services.export_build import build_next_export
    from planning.services.export_request import ask_export

    kind, file_format = what.split(".")
    site = Organisation.objects.select_related("territoire").get(slug=SLUG)
    author = site.roles.select_related("agent__account").order_by("pk")[0].agent
    Export.objects.all().delete()
    ask_export(
        uuid=uuid4(),
        kind=kind,
        file_format=file_format,
        wanted=RdvFilter((site,)),
        rows=RDVS,
        actor=agent_actor(author),
        now=timezone.now(),
    )
    begun, worked = time.perf_counter(), time.process_time()
    build_next_export(clock=timezone.now)
    seconds, worked = time.perf_counter() - begun, time.process_time() - worked
    export = Export.objects.get()
    if not export.stored_name:
        raise RuntimeError(export.error)
    store.remove(export.stored_name)
    size = (export.size or 0) / 1024**2
    return vars(Made(seconds, worked, size, _resident_mb("VmHWM"), export.rows_done))
