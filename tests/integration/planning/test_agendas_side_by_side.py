"""E01, E09: several agendas together, the month, and what the toolbar keeps for next time."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry, Equipe, Territoire
from agents.permissions import Permission
from planning.policies import rdvs_for
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    service,
)
from tests.factories.planning import MONDAY
from tests.integration.planning.agenda_world import WEEK, assert_no_secret, at, secret_rdv

DAYS = {"start": "2027-01-11", "end": "2027-01-18"}


@pytest.fixture
def ask(client, cast):
    """Return what the page ("agenda_of") or the feed of the owner answers, others beside."""

    def get(who="owner", name="agenda_of", others=(), **params):
        cast.sign_in(client, who)
        url = reverse(f"planning:{name}", args=[cast.organisation.uuid, cast.owner.uuid])
        beside = {"avec": [str(getattr(other, "uuid", other)) for other in others]}
        return client.get(url, (WEEK if name == "agenda_of" else DAYS) | beside | params)

    return get


def text_of(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rdv_ids(response):
    events = response.json()["events"]
    return {e["id"].removeprefix("rdv-") for e in events if e["extendedProps"]["kind"] == "rdv"}


def colleague_rdv(cast, agent, day=12, **columns):
    return RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[agent], usagers=[cast.other_usager],
        starts_at=at(day, 15), **columns,
    )  # fmt: skip


def test_E01_the_board_shows_the_week_of_each_agent(ask, cast):
    colleague_rdv(cast, cast.same_service)
    text = text_of(ask(others=[cast.same_service]))
    assert "Agendas de 2 agents" in text
    board = text.split('class="rdv-board"')[1].split("</table>")[0]
    rows = board.split('scope="row"')
    assert cast.usager.full_name in rows[1]
    assert cast.usager.full_name not in rows[2]
    assert cast.other_usager.full_name in rows[2]


@pytest.mark.parametrize("view", ["semaine", "mois"])
def test_E01_what_may_be_moved_is_dragged_from_cell_to_cell(ask, cast, view):
    night = RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=at(13, 22),
        ends_at=at(14, 3),
    )  # fmt: skip
    done = colleague_rdv(cast, cast.owner, status="seen")
    occupied = secret_rdv(cast)
    text = text_of(ask("same_service", others=[cast.same_service], vue=view))
    move = reverse("planning:rdv_move", args=[cast.rdv.uuid])
    assert f'data-move="{move}" data-start="10:00" data-end="10:30"' in text
    assert 'data-day="2027-01-12"' in text
    assert (f'data-agent="{cast.same_service.uuid}"' in text) == (view == "semaine")
    for other in (night, done, occupied):  # over two days; filled in; not theirs to read
        assert reverse("planning:rdv_move", args=[other.uuid]) not in text


def test_E01_one_feed_holds_all_the_columns(ask, cast):
    rdv = colleague_rdv(cast, cast.same_service)
    shared = RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner, cast.same_service],
        usagers=[cast.usager], starts_at=at(13, 9),
    )  # fmt: skip
    body = ask(name="agenda_feed", others=[cast.same_service]).json()
    owner, other = str(cast.owner.uuid), str(cast.same_service.uuid)
    assert [column["id"] for column in body["resources"]] == [owner, other]
    columns = {event["id"]: event["resourceIds"] for event in body["events"]}
    assert columns[f"rdv-{cast.rdv.uuid}"] == [owner]
    assert columns[f"rdv-{rdv.uuid}"] == [other]
    assert columns[f"rdv-{shared.uuid}"] == [owner, other]


@pytest.mark.parametrize("name", ["agenda_of", "agenda_feed"])
@pytest.mark.parametrize("hidden", ["other_service", "elsewhere", "stranger", "nonsense"])
def test_E09_who_may_not_be_seen_is_left_out(ask, cast, name, hidden):
    other = getattr(cast, hidden, "nonsense")
    if hidden != "nonsense":
        colleague_rdv(cast, other)
    response = ask("same_service", name, others=[other, uuid4()])
    assert response.status_code == 200
    text = response.content.decode()
    assert str(getattr(other, "uuid", other)) not in text
    assert cast.other_usager.last_name.upper() not in text


@pytest.mark.parametrize("who", ["owner", "same_service", "secretary", "admin", "territoire_admin"])
def test_E09_page_feed_and_policy_tell_the_same_rdvs(ask, cast, who):
    secret_rdv(cast)
    colleague_rdv(cast, cast.other_service)
    others = [cast.same_service, cast.other_service]
    # The secret RDV has put the owner in the PMI too: only the first colleague sees no PMI agenda.
    seen = [cast.owner, *others[: 1 if who == "same_service" else 2]]
    rows = rdvs_for(cast.actor(who), Permission.RDV_READ).filter(agents__in=seen)
    expected = {str(rdv.uuid) for rdv in rows}
    assert rdv_ids(ask(who, "agenda_feed", others)) == expected
    text = text_of(ask(who, "agenda_of", others))
    assert {uuid for uuid in expected if uuid in text} == expected
    found = text_of(ask(who, "agenda_of", others, vue="mois"))
    assert {uuid for uuid in expected if uuid in found} == expected


@pytest.mark.parametrize("params", [{"vue": "semaine"}, {"vue": "mois"}, {"vue": "jour"}])
def test_decision_8_nothing_secret_beside_colleagues(ask, cast, params):
    rdv = secret_rdv(cast, starts_at=at(11, 14))
    text = text_of(ask("same_service", others=[cast.same_service], **params))
    assert "Occupé" in text.split('class="rdv-agenda__legend"')[0]
    assert_no_secret(text, rdv)


def test_E09_an_equipe_adds_those_of_it_that_may_be_seen(ask, client, cast):
    equipe = Equipe.objects.create(territoire=cast.territoire, name="Accueil")
    equipe.agents.set([cast.same_service, cast.other_service, cast.elsewhere])
    text = text_of(ask(equipe=str(equipe.uuid)))
    assert "Agendas de 2 agents" in text
    assert "Accueil (1)" in text
    secretary = text_of(ask("secretary", equipe=str(equipe.uuid)))
    assert "Agendas de 3 agents" in secretary
    client.force_login(cast.territoire_admin.account)
    url = reverse("planning:agenda", args=[cast.organisation.uuid])
    response = client.get(url, WEEK | {"equipe": str(equipe.uuid)})
    assert response.status_code == 302
    assert f"equipe={equipe.uuid}" in response.headers["Location"]


def test_E01_the_choice_of_agendas_puts_oneself_first(client, cast):
    client.force_login(cast.same_service.account)
    url = reverse("planning:agenda", args=[cast.organisation.uuid])
    chosen = [str(cast.owner.uuid), str(cast.same_service.uuid)]
    response = client.get(url, WEEK | {"agent": chosen})
    own = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.same_service.uuid])
    assert response.headers["Location"].startswith(f"{own}?vue=semaine&date=2027-01-11")
    assert response.headers["Location"].endswith(f"&avec={cast.owner.uuid}")


def test_E01_thirty_agendas_are_the_most(ask, cast):
    many = [
        AgentFactory(organisations=[cast.organisation], services=[service()]) for _ in range(30)
    ]
    text = text_of(ask(others=many))
    assert "Agendas de 30 agents" in text
    assert "Ne sont pas affichés" in text
    assert ask(name="agenda_feed", others=many).status_code == 400
    assert ask(name="agenda_feed", others=many[:29]).status_code == 200


def statements(get):
    with CaptureQueriesContext(connection) as captured:
        assert get().status_code == 200
    return len(captured)


@pytest.mark.parametrize("name", ["agenda_of", "agenda_feed"])
@pytest.mark.parametrize("who", ["owner", "territoire_admin"])
def test_E01_eight_agendas_cost_the_statements_of_one(ask, cast, name, who):
    agents = [AgentFactory(organisations=[cast.organisation], services=[service()])
              for _ in range(7)]  # fmt: skip
    for agent in agents:
        colleague_rdv(cast, agent)
        PlageOuvertureFactory(lieu=cast.lieu, agent=agent, motifs=[cast.motif])
        IndisponibiliteFactory(agent=agent, first_day=MONDAY, end_day=MONDAY)
    ask(who, name, agents)
    two = statements(lambda: ask(who, name, agents[:1]))
    eight = statements(lambda: ask(who, name, agents))
    assert eight == two
    assert eight - statements(lambda: ask(who, name)) <= 1  # who is named beside


def test_decision_12_each_agenda_looked_at_is_audited(ask, cast):
    ask("territoire_admin", others=[cast.same_service])
    ask("territoire_admin", "agenda_feed", others=[cast.same_service])
    seen = {(entry.object_uuid, entry.organisation_id) for entry in AuditEntry.objects.all()}
    assert seen == {(agent.uuid, cast.organisation.pk) for agent in (cast.owner, cast.same_service)}
    assert AuditEntry.objects.count() == 2


def test_E01_the_month_shows_whole_weeks_and_leads_to_the_day(ask, cast):
    text = text_of(ask(vue="mois"))
    assert "Janvier 2027" in text
    assert "lundi 28 décembre 2026" in text
    assert "vendredi 29 janvier 2027" in text
    assert "dimanche 17 janvier 2027" not in text
    assert cast.usager.full_name in text
    assert "?vue=jour&amp;annules=1&amp;samedis=0&amp;date=2027-01-11" in text
    assert "Jour de l&#x27;an" in text


def test_E01_a_full_day_of_the_month_says_how_many_more(ask, cast):
    for hour in range(8, 18):
        RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=at(14, hour))
    assert "+ 6 autres" in text_of(ask(vue="mois"))


def test_E01_saturdays_are_shown_on_request(ask):
    assert "samedi 16 janvier 2027" not in text_of(ask()).lower()
    assert "samedi 16 janvier 2027" in text_of(ask(samedis="1")).lower()
    assert ask(name="agenda_feed", samedis="1").json()["axis"]["hiddenDays"] == [0]


@pytest.mark.parametrize(
    ("kept", "field", "value", "said"),
    [
        ("annules", "shows_cancelled", False, "annules=0"),
        ("samedis", "shows_saturdays", True, "samedis=1"),
        ("vue", "agenda_view", "mois", "vue=mois"),
    ],
)
def test_E01_what_the_toolbar_switches_applies_next_time(client, cast, kept, field, value, said):
    client.force_login(cast.same_service.account)
    url = reverse("planning:agenda_preferences", args=[cast.organisation.uuid, cast.owner.uuid])
    other = str(cast.same_service.uuid)
    sent = {"vue": "mois", "date": "2027-01-11", "annules": "1", "samedis": "0", "avec": other}
    response = client.post(url, sent | {"garder": kept})
    assert said in response.headers["Location"]
    assert f"avec={other}" in response.headers["Location"]
    cast.same_service.refresh_from_db()
    assert getattr(cast.same_service, field) == value
    cast.owner.refresh_from_db()
    assert (cast.owner.agenda_view, cast.owner.shows_cancelled) == ("semaine", True)
    plain = client.get(reverse("planning:agenda", args=[cast.organisation.uuid])).content.decode()
    assert f"?{said}&amp;" in plain or f"&amp;{said}" in plain


def test_E01_the_list_names_the_agent_of_each_line(ask, cast):
    colleague_rdv(cast, cast.same_service)
    text = text_of(ask(vue="liste", others=[cast.same_service]))
    line = text.split(cast.other_usager.full_name)[1].split("</li>")[0]
    assert cast.same_service.full_name in line


def test_E01_a_workshop_shows_its_title_and_its_seats(ask, cast):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    rdv = RdvFactory(
        motif=motif, lieu=cast.lieu, agents=[cast.owner], title="Atelier CV", seats_total=8,
        usagers=[cast.usager, cast.other_usager], starts_at=at(12, 9),
    )  # fmt: skip
    body = ask(name="agenda_feed").json()
    (event,) = [event for event in body["events"] if event["id"] == f"rdv-{rdv.uuid}"]
    assert (event["title"], event["extendedProps"]["seats"]) == ("Atelier CV", "2/8")
    assert "places : 2/8" in text_of(ask())


def test_E01_who_waits_at_the_desk_is_marked(ask, cast):
    assert "Arrivé" not in text_of(ask()).split('class="rdv-agenda__legend"')[0].split("rdv-day")[1]
    cast.rdv.participations.update(arrived_at=cast.rdv.starts_at - timedelta(minutes=5))
    body = ask(name="agenda_feed").json()
    (event,) = [e for e in body["events"] if e["extendedProps"]["kind"] == "rdv"]
    assert event["extendedProps"]["isArrived"] is True
    assert 'class="rdv-arrived">Arrivé' in text_of(ask())
    Territoire.objects.filter(pk=cast.territoire.pk).update(colours_arrivals=False)
    assert 'class="rdv-arrived">Arrivé' not in text_of(ask())
