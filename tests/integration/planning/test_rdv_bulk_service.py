"""E10: one action on many RDVs, done by a worker that may die or come twice."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction

from motifs.models import Visibility
from notifications.models import OutboxMessage
from planning.models import Rdv, RdvBulk, RdvBulkLine, RdvEvent, Status
from planning.services import rdv_bulk_run
from planning.services.rdv_bulk_purge import purge_rdv_bulks
from planning.services.rdv_bulk_run import sweep_rdv_bulks
from planning.services.rdv_bulk_start import BulkRefused, retry_rdv_bulk
from planning.services.rdv_edit import RdvFields, edit_rdv
from rdv.common.errors import RetryLaterError
from tests.factories import AgentFactory, LieuFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.bulks import line_of, run, start


def give(cast, to, **values):
    ids = {"from_agent_id": cast.owner.pk, "to_agent_id": to.pk}
    return line_of(cast.rdv, "agent", **ids | values)


def test_E10_a_task_delivered_twice_cancels_and_tells_once(cast):
    bulk = start(cast, line_of(cast.rdv))
    assert run(bulk) == run(bulk) == [("done", "")]
    assert RdvEvent.objects.filter(rdv=cast.rdv, action="cancelled").count() == 1
    assert OutboxMessage.objects.filter(rdv=cast.rdv, channel="email").count() == 1
    assert OutboxMessage.objects.filter(rdv=cast.rdv, channel="sms").count() == 1


def test_E10_a_worker_killed_in_the_middle_is_replaced(cast, monkeypatch):
    second = RdvFactory(
        motif=cast.motif,
        agents=[cast.owner],
        usagers=[UsagerFactory(territoire=cast.territoire)],
        starts_at=cast.rdv.ends_at,
    )
    bulk = start(cast, line_of(cast.rdv), line_of(second))
    do = rdv_bulk_run._do

    def killed(line, now, gathering):
        do(line, now, gathering)
        if line.rdv_id == second.pk:
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(rdv_bulk_run, "_do", killed)
        with pytest.raises(SystemExit):
            run(bulk)
    states = RdvBulkLine.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["done", "waiting"]
    assert Rdv.objects.get(pk=second.pk).status == "unknown"
    assert sweep_rdv_bulks() == 1
    assert run(bulk) == [("done", "")] * 2
    assert sweep_rdv_bulks() == 0
    for rdv in (cast.rdv, second):
        assert RdvEvent.objects.filter(rdv=rdv, action="cancelled").count() == 1
        assert OutboxMessage.objects.filter(rdv=rdv, channel="email").count() == 1


def test_E10_a_rdv_changed_meanwhile_is_left_and_said(cast):
    bulk = start(cast, line_of(cast.rdv))
    later = cast.rdv.starts_at + timedelta(hours=2)
    edit_rdv(
        rdv_id=cast.rdv.pk,
        fields=RdvFields(starts_at=later, ends_at=later + timedelta(minutes=30)),
        actor=cast.actor("admin"),
        now=NOW,
        notifies=False,
    )
    [(state, reason)] = run(bulk)
    assert (state, "a changé depuis l’aperçu" in reason) == ("skipped", True)
    assert Rdv.objects.get().status == "unknown"


def test_E10_giving_moves_the_rdv_and_tells_the_agents_only(cast):
    assert run(start(cast, give(cast, cast.same_service), who="admin")) == [("done", "")]
    assert list(cast.rdv.agents.all()) == [cast.same_service]
    told = set(OutboxMessage.objects.values_list("kind", "recipient"))
    assert told == {
        ("rdv_created_agent", cast.same_service.email),
        ("rdv_removed_agent", cast.owner.email),
    }


def test_E10_giving_to_a_busy_agent_is_refused_and_said(cast):
    RdvFactory(motif=cast.motif, agents=[cast.same_service], starts_at=cast.rdv.starts_at)
    [(state, reason)] = run(start(cast, give(cast, cast.same_service)))
    assert (state, cast.same_service.full_name in reason) == ("skipped", True)
    assert list(cast.rdv.agents.all()) == [cast.owner]
    assert not OutboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("to", "who", "said"),
    [
        ("other_service", "admin", "service"),  # not of the motif's service
        ("elsewhere", "admin", "agenda"),  # no role in the organisation
    ],
)
def test_E10_giving_to_who_may_not_take_it_is_refused(cast, to, who, said):
    [(state, reason)] = run(start(cast, give(cast, getattr(cast, to)), who=who))
    assert (state, said in reason) == ("skipped", True)
    assert list(cast.rdv.agents.all()) == [cast.owner]


def test_E10_rights_are_those_of_the_moment(cast):
    bulk = start(cast, line_of(cast.rdv), who="same_service")
    cast.same_service.roles.all().delete()
    [(state, _reason)] = run(bulk)
    assert state == "skipped"
    second = start(cast, line_of(cast.rdv), who="admin")
    AgentFactory(organisations=[cast.organisation], organisations__level="admin")
    cast.admin.deactivated_at = NOW
    cast.admin.save()
    [(state, _reason)] = run(second)
    assert state == "skipped"
    assert Rdv.objects.get().status == "unknown"


@pytest.mark.parametrize("who", ["usager", "elsewhere", "stranger", "token"])
def test_E10_nobody_else_starts_an_action(cast, who):
    with pytest.raises(BulkRefused):
        start(cast, line_of(cast.rdv), who=who)


def test_E10_another_service_cannot_touch_the_rdv(cast):
    [(state, _reason)] = run(start(cast, line_of(cast.rdv), who="other_service"))
    assert state == "skipped"
    assert Rdv.objects.get().status == "unknown"


def test_E10_a_closed_lieu_moves_its_rdvs_with_the_note(cast):
    lieu = LieuFactory(organisation=cast.organisation)
    bulk = start(cast, line_of(cast.rdv, "lieu", to_lieu_id=lieu.pk), note="Suivez <les> panneaux.")
    assert run(bulk) == [("done", "")]
    assert Rdv.objects.get().lieu == lieu
    mail = OutboxMessage.objects.get(kind="rdv_changed", channel="email")
    assert "Suivez <les> panneaux." in mail.body
    assert "Suivez &lt;les&gt; panneaux." in mail.html


def test_E10_postponing_keeps_the_hour_of_the_clock(cast):
    """10:00 in Paris in January is 10:00 in June, an hour earlier in UTC."""
    bulk = start(cast, line_of(cast.rdv, "day", to_day=date(2027, 6, 14)))
    assert run(bulk) == [("done", "")]
    zone = cast.territoire.zone
    rdv = Rdv.objects.get()
    assert rdv.starts_at == datetime(2027, 6, 14, 10, 0, tzinfo=zone)
    assert rdv.duration_minutes == cast.rdv.duration_minutes


def test_E10_a_silent_motif_stays_silent(cast):
    cast.motif.visibility = Visibility.SILENT
    cast.motif.save()
    assert run(start(cast, line_of(cast.rdv), note="Bonjour")) == [("done", "")]
    assert not OutboxMessage.objects.exclude(recipient=cast.owner.email).exists()


def test_E10_what_failed_can_be_tried_again_by_its_author(cast, monkeypatch):
    bulk = start(cast, line_of(cast.rdv))

    def held(line, now, gathering):
        raise RetryLaterError("Réessayez.")

    with monkeypatch.context() as patch:
        patch.setattr(rdv_bulk_run, "_do", held)
        assert run(bulk) == [("failed", "Réessayez.")]
    with pytest.raises(BulkRefused):
        retry_rdv_bulk(bulk_id=bulk.pk, actor=cast.actor("admin"))
    assert retry_rdv_bulk(bulk_id=bulk.pk, actor=cast.actor("owner")) == 1
    assert run(bulk) == [("done", "")]
    assert retry_rdv_bulk(bulk_id=bulk.pk, actor=cast.actor("owner")) == 0


def test_E10_a_fault_about_one_rdv_does_not_stop_the_others(cast, monkeypatch):
    second = RdvFactory(motif=cast.motif, agents=[cast.owner], starts_at=cast.rdv.ends_at)
    bulk = start(cast, line_of(cast.rdv), line_of(second))
    do = rdv_bulk_run._do

    def faulty(line, now, gathering):
        if line.rdv_id == cast.rdv.pk:
            raise ZeroDivisionError
        do(line, now, gathering)

    monkeypatch.setattr(rdv_bulk_run, "_do", faulty)
    states = [state for state, _reason in run(bulk)]
    assert states == ["failed", "done"]


def test_E10_an_action_has_lines_but_not_too_many(cast):
    with pytest.raises(BulkRefused):
        start(cast)
    with pytest.raises(BulkRefused), transaction.atomic():
        start(cast, *[line_of(cast.rdv)] * 201)


def test_E10_old_actions_are_forgotten(cast):
    bulk = start(cast, line_of(cast.rdv), note="Bonjour")
    assert purge_rdv_bulks(now=NOW + timedelta(days=30)) == 0
    assert purge_rdv_bulks(now=NOW + timedelta(days=30, seconds=1)) == 1
    assert not RdvBulk.objects.filter(pk=bulk.pk).exists()
    assert Rdv.objects.get().status == Status.UNKNOWN
