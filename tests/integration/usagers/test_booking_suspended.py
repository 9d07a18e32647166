"""G11: public booking suspended until a day, for an organisation or a motif."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, Organisation
from motifs.models import Motif
from motifs.services.booking_suspend import (
    SuspensionRefused,
    suspend_motif,
    suspend_organisation,
)
from motifs.services.motif_edit import MotifRefused
from planning.models import Rdv
from planning.queries.availability import Audience, Search, bookable, week_slots
from planning.queries.public_workshops import refusal_to_join
from planning.queries.rdv_move_by_usager import refusal_to_move
from planning.services.booking_confirm import NoLongerOffered, confirm_choice
from planning.services.waiting_list_offer import offer_waiting_list
from tests.factories import MotifFactory, PlageOuvertureFactory, RdvFactory
from tests.integration.usagers.english import assert_english
from tests.integration.usagers.journey import NINE, NOW
from tests.integration.usagers.test_english import english as in_english
from usagers.services.booking_draft_save import Choice, Identity

REOPENS = date(2027, 1, 9)
MESSAGE = "Fermé pour <b>travaux</b>."
# The last minute of the 8th and the first of the 9th, in Paris.
EVE = datetime(2027, 1, 8, 22, 59, tzinfo=UTC)
MORNING = datetime(2027, 1, 8, 23, 1, tzinfo=UTC)


def suspend(row, until=REOPENS, message=MESSAGE):
    type(row).objects.filter(pk=row.pk).update(
        booking_suspended_until=until, suspension_message=message
    )


def free(world, audience, now):
    search = Search(frozenset({world.motif.pk}), audience, now)
    return sum(map(len, week_slots(search, date(2027, 1, 11)).values()))


@pytest.mark.parametrize("which", ["motif", "organisation"])
def test_G11_the_public_finds_nothing_until_the_day_agents_do(world, which):
    before = free(world, Audience.USAGER, EVE)
    assert before
    suspend(getattr(world, which))
    assert free(world, Audience.USAGER, EVE) == 0
    assert free(world, Audience.AGENT, EVE) >= before
    search = Search(frozenset({world.motif.pk}), Audience.USAGER, EVE)
    assert bookable(search, NINE, world.lieu.pk) == []
    # It ends by itself, at midnight in the territoire.
    assert free(world, Audience.USAGER, MORNING) == before


def test_G11_the_day_begins_where_the_territoire_is(world):
    suspend(world.motif)
    territoire = world.organisation.territoire
    territoire.timezone = "Indian/Reunion"  # four hours ahead of UTC
    territoire.save()
    assert free(world, Audience.USAGER, datetime(2027, 1, 8, 19, 59, tzinfo=UTC)) == 0
    assert free(world, Audience.USAGER, datetime(2027, 1, 8, 20, 1, tzinfo=UTC))


def test_G11_each_page_of_the_public_says_when_it_reopens(client, world, clock):
    suspend(world.organisation)
    home = reverse("usagers:booking_organisation", args=[world.organisation.slug])
    entries = [home, world.url("slot"), world.url("lieu"), world.identity_url()]
    entries += [f"{home}?prescripteur=1", world.url("waiting")]
    for url in entries:
        page = client.get(url, follow=True)
        assertContains(page, "samedi 9 janvier 2027")
        assertContains(page, "Fermé pour &lt;b&gt;travaux&lt;/b&gt;.")
    english = assert_english(in_english().get(home), world.organisation.name)
    assertContains(english, "Saturday 9 January 2027")
    assertContains(english, 'lang="fr"><div class="fr-callout__text"')
    assertNotContains(english, "suspendue")
    clock.move_to(MORNING)
    assertNotContains(client.get(home, follow=True), "suspendue")


def test_G11_other_motifs_stay_beside_the_suspended_one(client, world):
    other = MotifFactory(organisation=world.organisation, name="Autre accueil")
    PlageOuvertureFactory(lieu=world.lieu, motifs=[other])
    suspend(world.motif)
    page = client.get(world.url("motif", motif="", lieu=""))
    assertContains(page, "Autre accueil")
    assertContains(page, "reprend le samedi 9 janvier 2027")
    assertNotContains(page, "motif=premier-accueil-sur_place")
    page = client.get(world.url("lieu"))
    assertContains(page, "Réservation en ligne suspendue")
    assertContains(page, "Voir les rendez-vous possibles")


def test_G11_a_draft_held_before_is_refused_with_the_day(world):
    suspend(world.motif)
    choice = Choice(world.motif.pk, world.lieu.pk, NINE, NOW, 1, None)
    identity = Identity("Léa", "Martin", "lea@exemple.fr", "")
    with pytest.raises(NoLongerOffered, match="samedi 9 janvier 2027"):
        confirm_choice(choice=choice, identity=identity, now=EVE)
    assert not Rdv.objects.exists()
    assert confirm_choice(choice=choice, identity=identity, now=MORNING).is_new


def test_G11_existing_rdvs_stay_and_cannot_be_moved_meanwhile(cast):
    rdv, actor, before = cast.rdv, cast.actor("usager"), cast.rdv.starts_at - timedelta(days=6)
    suspend(cast.motif, until=(before + timedelta(days=2)).date())
    rdv = Rdv.objects.select_related("motif__organisation__territoire").get(pk=rdv.pk)
    assert "suspendue" in refusal_to_move(rdv, actor=actor, now=before)
    assert refusal_to_move(rdv, actor=actor, now=before + timedelta(days=3)) is None
    assert offer_waiting_list(now=before) == 0
    assert Rdv.objects.get(pk=rdv.pk).status == "unknown"


def test_G11_nobody_joins_a_session(world):
    motif = MotifFactory(organisation=world.organisation, is_collective=True)
    session = RdvFactory(motif=motif, lieu=world.lieu, seats_total=5, starts_at=NINE)
    assert not refusal_to_join(session, now=EVE)
    suspend(motif)
    session.motif.refresh_from_db()
    assert refusal_to_join(session, now=EVE)
    assert not refusal_to_join(session, now=MORNING)


def test_G11_an_admin_suspends_and_reopens(client, cast):
    client.force_login(cast.admin.account)
    links = reverse("motifs:booking_link", args=[cast.organisation.uuid])
    url = reverse("motifs:booking_suspend", args=[cast.organisation.uuid])
    for bad in (
        {"until": ""},
        {"until": "2027-01-04"},
        {"until": "2020-01-01"},
        {"until": "9999-12-31"},
        {"until": "demain"},
        {"until": "2027-01-09", "message": "x" * 501},
        {"until": "2027-01-09", "message": "nul \x00"},
    ):
        assert client.post(url, bad).status_code == 422
    assertRedirects(client.post(url, {"until": "2027-01-09", "message": MESSAGE}), links)
    page = client.get(links)
    assertContains(page, "suspendue jusqu’au samedi 9 janvier 2027")
    assertContains(page, "&lt;b&gt;travaux&lt;/b&gt;")
    assert client.get(url).context["form"]["message"].value() == MESSAGE
    client.post(url, {"reopen": "1"})
    row = Organisation.objects.get(pk=cast.organisation.pk)
    assert (row.booking_suspended_until, row.suspension_message) == (None, "")
    of_motif = reverse("motifs:motif_suspend", args=[cast.motif.uuid])
    motifs = reverse("motifs:motif_list", args=[cast.organisation.uuid])
    assertRedirects(client.post(of_motif, {"until": "2027-01-09"}), motifs)
    assertContains(client.get(motifs), "Suspendu jusqu’au 9 janvier 2027")
    shown = client.get(motifs, {"mark": "suspendu"}).context["page"].object_list
    assert list(shown) == [cast.motif]
    assert Motif.objects.get(pk=cast.motif.pk).booking_suspended_until == REOPENS
    actions = AuditEntry.objects.filter(agent=cast.admin).values_list("action", flat=True)
    assert list(actions.order_by("pk")) == [
        "booking_suspended",
        "booking_reopened",
        "booking_suspended",
    ]


def test_G01_G11_the_services_decide_again(cast):
    for who in ("owner", "secretary", "admin_elsewhere", "stranger", "nobody"):
        asked = {"until": REOPENS, "message": "", "actor": cast.actor(who), "now": NOW}
        with pytest.raises(MotifRefused):
            suspend_motif(motif_id=cast.motif.pk, **asked)
        with pytest.raises(SuspensionRefused):
            suspend_organisation(organisation_id=cast.organisation.pk, **asked)
