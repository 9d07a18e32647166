"""Editing and moving through their service (E06, D01; decisions 7, 9, 10, 29)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from icalendar import Calendar

from agents.models import RoleOrganisation
from motifs.models import Lieu
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent
from planning.services.rdv_announce import announce_created
from planning.services.rdv_edit import (
    AgendaBusy,
    OneOffLieu,
    RdvFields,
    RdvRefused,
    edit_rdv,
    move_rdv,
)
from rdv.common.saving import InvalidRow
from tests.factories import LieuFactory, MotifFactory, RdvFactory
from tests.factories.planning import NOW
from usagers.models import AccessToken

HOUR = timedelta(hours=1)


def edit(cast, *, who="admin", now=NOW, rdv=None, notifies=True, accepts_overlap=False, **fields):
    return edit_rdv(
        rdv_id=(rdv or cast.rdv).pk,
        fields=RdvFields(**fields),
        actor=cast.actor(who),
        now=now,
        notifies=notifies,
        accepts_overlap=accepts_overlap,
    )


def move(cast, by=HOUR, *, who="admin", now=NOW, **options):
    return move_rdv(
        rdv_id=cast.rdv.pk,
        starts_at=cast.rdv.starts_at + by,
        ends_at=cast.rdv.ends_at + by,
        actor=cast.actor(who),
        now=now,
        **options,
    )


def told(state="queued"):
    rows = OutboxMessage.objects.filter(state=state).order_by("pk")
    return list(rows.values_list("kind", "channel", "recipient"))


def agents_of(rdv):
    return set(rdv.agents.values_list("pk", flat=True))


def both(cast):
    return frozenset({cast.owner.pk, cast.same_service.pk})


# What counts as a change


def test_E06_moved_everybody_is_told_of_old_and_new(cast):
    rdv = move(cast)
    rdv.refresh_from_db()
    row = AgentRdv.objects.get()
    assert (row.starts_at, row.ends_at) == (rdv.starts_at, rdv.ends_at)
    assert rdv.starts_at == cast.rdv.starts_at + HOUR
    assert rdv.version == 1
    assert told() == [
        ("rdv_changed", "email", cast.usager.email),
        ("rdv_changed", "sms", "+33612345678"),
        ("rdv_changed_agent", "email", cast.owner.email),
    ]
    email = OutboxMessage.objects.get(kind="rdv_changed", channel="email")
    line = "Date : lundi 11 janvier 2027 à 11 h (avant : lundi 11 janvier 2027 à 10 h)"
    assert line in email.body
    assert "<s>lundi 11 janvier 2027 à 10 h</s>" in email.html
    assert email.subject == "RDV modifié : lundi 11 janvier 2027 à 11 h"
    event = RdvEvent.objects.get()
    assert (event.action, set(event.changes)) == ("moved", {"starts_at", "ends_at"})


def test_D01_one_uid_and_a_rising_sequence(cast):
    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    move(cast)
    kinds = ("rdv_created_agent", "rdv_changed_agent")
    texts = [OutboxMessage.objects.get(kind=kind).ics for kind in kinds]
    created, changed = (Calendar.from_ical(text).walk("VEVENT")[0] for text in texts)
    assert created["UID"] == changed["UID"]
    assert created["SEQUENCE"] < changed["SEQUENCE"]
    assert OutboxMessage.objects.get(kind="rdv_changed_agent").ics_method == "REQUEST"
    assert cast.usager.last_name not in texts[1]


def test_E06_a_confirmation_that_had_not_left_is_withdrawn(cast):
    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    move(cast)
    assert {kind for kind, *_ in told("abandoned")} == {"rdv_created", "rdv_created_agent"}


def test_decision_32_a_second_move_withdraws_the_first_message(cast):
    move(cast)
    move(cast, 2 * HOUR)
    assert {kind for kind, *_ in told("abandoned")} == {"rdv_changed", "rdv_changed_agent"}
    assert len(told()) == 3


def test_E06_a_longer_rdv_counts(cast):
    edit(cast, ends_at=cast.rdv.ends_at + HOUR)
    assert {kind for kind, *_ in told()} == {"rdv_changed", "rdv_changed_agent"}
    body = OutboxMessage.objects.get(kind="rdv_changed", channel="email").body
    assert "Durée : 1 h 30 (avant : 30 min)" in body


@pytest.mark.parametrize(
    "fields",
    [{"context": "Vient avec un interprète."}, {"title": "Atelier"}, {"seats_total": 12}],
)
def test_decision_29_notes_are_told_to_nobody(cast, fields):
    rdv = edit(cast, **fields)
    assert (rdv.version, told()) == (0, [])
    (name,) = fields
    assert RdvEvent.objects.get().changes[name][1] == fields[name]


def test_E06_nothing_changed_nothing_written(cast):
    edit(cast, starts_at=cast.rdv.starts_at, lieu_id=cast.lieu.pk, context="", title="")
    assert not RdvEvent.objects.exists()
    assert told() == []


def test_E06_nobody_told_when_the_author_says_so_and_the_old_word_is_withdrawn(cast):
    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    rdv = move(cast, notifies=False)
    assert (told(), rdv.version) == ([], 1)
    assert len(told("abandoned")) == 3


@pytest.mark.parametrize("visibility", ["invisible", "visible_and_not_notified"])
def test_decision_7_silent_motifs(cast, visibility):
    cast.motif.visibility = visibility
    cast.motif.save()
    move(cast)
    assert [kind for kind, *_ in told()] == ["rdv_changed_agent"]


def test_E06_moved_to_the_past_nobody_is_told(cast):
    move(cast, timedelta(days=-8))
    assert told() == []


def test_E06_links_already_sent_live_as_long_as_the_rdv(cast):
    announce_created(cast.rdv, actor=cast.actor("admin"), now=NOW)
    move(cast, timedelta(days=60))
    ends = cast.rdv.ends_at + timedelta(days=90)
    assert set(AccessToken.objects.values_list("expires_at", flat=True)) == {ends}


# Place


def test_E06_another_lieu_is_told(cast):
    other = LieuFactory(organisation=cast.organisation, name="Mairie annexe")
    edit(cast, lieu_id=other.pk)
    assert "Lieu : Mairie annexe" in OutboxMessage.objects.filter(kind="rdv_changed")[0].body
    assert "Mairie annexe" in OutboxMessage.objects.get(channel="sms").body
    assert RdvEvent.objects.get().changes["lieu"][0] == f"{cast.lieu.name}, {cast.lieu.address}"


def test_E06_a_one_off_lieu_belongs_to_its_rdv(cast):
    place = OneOffLieu("Salle des fêtes", "1 place du Bourg, 62000 Arras")
    rdv = edit(cast, one_off_lieu=place)
    assert rdv.lieu.availability == "single_use"
    edit(cast, one_off_lieu=place)
    assert Lieu.objects.filter(availability="single_use").count() == 1


def test_E06_a_place_that_cannot_be_is_refused(cast):
    foreign = LieuFactory(organisation=cast.elsewhere_organisation)
    closed = LieuFactory(organisation=cast.organisation, availability="closed")
    for lieu in (foreign, closed):
        with pytest.raises(RdvRefused, match="plus ouvert"):
            edit(cast, lieu_id=lieu.pk)
    with pytest.raises(InvalidRow):
        edit(cast, one_off_lieu=OneOffLieu("", ""))
    phone = RdvFactory(
        motif=MotifFactory(organisation=cast.organisation, location_type="telephone"),
        agents=[cast.same_service],
        usagers=[cast.usager],
    )
    with pytest.raises(RdvRefused, match="sur place"):
        edit(cast, rdv=phone, lieu_id=cast.lieu.pk)


# Agents


def test_decision_29_an_agent_added_gets_a_creation_the_others_an_update(cast):
    rdv = edit(cast, agent_ids=both(cast))
    assert agents_of(rdv) == both(cast)
    assert told() == [
        ("rdv_changed_agent", "email", cast.owner.email),
        ("rdv_created_agent", "email", cast.same_service.email),
    ]
    event = RdvEvent.objects.get()
    assert sorted(event.changes["agents"][1]) == sorted(
        [cast.owner.full_name, cast.same_service.full_name]
    )


def test_decision_29_an_agent_taken_off_gets_a_cancellation(cast):
    rdv = edit(cast, agent_ids=frozenset({cast.same_service.pk}))
    assert agents_of(rdv) == {cast.same_service.pk}
    assert ("rdv_removed_agent", "email", cast.owner.email) in told()
    mail = OutboxMessage.objects.get(kind="rdv_removed_agent")
    assert (mail.ics_method, "SEQUENCE:1" in mail.ics) == ("CANCEL", True)
    assert "RDV annulé" not in mail.body + mail.subject


def test_E06_moved_to_another_agent(cast):
    rdv = move(cast, agent_from_to=(cast.owner.pk, cast.same_service.pk))
    assert agents_of(rdv) == {cast.same_service.pk}
    mail = OutboxMessage.objects.get(kind="rdv_removed_agent")
    assert "à 10 h" in mail.subject  # the time that they knew
    with pytest.raises(RdvRefused, match="plus sur ce RDV"):
        move(cast, agent_from_to=(cast.owner.pk, cast.same_service.pk))


@pytest.mark.parametrize("who", ["elsewhere", "stranger"])
def test_decision_9_only_in_an_agenda_that_may_be_seen(cast, who):
    with pytest.raises(RdvRefused, match="agenda de cet agent"):
        edit(cast, agent_ids=frozenset({getattr(cast, who).pk}))
    with pytest.raises(RdvRefused, match="agenda de cet agent"):
        edit(cast, who="same_service", agent_ids=frozenset({cast.other_service.pk}))
    with pytest.raises(RdvRefused, match="au moins un agent"):
        edit(cast, agent_ids=frozenset())
    assert agents_of(cast.rdv) == {cast.owner.pk}


def test_E06_an_agent_out_of_sight_stays(cast):
    """A colleague who may not see an agenda of the RDV still edits the rest."""
    AgentRdv.objects.create(rdv=cast.rdv, agent=cast.other_service)
    kept = frozenset({cast.owner.pk, cast.other_service.pk})
    assert edit(cast, who="same_service", agent_ids=kept, context="Note").context == "Note"


# Taken time


@pytest.fixture
def eleven(cast):
    """The RDV of somebody else, one hour after the cast's, same agent."""
    return RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        usagers=[cast.other_usager],
        starts_at=cast.rdv.starts_at + HOUR,
    )


def test_decision_10_taken_time_is_refused_by_name(cast, eleven):
    with pytest.raises(AgendaBusy) as refused:
        move(cast)
    assert [conflict.rdv for conflict in refused.value.conflicts] == [eleven]
    assert cast.other_usager.full_name in refused.value.message
    cast.rdv.refresh_from_db()
    assert cast.rdv.version == 0


def test_decision_10_then_accepted_then_guarded_again(cast, eleven):
    rdv = move(cast, accepts_overlap=True)
    assert AgentRdv.objects.get(rdv=rdv).overlap_accepted
    assert not AgentRdv.objects.get(rdv=eleven).overlap_accepted
    move(cast, 3 * HOUR)
    assert not AgentRdv.objects.get(rdv=rdv).overlap_accepted


def test_decision_10_touching_is_not_overlapping(cast, eleven):
    assert move(cast, timedelta(minutes=30)).ends_at == eleven.starts_at


def test_E06_a_shift_by_less_than_its_length_is_possible(cast):
    assert move(cast, timedelta(minutes=10)).version == 1


def test_decision_10_an_agent_added_must_be_free(cast):
    RdvFactory(motif=cast.motif, agents=[cast.same_service], starts_at=cast.rdv.starts_at)
    with pytest.raises(AgendaBusy):
        edit(cast, agent_ids=both(cast))
    rdv = edit(cast, agent_ids=both(cast), accepts_overlap=True)
    rows = dict(AgentRdv.objects.filter(rdv=rdv).values_list("agent", "overlap_accepted"))
    assert rows == {cast.owner.pk: False, cast.same_service.pk: True}


def test_E06_a_note_on_an_accepted_overlap_asks_nothing_again(cast, eleven):
    move(cast, accepts_overlap=True)
    assert edit(cast, context="Note").context == "Note"
    assert AgentRdv.objects.get(rdv=cast.rdv).overlap_accepted


# Refusals


def test_E06_a_cancelled_rdv_is_restored_first_but_takes_notes(cast):
    Rdv.objects.update(status="revoked", cancelled_at=NOW)
    with pytest.raises(RdvRefused, match="rétablissez-le"):
        move(cast)
    assert edit(cast, context="Rappeler").context == "Rappeler"


def test_E06_a_rdv_that_took_place_does_not_go_back_to_the_future(cast):
    Rdv.objects.update(status="seen")
    after = cast.rdv.ends_at
    with pytest.raises(RdvRefused, match="réinitialisez-le"):
        move(cast, timedelta(days=1), now=after)
    assert move(cast, timedelta(minutes=-30), now=after).status == "seen"


@pytest.mark.parametrize("days", [365 * 6, -365 * 10])
def test_E06_dates_that_cannot_be(cast, days):
    with pytest.raises(RdvRefused, match="cinq ans"):
        move(cast, timedelta(days=days))


def test_E06_the_end_comes_after_the_start(cast):
    with pytest.raises(RdvRefused, match="après son début"):
        edit(cast, ends_at=cast.rdv.starts_at)


def test_E06_a_page_read_before_somebody_else_s_change_is_refused(cast):
    move(cast)
    with pytest.raises(RdvRefused, match="quelqu’un d’autre"):
        edit(cast, context="Note", seen_version=0)
    assert edit(cast, context="Note", seen_version=1).context == "Note"


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "usager", "nobody"])
def test_G01_who_may_not_touch_the_rdv_changes_nothing(cast, who):
    RoleOrganisation.objects.filter(agent=cast.elsewhere).update(level="admin")
    with pytest.raises(RdvRefused):
        edit(cast, who=who, context="x")
    with pytest.raises(RdvRefused):
        move(cast, who=who)
    assert not RdvEvent.objects.exists()
