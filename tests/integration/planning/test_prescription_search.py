"""B04: an agent sends somebody to another organisation of the territoire."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.urls import reverse

from agents.permissions import Permission
from motifs.policies import motifs_prescribable
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent
from planning.policies import prescriptions_of, rdvs_for
from planning.services.booking_confirm import NoLongerOffered
from planning.services.prescription_by_agent import Sending, prescribe_elsewhere
from planning.services.rdv_book import RdvNotBookable
from tests.factories import (
    LieuFactory,
    MotifFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from tests.factories.planning import NOW
from usagers.models import Usager

pytestmark = pytest.mark.django_db
NINE = datetime(2027, 1, 11, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _monday():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def offer(cast):
    """A motif that the other organisation opens to prescripteurs, received by its agent."""
    motif = MotifFactory(
        organisation=cast.elsewhere_organisation,
        service=cast.social,
        name="Logement",
        booking_level="prescripteurs",
        restriction="Venez avec un bail.",
    )
    lieu = LieuFactory(organisation=cast.elsewhere_organisation, name="Antenne du Port")
    PlageOuvertureFactory(agent=cast.elsewhere, lieu=lieu, motifs=[motif])
    return motif, lieu


def url(cast, step, **params):
    query = "&".join(f"{name}={value}" for name, value in params.items())
    return reverse(f"planning:prescription_{step}", args=[cast.organisation.uuid]) + f"?{query}"


CONFIRM, LIST = "planning:prescription_confirm", "planning:prescription_list"


def place(offer):
    motif, lieu = offer
    return {"chez": motif.uuid, "lieu": lieu.uuid, "creneau": "2027-01-11T08:00Z"}


def sign_in(client, agent):
    client.force_login(agent.account)
    return client


def test_B04_from_the_search_to_the_recap(client, cast, offer):
    sign_in(client, cast.owner)
    find = client.get(reverse("planning:slot_search", args=[cast.organisation.uuid]))
    assert "Élargir votre recherche" in find.text
    offers = client.get(reverse("planning:prescription_search", args=[cast.organisation.uuid]))
    key = offers.context["offers"][0][0].key
    assert key == "social-logement-sur_place"
    sites = client.get(url(cast, "search", motif=key)).text
    assert "Antenne du Port" in sites
    assert "Lundi 11 janvier 2027 à 9" in sites
    week = client.get(url(cast, "search", motif=key, chez=offer[0].uuid, lieu=offer[1].uuid)).text
    assert "creneau=2027-01-11T08%3A00Z" in week
    where = place(offer)
    usager_page = reverse("planning:prescription_usager", args=[cast.organisation.uuid])
    assert client.get(usager_page).status_code == 302
    found = client.post(url(cast, "usager", **where), {"q": cast.usager.last_name})
    assert cast.usager.full_name in found.text
    chosen = client.post(url(cast, "usager", **where), {"ajouter": str(cast.usager.uuid)})
    recap = client.get(chosen["Location"])
    assert recap.resolver_match.view_name == CONFIRM
    assert "Venez avec un bail." in recap.text
    assert not Rdv.objects.filter(organisation=cast.elsewhere_organisation).exists()
    done = client.post(chosen["Location"], follow=True)
    assert done.resolver_match.view_name == LIST
    assert cast.usager.full_name in done.text


def booked(client, cast, offer, who="owner", usager=None):
    sign_in(client, getattr(cast, who))
    person = usager or cast.usager
    return client.post(url(cast, "confirm", **place(offer), usager=person.uuid), follow=True)


def test_62_flagged_known_by_both_and_told(client, cast, offer):
    booked(client, cast, offer)
    row = Participation.objects.get(rdv__motif=offer[0])
    assert (row.created_by_agent, row.prescribed_from) == (cast.owner, cast.organisation)
    assert {o.pk for o in cast.usager.organisations.all()} == {
        cast.organisation.pk,
        cast.elsewhere_organisation.pk,
    }
    told = set(OutboxMessage.objects.filter(rdv=row.rdv).values_list("kind", "recipient"))
    assert ("rdv_created_agent", cast.elsewhere.email) in told
    assert ("prescription_done", cast.owner.email) in told
    assert RdvEvent.objects.get(rdv=row.rdv).author_agent == cast.owner
    # The RDV is the other organisation's; that it was booked is the author's.
    assert not rdvs_for(cast.actor("owner"), Permission.RDV_READ).filter(pk=row.rdv_id).exists()
    assert prescriptions_of(cast.actor("owner"), cast.organisation).get() == row
    assert not prescriptions_of(cast.actor("same_service"), cast.organisation).exists()
    sign_in(client, cast.elsewhere)
    page = client.get(reverse("planning:rdv_detail", args=[row.rdv.uuid])).text
    assert f"depuis l’organisation {cast.organisation.name}" in page
    summary = client.get(reverse("planning:rdv_summary", args=[row.rdv.uuid])).text
    assert cast.owner.email in summary
    listed = reverse("planning:rdv_list", args=[cast.elsewhere_organisation.uuid])
    assert cast.owner.email in client.get(f"{listed}?du=2027-01-11&au=2027-01-11").text


def test_B04_nothing_is_booked_twice_nor_outside(client, cast, offer):
    booked(client, cast, offer)
    again = booked(client, cast, offer)
    assert "vient d’être pris" in again.text
    assert Participation.objects.filter(rdv__motif=offer[0]).count() == 1
    offer[0].booking_level = "agents"
    offer[0].save()
    where = place(offer) | {"creneau": "2027-01-11T08:30Z", "usager": cast.usager.uuid}
    gone = client.post(url(cast, "confirm", **where))
    assert gone.status_code == 302
    assert Rdv.objects.filter(motif=offer[0]).count() == 1


def test_62_a_basic_agent_sends_to_their_services_only(cast, offer):
    pmi = MotifFactory(
        organisation=cast.elsewhere_organisation, service=service("pmi"), name="Pesée"
    )

    def seen(who):
        rows = motifs_prescribable(cast.actor(who), cast.organisation)
        return {motif.pk for motif in rows if motif.pk in {offer[0].pk, pmi.pk}}

    assert seen("owner") == {offer[0].pk}
    assert seen("other_service") == {pmi.pk}
    for who in ("secretary", "admin", "territoire_admin"):
        assert seen(who) == {offer[0].pk, pmi.pk}
    for who in ("elsewhere", "stranger", "usager", "nobody"):
        assert seen(who) == set()
    MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social, is_follow_up=True)
    offer[0].booking_level = "agents"
    offer[0].save()
    assert seen("owner") == set()


def test_B04_a_new_fiche_on_the_way_and_a_phone_that_is_needed(client, cast, offer):
    sign_in(client, cast.owner)
    where = place(offer)
    form = {"last_name": "Zola", "first_name": "Ana", "kind": "responsable"}
    made = client.post(url(cast, "usager_new", **where), form)
    ana = Usager.objects.get(last_name="Zola")
    assert str(ana.uuid) in made["Location"]
    motif = offer[0]
    motif.location_type = "telephone"
    motif.save()
    refused = client.post(url(cast, "confirm", **where | {"lieu": ""}, usager=ana.uuid))
    assert refused.status_code == 422
    assert "Écrivez le téléphone" in refused.text
    stranger = UsagerFactory()
    assert (
        client.get(url(cast, "confirm", **where | {"lieu": ""}, usager=stranger.uuid)).status_code
        == 302
    )


@pytest.fixture
def workshop(cast):
    """A session of the other organisation with two seats, one of them taken."""
    motif = MotifFactory(
        organisation=cast.elsewhere_organisation,
        service=cast.social,
        name="Atelier budget",
        is_collective=True,
        booking_level="prescripteurs",
    )
    lieu = LieuFactory(organisation=cast.elsewhere_organisation, name="Salle du Port")
    return RdvFactory(
        motif=motif,
        lieu=lieu,
        agents=[cast.elsewhere],
        usagers=[UsagerFactory(territoire=cast.territoire)],
        seats_total=2,
        starts_at=NINE,
        title="Faire ses comptes",
    )


def test_B04_somebody_is_sent_to_a_workshop_elsewhere(client, cast, workshop):
    sign_in(client, cast.owner)
    offers = client.get(url(cast, "search")).context["offers"]
    assert [offer.key for offer, _url in offers] == ["social-atelier-budget-collectif"]
    sessions = client.get(offers[0][1])
    assert "Il reste 1 place" in sessions.text
    assert "Faire ses comptes" in sessions.text
    assert f"atelier={workshop.uuid}" in sessions.text
    where = {"atelier": workshop.uuid}
    chosen = client.post(url(cast, "usager", **where), {"ajouter": str(cast.usager.uuid)})
    recap = client.get(chosen["Location"])
    assert "Salle du Port" in recap.text
    assert not workshop.participations.filter(usager=cast.usager).exists()
    done = client.post(chosen["Location"], follow=True)
    assert cast.usager.full_name in done.text
    row = workshop.participations.get(usager=cast.usager)
    assert (row.created_by_agent, row.prescribed_from) == (cast.owner, cast.organisation)
    assert cast.usager.organisations.filter(pk=cast.elsewhere_organisation.pk).exists()
    told = set(OutboxMessage.objects.filter(rdv=workshop).values_list("kind", "recipient"))
    assert ("prescription_done", cast.owner.email) in told
    assert cast.elsewhere.email in {recipient for _kind, recipient in told}
    assert not rdvs_for(cast.actor("owner"), Permission.RDV_READ).filter(pk=workshop.pk).exists()
    # Nobody twice, nobody more than the seats, and nothing of who else comes.
    assert client.post(chosen["Location"]).status_code == 422
    late = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    full = client.post(url(cast, "confirm", **where, usager=late.uuid), follow=True)
    assert "Il ne reste plus de place à cette date." in full.text
    assert workshop.participations.count() == 2
    sessions = client.get(offers[0][1])
    assert "Complet" in sessions.text
    assert f"atelier={workshop.uuid}" not in sessions.text


def test_B04_a_workshop_that_left_or_closed_is_refused(cast, workshop):
    def send(usager):
        sending = Sending(
            origin=cast.organisation,
            motif_id=workshop.motif_id,
            lieu_id=None,
            starts_at=workshop.starts_at,
            usager_id=usager.pk,
            workshop_id=workshop.pk,
        )
        return prescribe_elsewhere(sending=sending, actor=cast.actor("owner"), now=NOW)

    send(cast.usager)
    with pytest.raises(RdvNotBookable, match="Contactez l’organisation"):
        send(cast.usager)  # whether they are in it is not said
    row = workshop.participations.get(usager=cast.usager)
    row.status, row.cancelled_at = "excused", NOW
    row.save()
    send(cast.usager)
    row.refresh_from_db()
    assert (row.status, row.prescribed_from) == ("unknown", cast.organisation)
    Participation.objects.filter(pk=row.pk).update(status="revoked", cancelled_at=NOW)
    with pytest.raises(RdvNotBookable):  # the other organisation took them off
        send(cast.usager)
    type(workshop).objects.update(seats_total=9)
    other = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    workshop.motif.is_follow_up = True
    workshop.motif.save()
    with pytest.raises(NoLongerOffered):
        send(other)
    workshop.motif.is_follow_up, workshop.motif.booking_level = False, "agents"
    workshop.motif.save()
    with pytest.raises(NoLongerOffered):
        send(other)


WHY = "Réservation en ligne suspendue. Elle reprend le mardi 2 février 2027."


def suspend(row):
    row.booking_suspended_until, row.suspension_message = date(2027, 2, 2), "Inventaire."
    row.save()


def test_G11_B04_who_sends_somebody_reads_why_nothing_is_free_and_until_when(client, cast, offer):
    sign_in(client, cast.owner)
    cast.elsewhere_organisation.phone_number = "+33321000000"
    suspend(cast.elsewhere_organisation)
    key = "social-logement-sur_place"
    sites = client.get(url(cast, "search", motif=key)).text
    week = client.get(url(cast, "search", motif=key, chez=offer[0].uuid, lieu=offer[1].uuid)).text
    where = place(offer) | {"motif": key, "usager": cast.usager.uuid}
    late = client.get(url(cast, "confirm", **where), follow=True).text
    for page in (sites, week, late):
        for words in (WHY, "« Inventaire. »", "03 21 00 00 00"):
            assert words in page
        assert "Aucune disponibilité" not in page
    refused = client.post(url(cast, "confirm", **where))
    assert refused.status_code == 422
    assert "Elle reprend le mardi 2 février 2027." in refused.text
    assert not Rdv.objects.filter(motif=offer[0]).exists()


def test_G11_B04_so_do_they_for_a_workshop(client, cast, workshop):
    sign_in(client, cast.owner)
    suspend(workshop.motif)
    sessions = client.get(url(cast, "search", motif="social-atelier-budget-collectif")).text
    assert WHY in sessions
    assert cast.elsewhere_organisation.name in sessions
    assert "Aucune date" not in sessions
    assert str(workshop.uuid) not in sessions
