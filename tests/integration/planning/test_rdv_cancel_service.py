"""Cancelling through its service: rows, history, agenda, messages (decisions 2, 7, 23, 30)."""

import threading
from datetime import timedelta

import pytest
from django.db import connection

from agents.permissions import PrescripteurActor, SystemActor, TokenActor
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Participation, Rdv, RdvEvent
from planning.services.rdv_cancel import RdvNotCancellable, cancel_rdv
from tests.cast import the_cast
from tests.factories import RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import AccessToken


def cancel(cast, who, *, now=NOW, **options):
    actor = cast.actor(who) if isinstance(who, str) else who
    return cancel_rdv(rdv_id=cast.rdv.pk, actor=actor, now=now, **options)


def add(cast, **columns):
    """Another participant of the RDV: a stranger to the family unless `responsable` is given."""
    usager = UsagerFactory(territoire=cast.territoire, **columns)
    return Participation.objects.create(
        rdv=cast.rdv, usager=usager, created_by_agent=cast.owner, created_at=NOW
    )


def statuses(rdv):
    return list(rdv.participations.order_by("pk").values_list("status", "cancelled_at"))


@pytest.mark.parametrize("who", ["owner", "admin", SystemActor()])
def test_an_agent_revokes(cast, who):
    rdv = cancel(cast, who)
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == ("revoked", NOW, 1)
    assert statuses(rdv) == [("revoked", NOW)]


@pytest.mark.parametrize("who", ["usager", "token"])
def test_A08_an_usager_is_excused(cast, who):
    rdv = cancel(cast, who)
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == ("excused", NOW, 1)
    assert statuses(rdv) == [("excused", NOW)]


def test_the_agent_is_free_again(cast):
    """The database itself lets another RDV take the time."""
    cancel(cast, "owner")
    assert not AgentRdv.objects.get(rdv=cast.rdv).holds_time
    RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=cast.rdv.starts_at)


@pytest.mark.parametrize(
    ("who", "kind", "name"), [("owner", "agent", "owner"), ("usager", "usager", "usager")]
)
def test_the_history_says_who_and_what(cast, who, kind, name):
    participation = cast.rdv.participations.get()
    rdv = cancel(cast, who)
    (event,) = RdvEvent.objects.filter(rdv=rdv)
    assert (event.action, event.at, event.author_kind) == ("cancelled", NOW, kind)
    assert event.author_name == getattr(cast, name).full_name
    assert event.changes == {
        "status": ["unknown", rdv.status],
        f"participation:{participation.pk}": ["unknown", rdv.status],
    }


def test_the_history_knows_the_usager_of_a_link(cast):
    cancel(cast, "token")
    event = RdvEvent.objects.get(rdv=cast.rdv)
    assert (event.author_usager, event.author_name) == (cast.usager, cast.usager.full_name)


def test_C01_both_are_told(cast):
    cancel(cast, "admin")
    rows = OutboxMessage.objects.values_list("kind", "channel", "recipient", "ics_method")
    assert set(rows) == {
        ("rdv_cancelled", "email", cast.usager.email, "CANCEL"),
        ("rdv_cancelled", "sms", str(cast.usager.phone_number), ""),
        ("rdv_cancelled_agent", "email", cast.owner.email, "CANCEL"),
    }
    ics = OutboxMessage.objects.get(kind="rdv_cancelled_agent").ics
    assert "SEQUENCE:1" in ics


def test_C01_without_a_word(cast):
    cancel(cast, "admin", notifies=False)
    assert not OutboxMessage.objects.exists()
    assert not AccessToken.objects.exists()


@pytest.mark.parametrize("who", ["admin", "usager"])
def test_decision_7_an_invisible_motif_stays_silent(cast, who):
    cast.motif.visibility = "invisible"
    cast.motif.save()
    cancel(cast, who)
    assert [m.kind for m in OutboxMessage.objects.all()] == ["rdv_cancelled_agent"]


def test_an_agent_corrects_the_past_and_nobody_is_told(cast):
    rdv = cancel(cast, "owner", now=cast.rdv.ends_at + timedelta(days=3))
    assert rdv.status == "revoked"
    assert not OutboxMessage.objects.exists()


# Families


def test_decision_23_the_family_leaves_the_others_stay(cast):
    proche = add(cast, responsable=cast.usager, email=None)
    other = add(cast)
    rdv = cancel(cast, "usager")
    rdv.refresh_from_db()
    assert (rdv.status, rdv.cancelled_at, rdv.version) == ("unknown", None, 1)
    assert statuses(rdv) == [("excused", NOW), ("excused", NOW), ("unknown", None)]
    assert AgentRdv.objects.get(rdv=rdv).holds_time
    event = RdvEvent.objects.get(rdv=rdv)
    assert event.action == "status"
    assert set(event.changes) == {
        f"participation:{cast.rdv.participations.get(usager=cast.usager).pk}",
        f"participation:{proche.pk}",
    }
    told = OutboxMessage.objects.values_list("kind", "recipient")
    assert other.usager.email not in dict(told).values()
    assert sorted(told) == [
        ("participation_cancelled_agent", cast.owner.email),
        ("rdv_cancelled", cast.usager.email),
    ]


def test_decision_23_the_rdv_goes_with_the_last_one(cast):
    other = add(cast)
    cancel(cast, "usager")
    token = TokenActor(token_id=0, participation_id=other.pk, usager_id=other.usager_id)
    rdv = cancel(cast, token, now=NOW + timedelta(hours=1))
    rdv.refresh_from_db()
    assert (rdv.status, rdv.version) == ("excused", 2)
    assert statuses(rdv) == [("excused", NOW), ("excused", NOW + timedelta(hours=1))]


def test_decision_23_those_who_had_left_are_not_told_again(cast):
    add(cast, email="autre@exemple.fr", phone_number="")
    cancel(cast, "usager")
    OutboxMessage.objects.all().delete()
    cancel(cast, "admin", now=NOW + timedelta(hours=1))
    assert [m.recipient for m in OutboxMessage.objects.filter(kind="rdv_cancelled")] == [
        "autre@exemple.fr"
    ]
    assert statuses(cast.rdv) == [("excused", NOW), ("revoked", NOW + timedelta(hours=1))]


def test_a_link_for_a_proche_cancels_the_proche_s_part(cast):
    proche = add(cast, responsable=cast.usager, email=None)
    cast.rdv.participations.exclude(pk=proche.pk).delete()
    token = TokenActor(token_id=0, participation_id=proche.pk, usager_id=cast.usager.pk)
    assert cancel(cast, token).status == "excused"


def test_a_withdrawn_confirmation_does_not_follow_the_cancellation(cast):
    from planning.services.rdv_announce import announce_created

    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    cancel(cast, "admin")
    states = dict(OutboxMessage.objects.values_list("kind", "state"))
    assert states == {
        "rdv_created": "abandoned",
        "rdv_created_agent": "abandoned",
        "rdv_cancelled": "queued",
        "rdv_cancelled_agent": "queued",
    }


# Refusals


@pytest.mark.parametrize("who", ["usager", "token"])
def test_decision_2_exactly_four_hours_is_in_time(cast, who):
    assert cancel(cast, who, now=cast.rdv.starts_at - timedelta(hours=4)).status == "excused"


@pytest.mark.parametrize("who", ["usager", "token"])
def test_decision_2_then_it_is_too_late(cast, who):
    now = cast.rdv.starts_at - timedelta(hours=4) + timedelta(seconds=1)
    with pytest.raises(RdvNotCancellable, match="trop tard"):
        cancel(cast, who, now=now)
    assert statuses(cast.rdv) == [("unknown", None)]


def test_the_motif_may_forbid_it_to_usagers_only(cast):
    cast.motif.is_cancellable_by_usager = False
    cast.motif.save()
    with pytest.raises(RdvNotCancellable, match="en ligne"):
        cancel(cast, "usager")
    assert cancel(cast, "owner").status == "revoked"


@pytest.mark.parametrize("second", ["owner", "usager", "token"])
def test_nobody_cancels_twice(cast, second):
    cancel(cast, "admin")
    with pytest.raises(RdvNotCancellable, match="déjà annulé"):
        cancel(cast, second)
    assert RdvEvent.objects.count() == 1


def test_an_usager_who_left_a_shared_rdv_does_not_leave_twice(cast):
    add(cast)
    cancel(cast, "usager")
    with pytest.raises(RdvNotCancellable, match="déjà annulé"):
        cancel(cast, "usager")


def test_a_prescripteur_does_not_cancel(cast):
    with pytest.raises(RdvNotCancellable):
        cancel(cast, PrescripteurActor(prescripteur_id=1))


def test_a_deleted_rdv_is_not_found(cast):
    cast.rdv.hidden_at = NOW
    cast.rdv.save()
    with pytest.raises(Rdv.DoesNotExist):
        cancel(cast, "owner")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_cancels():
    cast = the_cast()
    start, results = threading.Barrier(6), []

    def work(who):
        try:
            start.wait()
            cancel(cast, who)
            results.append("done")
        except RdvNotCancellable:
            results.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=[who]) for who in ["admin", "usager"] * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["done"] + ["refused"] * 5
    assert RdvEvent.objects.count() == 1
    assert Rdv.objects.get().version == 1
