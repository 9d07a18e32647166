"""What makes a créneau disappear, how many statements a search takes, what to offer instead."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from planning.queries.availability import (
    Audience,
    Search,
    bookable,
    distinct_starts,
    found_slots,
    nearest_slots,
    next_by_lieu,
    next_slot,
    week_slots,
)
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    TerritoireFactory,
)

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 1, 11)
NOW = datetime(2027, 1, 4, 8, 0, tzinfo=UTC)
NINE = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)
MOST_STATEMENTS = 7


def search(*motifs, audience=Audience.USAGER, now=NOW, **filters):
    return Search(frozenset(motif.pk for motif in motifs), audience, now, **filters)


def site(organisation=None, **motif):
    """One motif and one plage of six créneaux, on Monday from 9:00 to 12:00."""
    motif = MotifFactory(organisation=organisation or OrganisationFactory(), **motif)
    lieu = LieuFactory(organisation=motif.organisation)
    return motif, PlageOuvertureFactory(lieu=lieu, motifs=[motif])


def count(question, first=MONDAY, last=MONDAY):
    return len(found_slots(question, first, last))


def test_A03_six_half_hours_of_a_morning():
    motif, plage = site()
    found = found_slots(search(motif), MONDAY, MONDAY)
    assert [slot[0].strftime("%H:%M") for slot in found] == [
        "09:00",
        "09:30",
        "10:00",
        "10:30",
        "11:00",
        "11:30",
    ]
    assert {slot[1:] for slot in found} == {(plage.agent_id, plage.lieu_id, plage.pk)}
    assert found[0][0].tzinfo == ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("motif", {"archived_at": NOW}),
        ("motif", {"is_collective": True}),
        ("lieu", {"availability": "closed"}),
        ("lieu", {"availability": "single_use"}),
        ("agent", {"deactivated_at": NOW}),
        ("organisation", {"archived_at": NOW}),
    ],
)
def test_A03_what_is_closed_gives_nothing(table, change):
    motif, plage = site()
    row = {"motif": motif, "lieu": plage.lieu, "agent": plage.agent}.get(table, motif.organisation)
    assert count(search(motif)) == 6
    type(row).objects.filter(pk=row.pk).update(**change)
    question = search(motif)
    assert count(question) == 0
    assert next_by_lieu(question, MONDAY) == {}
    assert bookable(question, NINE, plage.lieu_id) == []
    assert distinct_starts(question, MONDAY, MONDAY) == []


def test_B03_a_motif_without_lieu_does_not_look_at_the_lieu():
    motif, plage = site(location_type="telephone")
    type(plage.lieu).objects.update(availability="closed")
    assert {slot[2] for slot in found_slots(search(motif), MONDAY, MONDAY)} == {None}
    assert list(next_by_lieu(search(motif), MONDAY)) == [None]
    assert bookable(search(motif), NINE, None) == [(plage.agent_id, plage.pk)]


@pytest.mark.parametrize("accepted", [False, True])
def test_decision_10_rdvs_of_another_organisation_block(accepted):
    motif, plage = site()
    RdvFactory(
        motif=MotifFactory(),
        agents=[plage.agent],
        starts_at=NINE,
        agents__overlap_accepted=accepted,
    )
    assert found_slots(search(motif), MONDAY, MONDAY)[0][0] == NINE + timedelta(minutes=30)
    assert bookable(search(motif), NINE, plage.lieu_id) == []


@pytest.mark.parametrize(
    "state", [{"status": "revoked"}, {"status": "excused"}, {"hidden_at": NOW}]
)
def test_decision_35_cancelled_and_deleted_rdvs_give_the_time_back(state):
    motif, plage = site()
    RdvFactory(motif=motif, agents=[plage.agent], starts_at=NINE, **state)
    assert count(search(motif)) == 6


def test_B06_a_rdv_of_several_days_that_began_long_ago_blocks():
    motif, plage = site()
    RdvFactory(
        agents=[plage.agent],
        starts_at=NINE - timedelta(days=9),
        ends_at=NINE + timedelta(hours=1),
    )
    found = found_slots(search(motif), MONDAY, MONDAY)
    assert [slot[0].hour for slot in found] == [10, 10, 11, 11]


def test_B06_an_indisponibilite_is_read_in_the_zone_where_it_was_written():
    motif, plage = site()
    reunion = TerritoireFactory(timezone="Indian/Reunion", holiday_zone="reunion")
    IndisponibiliteFactory(
        agent=plage.agent,
        territoire=reunion,
        first_day=MONDAY,
        start_time=time(12),  # 9:00 in Paris
        end_time=time(13),
    )
    assert count(search(motif)) == 4


def test_decision_3_la_reunion_has_its_own_hours_and_holidays():
    reunion = TerritoireFactory(timezone="Indian/Reunion", holiday_zone="reunion")
    motif, plage = site(OrganisationFactory(territoire=reunion))
    found = found_slots(search(motif), MONDAY, MONDAY)
    assert found[0][0] == datetime(2027, 1, 11, 5, 0, tzinfo=UTC)
    assert str(found[0][0].tzinfo) == "Indian/Reunion"
    abolition = date(2027, 12, 20)  # a Monday
    type(plage).objects.update(first_day=abolition)
    agent = search(motif, audience=Audience.AGENT, now=datetime(2027, 12, 1, tzinfo=UTC))
    assert count(agent, abolition, abolition) == 0
    type(plage).objects.update(opens_on_holidays=True)
    assert count(agent, abolition, abolition) == 6


def test_decision_17_one_entry_for_each_start_and_lieu_the_first_registered_wins():
    motif, first = site()
    second = PlageOuvertureFactory(lieu=first.lieu, motifs=[motif])
    elsewhere = PlageOuvertureFactory(
        lieu=LieuFactory(organisation=motif.organisation), motifs=[motif]
    )
    found = found_slots(search(motif), MONDAY, MONDAY)
    assert {slot[3] for slot in found} == {first.pk, elsewhere.pk}
    type(second).objects.filter(pk=second.pk).update(created_at=NOW - timedelta(days=999))
    found = found_slots(search(motif), MONDAY, MONDAY)
    assert {slot[3] for slot in found} == {second.pk, elsewhere.pk}
    assert count(search(motif, audience=Audience.AGENT)) == 18


def test_decision_24_two_persons_need_twice_the_time():
    motif, _plage = site()
    assert count(search(motif, persons=2)) == 3


def test_A03_motifs_of_two_territoires_or_durations_are_refused():
    (here, _), (there, _) = site(), site()
    longer = MotifFactory(organisation=here.organisation, duration_minutes=45)
    for other in (there, longer):
        with pytest.raises(ValueError, match="one territoire, one duration"):
            found_slots(search(here, other), MONDAY, MONDAY)
    assert found_slots(Search(frozenset(), Audience.USAGER, NOW), MONDAY, MONDAY) == []


def weekly(organisations, agents_each):
    """A territoire open every Monday morning; every agent has a RDV each and an absence."""
    motifs = []
    for organisation in organisations:
        motif, _plage = site(organisation)
        motifs.append(motif)
        for _ in range(agents_each - 1):
            agent = AgentFactory(
                organisations=[organisation], organisations__level="intervenant", email=None
            )
            PlageOuvertureFactory(
                lieu=_plage.lieu,
                agent=agent,
                motifs=[motif],
                frequency="weekly",
                weekdays=[0],
            )
            IndisponibiliteFactory(agent=agent)
            RdvFactory(motif=motif, agents=[agent], starts_at=NINE + timedelta(days=7))
    return motifs


@pytest.mark.parametrize("audience", [Audience.AGENT, Audience.USAGER])
def test_issue_2_statements_do_not_grow_with_agents_motifs_lieux_weeks(audience):
    territoire = TerritoireFactory()
    few = weekly([OrganisationFactory(territoire=territoire)], 2)
    many = few + weekly([OrganisationFactory(territoire=territoire) for _ in range(4)], 5)
    lieu = few[0].plages.first().lieu_id
    first = all_statements(search(*few, audience=audience), lieu, MONDAY + timedelta(days=6))
    rest = all_statements(search(*many, audience=audience), lieu, MONDAY + timedelta(days=80))
    assert first == rest
    assert max(first) <= MOST_STATEMENTS


def all_statements(question, lieu, last) -> list[int]:
    return [
        statements(lambda: found_slots(question, MONDAY, last)),
        statements(lambda: distinct_starts(question, MONDAY, last)),
        statements(lambda: week_slots(question, MONDAY)),
        statements(lambda: bookable(question, NINE, lieu)),
        statements(lambda: nearest_slots(question, NINE, lieu)),
    ]


def statements(question) -> int:
    with CaptureQueriesContext(connection) as queries:
        question()
    return len(queries)


def test_issue_2_a_distant_next_availability_takes_seven_statements_at_most():
    motif, plage = site(max_delay_minutes=366 * 24 * 60)
    type(plage).objects.update(frequency="weekly", weekdays=[0])
    nine = [
        datetime.combine(MONDAY + timedelta(weeks=week), time(9), ZoneInfo("Europe/Paris"))
        for week in range(21)
    ]
    for start in nine[:20]:
        RdvFactory(agents=[plage.agent], starts_at=start, ends_at=start + timedelta(hours=3))
    for audience in (Audience.AGENT, Audience.USAGER):
        question = search(motif, audience=audience)
        with CaptureQueriesContext(connection) as queries:
            found = next_slot(question, MONDAY)
        assert found[0] == nine[20]
        assert len(queries) <= MOST_STATEMENTS


def test_A02_next_by_lieu_stops_looking_where_it_found():
    territoire = TerritoireFactory()
    (near, here), (far, there) = (site(OrganisationFactory(territoire=territoire)) for _ in "ab")
    type(there).objects.filter(pk=there.pk).update(first_day=MONDAY + timedelta(days=30))
    question = search(near, far)
    found = next_by_lieu(question, MONDAY)
    assert {lieu: slot[0] for lieu, slot in found.items()} == {
        here.lieu_id: NINE,
        there.lieu_id: NINE + timedelta(days=30),
    }


def test_A06_the_nearest_creneaux_here_and_elsewhere():
    motif, here = site()
    there = PlageOuvertureFactory(
        lieu=LieuFactory(organisation=motif.organisation), motifs=[motif], start_time=time(11)
    )
    RdvFactory(agents=[here.agent], starts_at=NINE + timedelta(hours=1))  # 10:00
    same, other = nearest_slots(search(motif), NINE + timedelta(hours=1), here.lieu_id)
    assert [slot[0].strftime("%H:%M") for slot in same] == ["09:00", "09:30", "10:30"]
    assert [slot[0].strftime("%H:%M") for slot in other] == ["11:00", "11:30"]
    assert {slot[2] for slot in other} == {there.lieu_id}


def test_issue_2_statements_are_planned_once_a_connection():
    motif, plage = site()
    ask = partial(bookable, search(motif), NINE, plage.lieu_id)
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert ask()
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        prepared = {statement for (statement,) in cursor.fetchall()}
    assert sum("planning_" in statement for statement in prepared) >= 3
    tables = ["motif", "plage", "indisponibilite", "slothold", "agentrdv"]
    said = [query["sql"] for query in queries.captured_queries]
    assert all(f"_{table}" in sql for table, sql in zip(tables, said, strict=True))


def test_A03_prepared_statements_are_planned_once():
    """Otherwise the first five searches of each connection cost twice as much."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW plan_cache_mode")
        assert cursor.fetchone() == ("force_generic_plan",)
