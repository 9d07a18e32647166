"""C01, decision 1: the rows of the reminders follow whatever happens to a RDV."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agents.permissions import AgentActor
from planning.models import Participation, Reminder
from planning.services.rdv_cancel import cancel_rdv
from planning.services.rdv_create import NewRdv, Told, create_rdv
from planning.services.rdv_delete import delete_rdv
from planning.services.rdv_edit import RdvFields, Switches, edit_rdv, move_rdv
from planning.services.rdv_status import set_participation_status, set_rdv_status
from planning.services.reminder_plan import KEPT, plan_reminders, sweep_reminders
from tests.factories import RdvFactory, UsagerFactory
from tests.factories.planning import NOW

# Monday 11 January 2027, 10:00 in Paris: due on Saturday 9, 10:00.
START = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
DUE = datetime(2027, 1, 9, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def planned(rdv=None):
    """(usager, start, due) of what is still to leave."""
    rows = Reminder.objects.filter(sent_at=None).order_by("participation", "starts_at")
    if rdv is not None:
        rows = rows.filter(participation__rdv=rdv)
    return list(rows.values_list("participation__usager__first_name", "starts_at", "due_at"))


@pytest.fixture
def owner(cast) -> AgentActor:
    return cast.actor("owner")


@pytest.fixture
def rdv(cast, owner):
    """A RDV of « Ximena », placed by an agent."""
    cast.rdv.delete()
    cast.usager.first_name = "Ximena"
    cast.usager.save()
    return create_rdv(
        fields=NewRdv(
            organisation_id=cast.organisation.pk,
            motif_id=cast.motif.pk,
            starts_at=START,
            ends_at=START + timedelta(minutes=30),
            agent_ids=(cast.owner.pk,),
            usager_ids=(cast.usager.pk,),
            lieu_id=cast.lieu.pk,
        ),
        actor=owner,
        now=NOW,
    )


def move(rdv, actor, by=DAY, now=NOW):
    rdv.refresh_from_db()
    return move_rdv(
        rdv_id=rdv.pk,
        starts_at=rdv.starts_at + by,
        ends_at=rdv.ends_at + by,
        actor=actor,
        now=now,
    )


def test_C01_created_then_moved_then_cancelled_then_restored(rdv, owner):
    assert planned() == [("Ximena", START, DUE)]
    move(rdv, owner)  # Tuesday 12: due on a Sunday, thus on Saturday at 20:00
    assert planned() == [("Ximena", START + DAY, datetime(2027, 1, 9, 19, 0, tzinfo=UTC))]
    set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=owner, now=NOW)
    assert planned() == []
    set_rdv_status(rdv_id=rdv.pk, status="unknown", actor=owner, now=NOW)
    assert planned() == [("Ximena", START + DAY, datetime(2027, 1, 9, 19, 0, tzinfo=UTC))]
    move(rdv, owner, by=-DAY)
    assert planned() == [("Ximena", START, DUE)]
    assert Reminder.objects.count() == 1


def test_decision_1_booked_moved_or_restored_too_late_gets_none(rdv, owner):
    late = DUE + timedelta(seconds=1)
    set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=owner, now=late)
    set_rdv_status(rdv_id=rdv.pk, status="unknown", actor=owner, now=late)
    assert planned() == []
    move(rdv, owner, by=timedelta(hours=1), now=late + timedelta(hours=2))
    assert planned() == []
    move(rdv, owner, by=7 * DAY, now=late)
    assert len(planned()) == 1


def test_decision_1_what_was_recalled_is_not_recalled_again(rdv, owner):
    Reminder.objects.update(sent_at=DUE)
    move(rdv, owner, by=7 * DAY, now=DUE + timedelta(hours=1))
    assert [start for _, start, _ in planned()] == [START + 7 * DAY]
    move(rdv, owner, by=-7 * DAY, now=DUE + timedelta(hours=1))
    set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=owner, now=DUE)
    set_rdv_status(rdv_id=rdv.pk, status="unknown", actor=owner, now=DUE)
    assert planned() == []


def test_C01_an_edit_that_touches_no_start_keeps_a_late_row(rdv, owner):
    edit_rdv(
        rdv_id=rdv.pk,
        fields=RdvFields(context="Apporter le dossier"),
        actor=owner,
        now=DUE + timedelta(hours=5),  # the sender was stopped
    )
    assert planned() == [("Ximena", START, DUE)]


def test_C01_people_and_switches(cast, rdv, owner):
    other = UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], first_name="Zoé"
    )

    def edit(**fields):
        edit_rdv(rdv_id=rdv.pk, fields=RdvFields(**fields), actor=owner, now=NOW)
        return [name for name, *_ in planned()]

    assert edit(usagers_in=frozenset({other.pk})) == ["Ximena", "Zoé"]
    off, on = Switches(True, False), Switches(True, True)
    assert edit(switches={other.pk: off}) == ["Ximena"]
    assert edit(switches={other.pk: on}) == ["Ximena", "Zoé"]
    assert edit(usagers_out=frozenset({other.pk})) == ["Ximena"]
    zoe = Participation.objects.get(usager=other)
    set_participation_status(participation_id=zoe.pk, status="unknown", actor=owner, now=NOW)
    assert len(planned()) == 2
    cancel_rdv(rdv_id=rdv.pk, actor=cast.actor("usager"), now=NOW)
    assert [name for name, *_ in planned()] == ["Zoé"]


def test_C01_switched_off_or_silent_from_the_start(cast, owner):
    def create(start, **fields):
        return create_rdv(
            fields=NewRdv(
                organisation_id=cast.organisation.pk,
                motif_id=cast.motif.pk,
                starts_at=start,
                ends_at=start + timedelta(minutes=30),
                agent_ids=(cast.owner.pk,),
                usager_ids=(cast.usager.pk,),
                lieu_id=cast.lieu.pk,
                **fields,
            ),
            actor=owner,
            now=NOW,
        )

    create(START + DAY, told={cast.usager.pk: Told(changes=True, reminder=False)})
    cast.motif.visibility = "visible_and_not_notified"
    cast.motif.save()
    create(START + 2 * DAY)
    assert planned() == []


def test_decision_26_a_deleted_rdv_is_not_recalled(cast, rdv):
    delete_rdv(rdv_id=rdv.pk, actor=cast.actor("admin"), now=NOW)
    assert planned() == []


def test_C01_planning_twice_writes_nothing(rdv, django_assert_num_queries):
    with django_assert_num_queries(1):
        plan_reminders(rdv, now=NOW)
    assert len(planned()) == 1


def test_decision_3_clock_and_holidays_of_the_territoire(cast, rdv, owner):
    cast.territoire.timezone, cast.territoire.holiday_zone = "Indian/Reunion", "reunion"
    cast.territoire.save()
    # Wednesday 22 December 2027, 9:00 in La Réunion: the 20th is its holiday, the 19th a Sunday.
    to = datetime(2027, 12, 22, 5, 0, tzinfo=UTC)
    move(rdv, owner, by=to - START)
    assert planned() == [("Ximena", to, datetime(2027, 12, 18, 16, 0, tzinfo=UTC))]


def test_C06_the_sweep_plans_rdvs_older_than_the_table(cast, django_assert_max_num_queries):
    Reminder.objects.all().delete()
    cast.rdv.delete()
    made = [
        RdvFactory(motif=cast.motif, agents=[cast.owner], usagers=[cast.usager], starts_at=start)
        for start in (START, START + DAY, START + 2 * DAY, NOW + timedelta(hours=47))
    ]
    made[1].participations.update(notifies_reminder=False)
    made[2].participations.update(status="excused", cancelled_at=NOW)
    assert sweep_reminders(now=NOW) == 1
    assert [start for _, start, _ in planned()] == [START]
    with django_assert_max_num_queries(6):
        assert sweep_reminders(now=NOW) == 0
    Reminder.objects.all().delete()
    # Deployed in between: due, not planned yet. It leaves with the next run, late as after an
    # outage.
    assert sweep_reminders(now=DUE + timedelta(minutes=20)) == 1
    assert [due for _, _, due in planned()] == [DUE]


def test_decision_1_the_sweep_gives_none_to_what_was_set_too_late(cast, rdv, owner):
    Reminder.objects.all().delete()
    late = DUE + timedelta(seconds=1)
    set_rdv_status(rdv_id=rdv.pk, status="revoked", actor=owner, now=late)
    set_rdv_status(rdv_id=rdv.pk, status="unknown", actor=owner, now=late)
    assert sweep_reminders(now=late + timedelta(minutes=1)) == 0
    assert planned() == []


def test_C06_what_never_left_is_reported_then_forgotten(rdv, caplog):
    assert sweep_reminders(now=START - timedelta(minutes=1)) == 0
    assert len(planned()) == 1
    sweep_reminders(now=START)
    assert planned() == []
    assert "never left" in caplog.text


def test_reminders_sent_are_kept_three_months(rdv):
    Reminder.objects.update(sent_at=DUE)
    sweep_reminders(now=START + KEPT)
    assert Reminder.objects.count() == 1
    sweep_reminders(now=START + KEPT + timedelta(seconds=1))
    assert Reminder.objects.count() == 0
