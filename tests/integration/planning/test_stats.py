"""H02: the pages of statistics count the RDVs that one may see, and lead to them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from agents.permissions import Permission
from planning.models import Participation
from planning.policies import rdvs_for
from planning.queries.stats import StatsFilter, figures
from planning.queries.stats_scope import organisation_scope, own_scope, territoire_scope
from planning.services.stats_refresh import refresh_stats
from tests.factories import (
    LieuFactory,
    MotifFactory,
    OutboxMessageFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from usagers.services.usager_anonymise import anonymise

pytestmark = pytest.mark.django_db
# A Wednesday, 11 h 30 in Paris.
NOW = datetime(2027, 1, 20, 10, 30, tzinfo=UTC)
TODAY = date(2027, 1, 20)
DAY = timedelta(days=1)
NASTY = '=HYPERLINK("http://x";"<b>clic</b>") 😀'
YEAR = StatsFilter(first=date(2026, 2, 1), last=date(2027, 4, 30), step="mois")


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


def rdvs(cast, number, *, days=-1, status="unknown", agents=("owner",), **values):
    """Write `number` RDVs that begin `days` from now, one minute apart, one usager each."""
    agents = [getattr(cast, who) for who in agents]
    at = NOW + days * DAY
    values = {"motif": cast.motif, "lieu": cast.lieu, "status": status, **values}
    territoire = values["motif"].organisation.territoire
    return [
        RdvFactory(
            **values,
            agents=agents,
            agents__overlap_accepted=True,
            usagers=[UsagerFactory(territoire=territoire)],
            starts_at=at + timedelta(minutes=n),
            created_at=at - 3 * DAY,
        )
        for n in range(number)
    ]


@pytest.fixture
def world(cast):
    """18 RDVs more: two motifs of two services, past and to come, here and elsewhere."""
    cast.pmi_motif = MotifFactory(
        organisation=cast.organisation, service=service("pmi"), name=NASTY, location_type="visio"
    )
    rdvs(cast, 3, days=-40, status="seen")
    rdvs(cast, 1, days=-40, status="noshow")
    rdvs(cast, 2, days=-3)
    rdvs(cast, 2, days=0, agents=("owner", "same_service"))
    rdvs(cast, 1, days=50, status="excused")
    rdvs(cast, 1, days=5, status="revoked", lieu=LieuFactory(organisation=cast.organisation))
    rdvs(cast, 4, days=5, motif=cast.pmi_motif, lieu=None, agents=("other_service",))
    rdvs(cast, 1, days=5, motif=cast.pmi_motif, lieu=None, agents=("owner",))
    elsewhere = MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social)
    rdvs(cast, 3, days=-2, status="seen", motif=elsewhere, lieu=None, agents=("elsewhere",))
    online = rdvs(cast, 1, days=2)[0]
    Participation.objects.filter(rdv=online).update(
        created_by_agent=None, created_by_usager=cast.usager
    )
    for state, sent, closed in (("sent", NOW, None), ("failed", None, NOW), ("queued", None, None)):
        OutboxMessageFactory(
            organisation=cast.organisation,
            state=state,
            sent_at=sent,
            closed_at=closed,
            created_at=NOW,
        )
    refresh_stats(now=NOW)
    return cast


def page(client, cast, who="admin", query="", name="organisation"):
    cast.sign_in(client, who)
    args = {
        "organisation": [cast.organisation.uuid],
        "territoire": [cast.territoire.uuid],
        "own": [],
    }[name]
    return client.get(f"{reverse(f'planning:stats_{name}', args=args)}?{query}")


def tile(response, key):
    return {one.key: one.count for one in response.context["tiles"]}[key]


def table(response, key):
    (found,) = [one for one in response.context["tables"] if one.key == key]
    return {line.label: line.tally.total for line in found.lines}


@pytest.mark.parametrize(
    "who", ["owner", "same_service", "other_service", "secretary", "admin", "territoire_admin"]
)
def test_H02_one_counts_the_RDVs_that_one_sees(world, who):
    rdvs(world, 1, days=6, motif=world.pmi_motif, lieu=None, agents=("owner", "other_service"))
    refresh_stats(now=NOW)
    actor = world.actor(who)
    scope = organisation_scope(actor, world.organisation)
    found = figures(scope, YEAR, today=TODAY)
    visible = rdvs_for(actor, Permission.RDV_READ).filter(organisation=world.organisation)
    assert found.total.total == visible.count() > 0
    assert sum(tally.total for tally in found.columns.values()) == found.total.total
    for agent_id, tally in found.agents.items():
        named = visible.filter(agent_rdvs__agent=agent_id)
        asked = figures(scope, replace(YEAR, agent_id=agent_id), today=TODAY)
        assert tally.total == asked.total.total == named.count()
        assert sum(column.total for column in asked.columns.values()) == named.count()


def test_H02_own_statistics_are_ones_RDVs_in_every_organisation(world):
    own = figures(own_scope(world.actor("owner")), YEAR, today=TODAY)
    assert (
        own.total.total
        == rdvs_for(world.actor("owner"), Permission.RDV_READ)
        .filter(agent_rdvs__agent=world.owner)
        .count()
    )
    whole = figures(territoire_scope(world.territoire), YEAR, today=TODAY)
    assert whole.total.total == 20


def test_H02_the_page_of_an_organisation(world, client):
    response = page(client, world)
    html = response.content.decode()
    assert "Chiffres à 11\xa0h\xa030, le mercredi 20 janvier 2027" in html
    counts = {one.key: one.count for one in response.context["tiles"]}
    assert counts == {
        "seen": 3,
        "noshow": 1,
        "excused": 1,
        "revoked": 1,
        # The RDV of the cast was on 11 January.
        "to_fill_in": 3,
        "upcoming": 8,
    }
    assert sum(one.share for one in response.context["tiles"]) == 100
    total = response.context["total"]
    assert (total.came, total.missed, total.absence) == (3, 1, 25)
    assert response.context["delay"] == "3 jours"
    assert response.context["online"] == 6
    assert table(response, "origins") == {
        "Par un agent": 16,
        "En ligne par l’usager": 1,
        "Par un prescripteur": 0,
        "Par la liste d’attente": 0,
    }
    assert table(response, "types")["En visioconférence"] == 5
    assert table(response, "motifs") == {world.motif.name: 12, NASTY: 5}
    assert table(response, "lieux")["Sans lieu (téléphone, visio, domicile)"] == 5
    assert table(response, "agents")[world.owner.full_name] == 13
    assert [(line.channel, line.total) for line in response.context["message_lines"]] == [
        ("E-mail", 3),
        ("SMS", 0),
    ]
    assert "<b>clic</b>" not in html
    assert 'role="img"' in html
    assert "style=" not in html.partition("<main")[2]
    assert re.findall(r'<rect[^>]*="[^"]*,', html) == []


def test_H02_counters_lead_to_the_RDVs_that_they_count(world, client):
    response = page(client, world, query=f"motif={world.motif.uuid}&agent={world.owner.uuid}")
    checked = 0
    links = [(one.url, one.count) for one in response.context["tiles"]]
    for found in response.context["tables"]:
        links += [(line.url, line.tally.total) for line in found.lines]
    for url, count in [*links, (response.context["total_url"], 12)]:
        if url:
            shown = client.get(url)
            assert shown.status_code == 200
            assert shown.context["page"].paginator.count == count, url
            checked += 1
    assert checked > 8


def test_H02_filters_stand_in_the_URL_and_narrow_every_figure(world, client):
    response = page(client, world, query=f"service=pmi&lieu={world.lieu.uuid}")
    assert response.context["total"].total == 0
    assert "Aucun RDV sur cette période" in response.content.decode()
    response = page(client, world, query="service=pmi&debut=2027-01-20&fin=2027-02-10&pas=jour")
    assert response.context["total"].total == 5
    assert len(response.context["evolution"].lines) == 22
    assert not response.context["has_messages"]
    agent = page(client, world, query=f"agent={world.same_service.uuid}")
    assert agent.context["total"].total == 2


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("debut=2027-03-01&fin=2027-02-01", "La fin de la période est avant son début."),
        ("debut=2020-01-01&fin=2027-02-01", "La période dure au plus cinq ans."),
        ("debut=1950-01-01&fin=2150-12-31", "Choisissez des dates entre 2000 et 2100."),
        ("debut=2150-12-31&fin=2150-12-31&pas=mois", "Choisissez des dates entre 2000 et 2100."),
        ("debut=0001-01-01&fin=9999-12-31", "error-summary"),
        ("debut=<script>&fin=2027-02-01", "Saisissez une date valide."),
        ("debut=2026-01-01&fin=2026-12-31&pas=jour", "La période est trop longue"),
        ("pas=siecle", "siecle"),
        ("motif==1%2B1", "Ce choix n’existe pas, ou vous n’y avez pas accès."),
        ("agent=4a6d2a36-3a3b-4a3c-8d4b-0123456789ab", "Ce choix n’existe pas"),
    ],
)
def test_H02_what_is_asked_wrongly_is_said_in_french(world, client, query, said):
    response = page(client, world, query=query)
    assert response.status_code == 422
    html = response.content.decode()
    assert "error-summary" in html
    assert said in html
    assert "<script>&" not in html


def test_H02_a_filter_of_another_organisation_is_refused(world, client):
    motif = MotifFactory(organisation=world.elsewhere_organisation)
    assert page(client, world, query=f"motif={motif.uuid}").status_code == 422
    query = f"agent={world.stranger.uuid}"
    assert page(client, world, who="territoire_admin", query=query).status_code == 422


def test_H02_the_territoire_tells_its_organisations_apart(world, client):
    response = page(client, world, who="territoire_admin", name="territoire")
    assert table(response, "organisations") == {
        world.organisation.name: 17,
        world.elsewhere_organisation.name: 3,
    }
    (line, _other) = response.context["tables"][0].lines
    assert client.get(line.url).context["total"].total == 17
    query = f"organisation={world.elsewhere_organisation.uuid}"
    narrow = page(client, world, who="territoire_admin", name="territoire", query=query)
    assert narrow.context["total"].total == 3


def test_H02_own_page_leads_to_ones_RDVs(world, client):
    response = page(client, world, who="owner", name="own")
    assert response.context["total"].total == 13
    (line,) = response.context["tables"][0].lines
    assert client.get(line.url).context["page"].paginator.count == 13
    assert "Vos statistiques" in response.content.decode()
    assert page(client, world, who="territoire_admin", name="own").context["total"].total == 0


def test_H02_files_hold_the_same_figures_and_no_formula(world, client):
    response = page(client, world, query="fichier=csv")
    assert response["Content-Disposition"].endswith('2027-04-30.csv"')
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    (motif,) = [row for row in rows if row[:1] == ["Par motif"] and "HYPERLINK" in row[1]]
    assert motif[1] == f"'{NASTY}"
    assert motif[2] == "5"
    book = load_workbook(io.BytesIO(page(client, world, query="fichier=xlsx").content))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    assert f"'{NASTY}" in {cell.value for cell in cells}
    assert page(client, world, query="fichier=exe")["Content-Type"].startswith("text/html")


def test_H02_the_number_of_statements_does_not_follow_the_rows(world, client):
    page(client, world)
    with CaptureQueriesContext(connection) as few:
        page(client, world)
    for _more in range(4):
        motif = MotifFactory(organisation=world.organisation)
        rdvs(world, 2, days=1, motif=motif, lieu=LieuFactory(organisation=world.organisation))
    refresh_stats(now=NOW)
    with CaptureQueriesContext(connection) as many:
        page(client, world)
    assert len(many) == len(few)


def test_H02_whoever_was_erased_still_counts(world, client):
    before = page(client, world).context["total"].total
    usager = Participation.objects.filter(rdv__organisation=world.organisation).last().usager
    anonymise([usager], now=NOW)
    refresh_stats(now=NOW)
    assert page(client, world).context["total"].total == before


def test_H02_days_are_those_of_the_territoire(cast, client):
    cast.territoire.timezone = "Pacific/Noumea"
    cast.territoire.save()
    # 23:30 of 31 December in Nouméa, and half an hour later.
    start = datetime(2026, 12, 31, 12, 30, tzinfo=UTC)
    for at in (start, start + timedelta(minutes=30)):
        RdvFactory(motif=cast.motif, starts_at=at)
    refresh_stats(now=NOW)
    query = "debut=2026-12-31&fin=2027-01-01&pas=jour"
    response = page(client, cast, query=query)
    assert [line.tally.total for line in response.context["evolution"].lines] == [1, 1]
    assert parse_qs(urlsplit(response.context["total_url"]).query)["debut"] == ["2026-12-31"]
    assert client.get(response.context["total_url"]).context["page"].paginator.count == 2


def public(client, *args):
    cache.clear()
    name = "planning:stats_public_territoire" if args else "planning:stats_public"
    return client.get(reverse(name, args=args))


def test_H02_the_public_reads_no_count_under_11(world, client):
    slug = world.territoire.slug
    rdvs(world, 40, days=-30, status="seen")
    refresh_stats(now=NOW)
    response = public(client, slug)
    html = response.content.decode()
    # 43 + 3 seen; 1 absence, 3 to fill in, 2 of today; those to come are nobody's business yet.
    lines = {line.label: line for line in response.context["tables"][0].lines}
    assert lines["Personne absente"].is_small
    assert lines["Honorés"].count is None
    assert response.context["shown"].total == 52
    assert "moins de 11" in html
    assert "non publié" in html
    assert response.context["shown"].absence is None
    site = public(client)
    assert site.context["shown"].total == 52
    # The other territoire has nothing: it is named, and not counted.
    assert "Moins de 11 rendez-vous" in site.content.decode()
    stranger = world.stranger.roles.get().organisation.territoire
    empty = public(client, stranger.slug)
    assert "aucun chiffre n’est publié" in empty.content.decode()


def test_H02_the_site_is_the_sum_of_what_is_published(world, client):
    rdvs(world, 30, days=-20, status="seen")
    rdvs(world, 15, days=-20, status="noshow")
    abroad = MotifFactory(organisation=world.stranger.roles.get().organisation)
    rdvs(world, 10, days=-20, status="noshow", motif=abroad, lieu=None, agents=("stranger",))
    refresh_stats(now=NOW)
    site, own = public(client).context["shown"], public(client, world.territoire.slug)
    assert site.total == own.context["shown"].total
    assert site.tables["states"].keys() == own.context["shown"].tables["states"].keys()


def test_A11_the_public_page_speaks_english(world, client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    rdvs(world, 20, days=-30, status="seen")
    refresh_stats(now=NOW)
    html = public(client).content.decode()
    assert "Public statistics" in html
    assert "fewer than 11" in html
    assert "Month by month" in html


def test_H02_before_the_first_count_the_page_says_so(cast, client):
    assert "Les chiffres sont en préparation" in page(client, cast).content.decode()
    assert "Les chiffres sont en préparation" in public(client).content.decode()
