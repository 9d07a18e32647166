"""Each constraint of planning refuses its bad row, and says why in French."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from planning.models import (
    AgentRdv,
    IndisponibiliteException,
    PlageException,
    PlageMotif,
    PlageOuverture,
    RdvBulk,
    RdvBulkLine,
    RdvDraft,
    RdvEvent,
)
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.factories.planning import MONDAY, NOW
from tests.integration.constraints import exports, public_side, stats
from tests.integration.constraints.doors import (
    after_sql,
    changed,
    check_message,
    check_refusal,
    constraints,
    params,
)
from usagers.models import Prescripteur

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def plage():
    return PlageOuvertureFactory()


def indisponibilite():
    return IndisponibiliteFactory(agent=AgentFactory(organisations=[OrganisationFactory()]))


def rdv():
    motif = MotifFactory()
    agent = AgentFactory(organisations=[motif.organisation])
    usager = UsagerFactory(territoire=motif.organisation.territoire)
    return RdvFactory(motif=motif, agents=[agent], usagers=[usager])


def rdv_draft():
    organisation = OrganisationFactory()
    agent = AgentFactory(organisations=[organisation])
    return RdvDraft.objects.create(
        agent=agent, organisation=organisation, created_at=NOW, updated_at=NOW
    )


def rdv_bulk():
    organisation = OrganisationFactory()
    agent = AgentFactory(organisations=[organisation])
    return RdvBulk.objects.create(agent=agent, organisation=organisation, created_at=NOW)


def rdv_bulk_line(bulk=None):
    return RdvBulkLine.objects.create(
        bulk=bulk or rdv_bulk(), rdv=rdv(), act="cancel", seen_version=0, seen_status="unknown"
    )


def second_bulk_line_of_a_rdv():
    first = rdv_bulk_line()
    return rdv_bulk_line(first.bulk), {"rdv_id": first.rdv_id}


def agent_rdv():
    return rdv().agent_rdvs.get()


def participation():
    return rdv().participations.get()


def participation_with(*authors: str):
    """Spoil a participation with exactly these authors (none, or two)."""

    def case():
        row = participation()
        partner = Prescripteur.objects.create(first_name="A", last_name="B", email="a@x.fr")
        every = {
            "created_by_agent": row.created_by_agent,
            "created_by_usager": row.usager,
            "prescripteur": partner,
        }
        return row, {name: every[name] if name in authors else None for name in every}

    return case


def without(table: str, case):
    """Take away the check of the cancellation date: it refuses unknown statuses first."""
    name = f"{table}_cancelled_at_matches_status"
    return after_sql(f"ALTER TABLE planning_{table} DROP CONSTRAINT {name}", case)


def event(**author):
    return lambda: (
        RdvEvent(rdv=rdv(), at=NOW, action="created", author_kind="system", changes={"a": [1, 2]}),
        {name: make() if callable(make) else make for name, make in author.items()},
    )


def same_agent_twice():
    first = agent_rdv()
    other = AgentRdv.objects.create(rdv=first.rdv, agent=AgentFactory())
    return other, {"agent": first.agent}


def same_hour():
    first = agent_rdv()
    return agent_rdv(), {"agent": first.agent}


def same_usager_twice():
    first = participation()
    organisation = first.rdv.organisation
    again = RdvFactory(
        motif=first.rdv.motif,
        agents=[AgentFactory(organisations=[organisation])],
        usagers=[first.usager],
    )
    return again.participations.get(), {"rdv": first.rdv}


def same_motif_twice():
    row = plage()
    motifs = [MotifFactory(organisation=row.organisation) for _ in range(2)]
    first, second = (PlageMotif.objects.create(plage=row, motif=motif) for motif in motifs)
    return second, {"motif": first.motif}


def plage_exception():
    return PlageException.objects.create(plage=plage(), day=MONDAY)


def replacement():
    date = plage_exception()
    like = {"agent": date.plage.agent, "organisation": date.plage.organisation}
    return PlageOuverture.objects.create(replaces=date, first_day=date.day, **like)


def absence_exception():
    return IndisponibiliteException.objects.create(indisponibilite=indisponibilite(), day=MONDAY)


def same_day(make, parent: str):
    def case():
        first = make()
        second = type(first).objects.create(**{parent: getattr(first, parent), "day": MONDAY + DAY})
        return second, {"day": first.day}

    return case


def recurrence_cases(prefix: str, make):
    weekly = {"frequency": "weekly", "weekdays": [0]}
    return {
        f"{prefix}_frequency_known": [changed(make, frequency="daily")],
        f"{prefix}_weekdays_iff_weekly": [
            changed(make, frequency="weekly"),
            changed(make, weekdays=[0]),
        ],
        f"{prefix}_weekdays_known": [changed(make, frequency="weekly", weekdays=[0, 7])],
        f"{prefix}_rank_iff_monthly_weekday": [
            changed(make, month_rank=2),
            changed(make, frequency="monthly_weekday"),
            changed(make, frequency="monthly_weekday", month_rank=6),
        ],
        f"{prefix}_interval_between_1_and_52": [
            changed(make, interval=0),
            changed(make, interval=53),
        ],
        f"{prefix}_recurrence_ends_after_first_day": [
            changed(make, **weekly, recurrence_ends_on=MONDAY - DAY),
            changed(make, recurrence_ends_on=MONDAY),
        ],
        f"{prefix}_first_day_since_2018": [changed(make, first_day=date(2017, 12, 31))],
    }


CASES = {
    **public_side.CASES,
    **stats.CASES,
    **exports.CASES,
    **recurrence_cases("plage", plage),
    **recurrence_cases("indisponibilite", indisponibilite),
    "plage_ends_after_start": [changed(plage, start_time=time(12))],
    "plage_replaces_one_date": [changed(replacement, frequency="weekly", weekdays=[0])],
    "plage_takes_at_least_one_rdv": [changed(plage, max_rdvs_per_day=0)],
    "rdv_bulk_note_is_sent": [changed(rdv_bulk, notifies=False, note="Bonjour")],
    "rdv_bulk_line_once": [second_bulk_line_of_a_rdv],
    "rdv_bulk_line_act_known": [
        after_sql(
            "ALTER TABLE planning_rdvbulkline DROP CONSTRAINT rdv_bulk_line_target_matches_act",
            changed(rdv_bulk_line, act="other"),
        )
    ],
    "rdv_bulk_line_state_known": [
        after_sql(
            "ALTER TABLE planning_rdvbulkline DROP CONSTRAINT rdv_bulk_line_end_matches_state",
            changed(rdv_bulk_line, state="other"),
        )
    ],
    "rdv_bulk_line_status_known": [changed(rdv_bulk_line, seen_status="other")],
    "rdv_bulk_line_target_matches_act": [
        changed(rdv_bulk_line, act="agent"),
        changed(rdv_bulk_line, act="lieu"),
        changed(rdv_bulk_line, act="address"),
        changed(rdv_bulk_line, act="day"),
        changed(rdv_bulk_line, to_day=MONDAY),
    ],
    "rdv_bulk_line_end_matches_state": [
        changed(rdv_bulk_line, state="done"),
        changed(rdv_bulk_line, ended_at=NOW),
    ],
    "rdv_bulk_line_reason_matches_state": [
        changed(rdv_bulk_line, reason="Occupé"),
        changed(rdv_bulk_line, state="skipped", ended_at=NOW),
        changed(rdv_bulk_line, state="failed", ended_at=NOW),
    ],
    "rdv_draft_changes_after_its_creation": [changed(rdv_draft, updated_at=NOW - DAY)],
    "plage_motif_once": [same_motif_twice],
    "plage_exception_once_per_day": [same_day(plage_exception, "plage")],
    "plage_exception_excluded_or_complete": [
        changed(plage_exception, new_day=MONDAY),
        changed(plage_exception, new_start_time=time(9)),
        changed(plage_exception, new_day=MONDAY, new_start_time=time(9)),
        changed(plage_exception, new_day=MONDAY, new_end_time=time(9)),
        changed(plage_exception, new_day=MONDAY, new_start_time=time(9), new_end_time=time(9)),
    ],
    "indisponibilite_ends_after_start": [
        changed(indisponibilite, end_day=MONDAY - DAY),
        changed(indisponibilite, end_time=time(9)),
    ],
    "indisponibilite_title_not_blank": [changed(indisponibilite, title="")],
    "indisponibilite_exception_once_per_day": [same_day(absence_exception, "indisponibilite")],
    "indisponibilite_exception_excluded_or_complete": [
        changed(absence_exception, new_day=MONDAY),
        changed(absence_exception, new_end_time=time(9)),
        changed(absence_exception, new_day=MONDAY, new_end_day=MONDAY, new_end_time=time(9)),
        changed(absence_exception, new_day=MONDAY, new_end_day=MONDAY, new_start_time=time(9)),
        changed(
            absence_exception,
            new_day=MONDAY,
            new_start_time=time(9),
            new_end_time=time(10),
        ),
        changed(
            absence_exception,
            new_day=MONDAY,
            new_start_time=time(9),
            new_end_day=MONDAY,
            new_end_time=time(9),
        ),
        changed(
            absence_exception,
            new_day=MONDAY,
            new_start_time=time(9),
            new_end_day=MONDAY - DAY,
            new_end_time=time(10),
        ),
    ],
    "rdv_status_known": [without("rdv", changed(rdv, status="perdu"))],
    "rdv_ends_after_start": [changed(rdv, ends_at=NOW)],
    "rdv_cancelled_at_matches_status": [
        changed(rdv, status="excused"),
        changed(rdv, cancelled_at=NOW),
    ],
    "rdv_has_at_least_one_seat": [changed(rdv, seats_total=0)],
    "agent_rdv_once": [same_agent_twice],
    "agent_rdv_no_overlap": [same_hour],
    "participation_status_known": [
        without("participation", changed(participation, status="perdu"))
    ],
    "participation_once_per_rdv": [same_usager_twice],
    "participation_cancelled_at_matches_status": [
        changed(participation, status="revoked"),
        changed(participation, cancelled_at=NOW),
    ],
    "participation_has_one_author": [
        participation_with(),
        participation_with("created_by_agent", "created_by_usager"),
        participation_with("created_by_agent", "prescripteur"),
        participation_with("created_by_usager", "prescripteur"),
    ],
    "rdv_event_action_known": [event(action="lost")],
    "rdv_event_author_matches_kind": [
        event(author_kind="agent"),
        event(author_kind="usager"),
        event(author_kind="robot"),
        event(author_kind="usager", author_agent=AgentFactory),
        event(author_kind="agent", author_agent=AgentFactory, author_usager=UsagerFactory),
        event(author_kind="system", author_agent=AgentFactory),
    ],
}


def test_every_constraint_has_a_case():
    assert set(CASES) == set(constraints("planning"))


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_the_database_refuses(name, case):
    check_refusal(name, case)


@pytest.mark.parametrize(("name", "case"), params(CASES))
def test_full_clean_says_why(name, case):
    check_message("planning", name, case)
