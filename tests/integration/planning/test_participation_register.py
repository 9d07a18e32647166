"""E07, planning §5: registering in a workshop, by agents and by the public."""

from __future__ import annotations

from datetime import timedelta

import pytest

from agents.models import AuditEntry
from agents.permissions import PrescripteurActor, SystemActor
from notifications.models import OutboxMessage
from planning.models import RdvEvent
from planning.services.participation_register import (
    RegistrationRefused,
    WorkshopFull,
    register,
)
from planning.services.rdv_status import set_participation_status
from tests.factories import MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import Prescripteur, Rattachement
from usagers.queries.actor import load_usager_actor


@pytest.fixture
def workshop(cast):
    motif = MotifFactory(
        organisation=cast.organisation, service=cast.social, is_collective=True, name="Atelier"
    )
    return RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        seats_total=2,
        title="Sans tabac",
        starts_at=NOW + timedelta(days=8),
    )


def person(cast, **columns):
    columns = {"organisations": [cast.organisation], "territoire": cast.territoire} | columns
    return UsagerFactory(**columns)


def enrol(cast, workshop, *usagers, who="owner", now=NOW, **options):
    return register(
        rdv_id=workshop.pk,
        usager_ids=[usager.pk for usager in usagers],
        actor=who if not isinstance(who, str) else cast.actor(who),
        now=now,
        **options,
    )


def statuses(workshop):
    return dict(workshop.participations.values_list("usager", "status"))


def kinds():
    return sorted(OutboxMessage.objects.values_list("kind", "channel"))


def test_E07_an_agent_registers_somebody_who_gets_a_confirmation(cast, workshop):
    done = enrol(cast, workshop, cast.usager)
    assert [row.usager for row in done.added] == [cast.usager]
    assert done.added[0].created_by_agent == cast.owner
    assert kinds() == [("rdv_created", "email"), ("rdv_created", "sms")]
    sms = OutboxMessage.objects.get(channel="sms").body
    assert "Sans tabac" not in sms  # decision 31
    assert "Atelier" not in sms
    event = RdvEvent.objects.get()
    assert event.changes == {f"participation:{done.added[0].pk}": ["", "unknown"]}
    assert event.author_name == cast.owner.full_name


def test_E07_the_same_person_twice_is_kept_once_and_told_once(cast, workshop):
    enrol(cast, workshop, cast.usager)
    again = enrol(cast, workshop, cast.usager)
    assert again.added == ()
    assert [row.usager for row in again.already] == [cast.usager]
    assert len(kinds()) == 2
    assert RdvEvent.objects.count() == 1


def test_E07_who_had_left_comes_back_and_is_told(cast, workshop):
    row = enrol(cast, workshop, cast.usager).added[0]
    set_participation_status(
        participation_id=row.pk, status="excused", actor=cast.actor("owner"), now=NOW
    )
    assert statuses(workshop) == {cast.usager.pk: "excused"}
    back = enrol(cast, workshop, cast.usager).added[0]
    assert back.pk == row.pk
    assert (back.status, back.cancelled_at) == ("unknown", None)
    created = OutboxMessage.objects.filter(kind="rdv_created", channel="email")
    assert created.exclude(state="abandoned").count() == 1


def test_E07_a_full_workshop_refuses_and_an_agent_overbooks_on_purpose(cast, workshop):
    enrol(cast, workshop, person(cast))
    both = [person(cast), person(cast)]
    with pytest.raises(WorkshopFull, match="Il ne reste qu’une place"):
        enrol(cast, workshop, *both)
    assert len(statuses(workshop)) == 1
    enrol(cast, workshop, both[0])
    with pytest.raises(WorkshopFull, match="Il ne reste plus de place") as refused:
        enrol(cast, workshop, both[1])
    assert (refused.value.seats.total, refused.value.seats.taken) == (2, 2)
    enrol(cast, workshop, both[1], accepts_overbooking=True)
    assert len(statuses(workshop)) == 3


def test_E07_a_cancelled_seat_is_free_again_and_no_limit_is_no_limit(cast, workshop):
    first = enrol(cast, workshop, person(cast), person(cast)).added[0]
    set_participation_status(
        participation_id=first.pk, status="excused", actor=cast.actor("owner"), now=NOW
    )
    enrol(cast, workshop, person(cast))
    workshop.seats_total = None
    workshop.save()
    enrol(cast, workshop, *[person(cast) for _ in range(5)])
    assert len(statuses(workshop)) == 8


def test_E07_an_agent_writes_down_who_came_and_nobody_is_told(cast, workshop):
    enrol(cast, workshop, cast.usager, now=workshop.ends_at + timedelta(days=1))
    assert kinds() == []
    enrol(cast, workshop, person(cast), notifies=False)
    assert kinds() == []


@pytest.mark.parametrize("state", ["cancelled", "hidden", "individual"])
def test_E07_what_is_not_an_open_workshop_refuses(cast, workshop, state):
    if state == "cancelled":
        workshop.status, workshop.cancelled_at = "revoked", NOW
    if state == "hidden":
        workshop.hidden_at = NOW
    workshop.save()
    rdv = cast.rdv if state == "individual" else workshop
    with pytest.raises(RegistrationRefused):
        enrol(cast, rdv, cast.other_usager, accepts_overbooking=True)


@pytest.mark.parametrize("who", ["other_service", "elsewhere", "stranger", "token"])
def test_E07_E09_who_may_not_edit_the_workshop_registers_nobody(cast, workshop, who):
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop, cast.usager, who=who)
    assert statuses(workshop) == {}


def test_E07_decision13_a_stranger_to_the_organisation_is_attached_and_audited(cast, workshop):
    usager = person(cast, organisations=[])
    enrol(cast, workshop, usager)
    assert Rattachement.objects.filter(usager=usager, organisation=cast.organisation).exists()
    assert AuditEntry.objects.get(action="usager_attached").object_uuid == usager.uuid


def test_E07_nobody_of_another_territoire(cast, workshop):
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop, UsagerFactory())
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop)


# ----- the public (its pages come later)


def family(cast):
    cast.usager.refresh_from_db()
    proche = person(cast, responsable=cast.usager, email=None, phone_number="")
    return proche, load_usager_actor(account_id=cast.usager.account_id)


def test_E07_an_usager_registers_one_member_of_the_family(cast, workshop):
    proche, actor = family(cast)
    first = enrol(cast, workshop, cast.usager, who=actor).added[0]
    assert first.created_by_usager == cast.usager
    enrol(cast, workshop, proche, who=actor)
    assert statuses(workshop) == {cast.usager.pk: "excused", proche.pk: "unknown"}
    with pytest.raises(RegistrationRefused, match="Une seule personne"):
        enrol(cast, workshop, cast.usager, proche, who=actor)


def test_E07_D01_the_agents_read_who_joins_or_leaves_by_level(cast, workshop):
    proche, actor = family(cast)
    row = enrol(cast, workshop, proche, who=actor).added[0]
    again = {"participation_id": row.pk, "actor": cast.actor("admin")}
    set_participation_status(**again, status="excused", now=NOW)
    set_participation_status(**again, status="unknown", now=NOW)
    told = OutboxMessage.objects.filter(recipient=cast.owner.email).order_by("pk")
    assert [(mail.kind, mail.ics) for mail in told] == [
        ("participation_added_agent", ""),
        ("participation_cancelled_agent", ""),
        ("participation_added_agent", ""),
    ]
    assert f"Inscription en ligne à ce RDV : {proche.full_name}." in told[0].body
    assert f"par {cast.admin.full_name} : {proche.full_name}." in told[2].body
    # One's own act, a level that wants none, an act that tells nobody.
    enrol(cast, workshop, cast.usager)
    cast.owner.rdv_notifications = "none"
    cast.owner.save()
    enrol(cast, workshop, person(cast), who="admin", accepts_overbooking=True)
    cast.owner.rdv_notifications = "all"
    cast.owner.save()
    enrol(cast, workshop, person(cast), who="admin", accepts_overbooking=True, notifies=False)
    assert told.count() == 3


def test_E07_the_family_that_changes_its_member_keeps_the_last_seat(cast, workshop):
    proche, actor = family(cast)
    enrol(cast, workshop, cast.usager, who=actor)
    enrol(cast, workshop, person(cast))
    enrol(cast, workshop, proche, who=actor)
    assert statuses(workshop)[proche.pk] == "unknown"


def test_E07_the_public_never_overbooks(cast, workshop):
    _proche, actor = family(cast)
    enrol(cast, workshop, person(cast), person(cast))
    with pytest.raises(WorkshopFull):
        enrol(cast, workshop, cast.usager, who=actor, accepts_overbooking=True)


def test_E07_only_ones_own_family(cast, workshop):
    _proche, actor = family(cast)
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop, cast.other_usager, who=actor)


@pytest.mark.parametrize(
    ("change", "before"),
    [
        ({"booking_level": "prescripteurs"}, timedelta(days=7)),
        ({"archived_at": NOW}, timedelta(days=7)),
        ({}, timedelta(minutes=29, seconds=59)),
        ({"max_delay_minutes": 60}, timedelta(minutes=60, seconds=1)),
    ],
)
def test_E07_the_public_keeps_to_open_motifs_and_delays(cast, workshop, change, before):
    _proche, actor = family(cast)
    for name, value in change.items():
        setattr(workshop.motif, name, value)
    workshop.motif.save()
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop, cast.usager, who=actor, now=workshop.starts_at - before)


def test_E07_both_delays_are_included(cast, workshop):
    _proche, actor = family(cast)
    workshop.motif.max_delay_minutes = 31
    workshop.motif.save()
    early = workshop.starts_at - timedelta(minutes=31)
    enrol(cast, workshop, cast.usager, who=actor, now=early)
    enrol(
        cast,
        workshop,
        family(cast)[0],
        who=load_usager_actor(account_id=cast.usager.account_id),
        now=workshop.starts_at - timedelta(minutes=30),
    )


def test_E07_somebody_removed_by_the_service_does_not_come_back_alone(cast, workshop):
    _proche, actor = family(cast)
    row = enrol(cast, workshop, cast.usager, who=actor).added[0]
    row.status, row.cancelled_at = "revoked", NOW
    row.save()
    with pytest.raises(RegistrationRefused, match="Contactez-le"):
        enrol(cast, workshop, cast.usager, who=actor)
    assert enrol(cast, workshop, cast.usager).added


def test_E07_a_prescripteur_registers_a_beneficiary(cast, workshop):
    workshop.motif.booking_level = "prescripteurs"
    workshop.motif.save()
    partner = Prescripteur.objects.create(
        first_name="Ana", last_name="Petit", email="ana@exemple.fr"
    )
    actor = PrescripteurActor(prescripteur_id=partner.pk, name="Ana PETIT")
    assert enrol(cast, workshop, cast.usager, who=actor).added[0].prescripteur == partner


def test_E07_background_work_registers_nobody(cast, workshop):
    with pytest.raises(RegistrationRefused):
        enrol(cast, workshop, cast.usager, who=SystemActor())
