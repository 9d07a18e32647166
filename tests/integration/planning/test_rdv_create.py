"""An agent places a RDV: rights, overlaps, people; the pages are in test_rdv_draft_*.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agents.models import AuditEntry
from agents.queries.actor import agent_actor
from notifications.models import OutboxMessage
from planning.models import AgentRdv, Rdv, RdvEvent
from planning.services.agenda_busy import AgendaBusy
from planning.services.rdv_book import SlotTaken
from planning.services.rdv_create import (
    NewRdv,
    RdvDuplicated,
    RdvInvalid,
    RdvNotAllowed,
    Told,
    create_rdv,
)
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifFactory,
    OrganisationFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from usagers.models import Rattachement

pytestmark = pytest.mark.django_db

NOW = datetime(2027, 1, 8, 9, 0, tzinfo=UTC)
TEN = datetime(2027, 1, 12, 9, 0, tzinfo=UTC)  # 10:00 in Paris, a day without anything


def fields_of(cast, **changes):
    base = NewRdv(
        organisation_id=cast.organisation.pk,
        motif_id=cast.motif.pk,
        starts_at=TEN,
        ends_at=TEN + timedelta(minutes=30),
        lieu_id=cast.lieu.pk,
        agent_ids=(cast.owner.pk,),
        usager_ids=(cast.usager.pk,),
    )
    return replace(base, **changes)


def create(cast, who="owner", **changes):
    return create_rdv(fields=fields_of(cast, **changes), actor=cast.actor(who), now=NOW)


def test_E05_everything_is_written_and_told(cast):
    second = AgentFactory(organisations=[cast.organisation], services=[cast.social])
    relative = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    rdv = create(
        cast,
        agent_ids=(cast.owner.pk, second.pk),
        usager_ids=(cast.usager.pk, relative.pk),
        context="  Apporter le dossier  ",
        told={relative.pk: Told(changes=False, reminder=True)},
    )
    assert (rdv.starts_at, rdv.lieu, rdv.context) == (TEN, cast.lieu, "Apporter le dossier")
    assert {row.agent for row in rdv.agent_rdvs.all()} == {cast.owner, second}
    assert not rdv.agent_rdvs.filter(overlap_accepted=True).exists()
    flags = dict(rdv.participations.values_list("usager", "notifies_changes"))
    assert flags == {cast.usager.pk: True, relative.pk: False}
    assert set(rdv.participations.values_list("created_by_agent", flat=True)) == {cast.owner.pk}
    assert [event.action for event in RdvEvent.objects.filter(rdv=rdv)] == ["created"]
    told = set(OutboxMessage.objects.filter(rdv=rdv).values_list("recipient", flat=True))
    assert told == {cast.usager.email, str(cast.usager.phone_number), second.email}


@pytest.mark.parametrize(
    ("who", "allowed"),
    [
        ("owner", True),
        ("same_service", True),
        ("secretary", True),
        ("admin", True),
        ("territoire_admin", True),
        ("other_service", False),
        ("elsewhere", False),
        ("admin_elsewhere", False),
        ("stranger", False),
        ("usager", False),
        ("token", False),
        ("nobody", False),
    ],
)
def test_decision_9_who_places_a_rdv_in_the_agenda_of_owner(cast, who, allowed):
    if allowed:
        assert create(cast, who).pk
    else:
        with pytest.raises(RdvNotAllowed):
            create(cast, who)
        assert Rdv.objects.count() == 1


def test_decision_9_forged_keys_are_refused(cast):
    abroad = cast.stranger.roles.get().organisation
    elsewhere = cast.elsewhere_organisation
    forged = {
        "a motif of another organisation": {"motif_id": MotifFactory(organisation=elsewhere).pk},
        "a motif of another service": {
            "motif_id": MotifFactory(organisation=cast.organisation, service=service("pmi")).pk
        },
        "an archived motif": {
            "motif_id": MotifFactory(organisation=cast.organisation, archived_at=NOW).pk
        },
        "an agent of another service": {"agent_ids": (cast.owner.pk, cast.other_service.pk)},
        "an agent of another organisation": {"agent_ids": (cast.elsewhere.pk,)},
        "a lieu elsewhere": {"lieu_id": LieuFactory(organisation=elsewhere).pk},
        "a closed lieu": {
            "lieu_id": LieuFactory(organisation=cast.organisation, availability="closed").pk
        },
        "no lieu": {"lieu_id": None},
        "an usager of another territoire": {
            "usager_ids": (UsagerFactory(territoire=abroad.territoire).pk,)
        },
        "an anonymised usager": {
            "usager_ids": (UsagerFactory(territoire=cast.territoire, anonymised_at=NOW).pk,)
        },
    }
    for case, changes in forged.items():
        with pytest.raises(RdvNotAllowed):
            create(cast, **changes)
        assert Rdv.objects.count() == 1, case


def test_decision_13_booking_attaches_a_person_of_the_territoire_and_leaves_a_trace(cast):
    parent = UsagerFactory(territoire=cast.territoire, organisations=[cast.elsewhere_organisation])
    child = UsagerFactory(territoire=cast.territoire, responsable=parent, email=None)
    rdv = create(cast, usager_ids=(child.pk,))
    known = Rattachement.objects.filter(organisation=cast.organisation)
    assert {parent.pk, child.pk} <= set(known.values_list("usager", flat=True))
    traces = AuditEntry.objects.filter(action="usager_attached", agent=cast.owner)
    assert {trace.object_uuid for trace in traces} == {parent.uuid, child.uuid}
    assert traces[0].detail == {"rdv": str(rdv.uuid)}


def test_decision_13_without_the_switch_only_known_people(cast):
    cast.territoire.searches_across_organisations = False
    cast.territoire.save()
    with pytest.raises(RdvNotAllowed):
        create(cast, usager_ids=(cast.other_usager.pk,))
    assert not Rattachement.objects.filter(usager=cast.other_usager).exists()


def test_decision_10_busy_time_needs_an_acceptance_that_the_row_keeps(cast):
    create(cast, usager_ids=(cast.other_usager.pk,))
    late = {"starts_at": TEN + timedelta(minutes=10), "ends_at": TEN + timedelta(minutes=40)}
    with pytest.raises(AgendaBusy, match=cast.owner.full_name) as refused:
        create(cast, **late)
    assert cast.other_usager.last_name.upper() not in refused.value.message
    rdv = create(
        cast, **late, agent_ids=(cast.owner.pk, cast.same_service.pk), accepts_overlap=True
    )
    marked = AgentRdv.objects.filter(rdv=rdv).values_list("agent", "overlap_accepted")
    assert dict(marked) == {cast.owner.pk: True, cast.same_service.pk: False}


def test_decision_10_from_a_creneau_nothing_overlaps_even_accepted(cast):
    create(cast, usager_ids=(cast.other_usager.pk,), accepts_overlap=True)
    with pytest.raises(SlotTaken):
        create(cast, from_slot=True, accepts_overlap=True)


def test_decision_10_touching_and_cancelled_rdvs_leave_the_time_free(cast):
    common = {"motif": cast.motif, "agents": [cast.owner]}
    RdvFactory(**common, starts_at=TEN - timedelta(minutes=30))
    RdvFactory(**common, starts_at=TEN, status="revoked")
    assert create(cast).pk


def test_E05_the_very_same_rdv_is_refused(cast):
    first = create(cast)
    with pytest.raises(RdvDuplicated) as refused:
        create(cast, accepts_overlap=True)
    assert refused.value.rdv == first
    assert create(cast, usager_ids=(cast.other_usager.pk,), accepts_overlap=True).pk
    one_off = {"lieu_id": None, "lieu_name": "Salle des fêtes", "lieu_address": "Arras"}
    create(cast, **one_off, accepts_overlap=True)
    with pytest.raises(RdvDuplicated):
        create(cast, **one_off, accepts_overlap=True)


def test_E05_a_one_off_place_is_born_with_the_rdv(cast):
    rdv = create(
        cast, lieu_id=None, lieu_name="Salle des fêtes", lieu_address="1 place Haute, Arras"
    )
    assert (rdv.lieu.name, rdv.lieu.availability) == ("Salle des fêtes", "single_use")
    assert rdv.lieu.organisation == cast.organisation
    with pytest.raises(RdvNotAllowed):  # one-off: it serves once
        create(cast, lieu_id=rdv.lieu.pk)


@pytest.mark.parametrize(
    ("location", "coordinates", "allowed"),
    [
        ("telephone", {"phone_number": "", "email": "a@b.fr"}, False),
        ("telephone", {"phone_number": "+33321000001"}, True),
        ("visio", {"phone_number": "+33321000001", "email": None}, False),
        ("visio", {"phone_number": "+33612345679", "email": None}, True),
        ("visio", {"phone_number": "", "email": "c@d.fr"}, True),
        ("domicile", {"phone_number": "", "email": None}, True),
    ],
)
def test_E05_a_phone_or_an_address_where_the_rdv_needs_one(cast, location, coordinates, allowed):
    motif = MotifFactory(organisation=cast.organisation, location_type=location)
    parent = UsagerFactory(
        territoire=cast.territoire, organisations=[cast.organisation], **coordinates
    )
    child = UsagerFactory(
        territoire=cast.territoire, responsable=parent, email=None, phone_number=""
    )
    changes = {"motif_id": motif.pk, "usager_ids": (child.pk,)}
    if allowed:
        assert create(cast, **changes).lieu is None
    else:
        with pytest.raises(RdvInvalid, match="au moins une personne"):
            create(cast, **changes)


@pytest.mark.parametrize(
    "changes",
    [
        {"ends_at": TEN},
        {"ends_at": TEN + timedelta(hours=25)},
        {
            "starts_at": datetime(2017, 12, 31, tzinfo=UTC),
            "ends_at": datetime(2018, 1, 1, tzinfo=UTC),
        },
        {"starts_at": TEN + timedelta(days=2000), "ends_at": TEN + timedelta(days=2000, hours=1)},
        {"usager_ids": ()},
        {"agent_ids": ()},
    ],
)
def test_E05_impossible_rdvs_are_refused(cast, changes):
    with pytest.raises(RdvInvalid):
        create(cast, **changes)


def test_E07_a_workshop_may_begin_empty_and_keeps_title_and_seats(cast):
    motif = MotifFactory(organisation=cast.organisation, is_collective=True)
    rdv = create(cast, motif_id=motif.pk, usager_ids=(), title="Budget", seats_total=8)
    assert (rdv.title, rdv.seats_total) == ("Budget", 8)
    single = create(
        cast,
        starts_at=TEN + timedelta(hours=1),
        ends_at=TEN + timedelta(hours=2),
        title="Budget",
        seats_total=8,
    )
    assert (single.title, single.seats_total) == ("", None)


@pytest.mark.parametrize("visibility", ["visible_and_not_notified", "invisible"])
def test_decision_7_a_silent_motif_tells_nobody(cast, visibility):
    motif = MotifFactory(organisation=cast.organisation, visibility=visibility)
    rdv = create(cast, motif_id=motif.pk, told={cast.usager.pk: Told()})
    assert not rdv.participations.get().notifies_changes
    assert not OutboxMessage.objects.filter(rdv=rdv).exists()


def test_E05_the_context_follows_the_switch_of_the_territoire(cast):
    cast.territoire.shows_rdv_context = False
    cast.territoire.save()
    assert create(cast, context="Secret").context == ""


def test_E05_in_the_past_nobody_is_told(cast):
    rdv = create(cast, starts_at=NOW - timedelta(hours=1), ends_at=NOW)
    assert not OutboxMessage.objects.filter(rdv=rdv).exists()


def test_G08_an_agent_of_two_organisations_mixes_nothing(cast):
    both = AgentFactory(
        organisations=[cast.organisation, cast.elsewhere_organisation], services=[cast.social]
    )
    other = OrganisationFactory(territoire=cast.territoire)
    for organisation in (cast.elsewhere_organisation, other):
        with pytest.raises(RdvNotAllowed):
            create_rdv(
                fields=fields_of(cast, organisation_id=organisation.pk),
                actor=agent_actor(both),
                now=NOW,
            )
