"""A05, A06, A12: the click that books, the fiche that it finds, the créneau that is lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, Reminder
from tests.factories import (
    AgentFactory,
    LieuFactory,
    PlageOuvertureFactory,
    RdvFactory,
    UsagerFactory,
)
from tests.integration.usagers.journey import (
    HALF_PAST_NINE,
    IDENTITY,
    NINE,
    NOW,
    link_of,
    type_identity,
)
from usagers.models import BookingDraft, Usager
from usagers.services.usager_login import FicheNotReachable, login_by_address

pytestmark = pytest.mark.django_db


def hidden(page, name="choice"):
    field = BeautifulSoup(page.text, "html.parser").find("input", {"name": name})
    assert field is not None
    return field["value"]


def take(world, starts_at=NINE):
    """Somebody else books that time."""
    return RdvFactory(
        motif=world.motif, lieu=world.lieu, agents=[world.plage.agent], starts_at=starts_at
    )


def test_A05_an_unknown_link_says_so(client, db):
    page = client.get(reverse("usagers:booking_confirm", args=["inconnu"]))
    assert page.status_code == 404
    assert "Ce lien ne sert plus" in page.text


def test_F05_a_fiche_of_the_territoire_is_matched_and_keeps_its_names(client, world):
    fiche = UsagerFactory(
        territoire=world.organisation.territoire,
        email="lea@exemple.fr",
        first_name="Léa-Marie",
        last_name="Martin-Petit",
        phone_number="",
    )
    type_identity(client, world)
    page = Client().post(link_of(), follow=True)
    assert "au nom de Léa-Marie MARTIN-PETIT" in page.text
    fiche.refresh_from_db()
    assert fiche.full_name == "Léa-Marie MARTIN-PETIT"
    assert fiche.account is not None
    assert str(fiche.phone_number) == "+33639981234"
    assert Usager.objects.count() == 1
    assert Participation.objects.get().usager == fiche


def test_20_a_fiche_of_another_territoire_is_not_matched(client, world):
    elsewhere = UsagerFactory(email="lea@exemple.fr")
    type_identity(client, world)
    Client().post(link_of())
    usager = Participation.objects.get().usager
    assert usager != elsewhere
    assert usager.territoire == world.organisation.territoire
    elsewhere.refresh_from_db()
    assert elsewhere.account is None


def test_20_the_address_of_a_proche_or_of_another_account_is_refused(world):
    from usagers.services.booking_draft_save import Identity

    territoire = world.organisation.territoire
    parent = UsagerFactory(territoire=territoire)
    UsagerFactory(territoire=territoire, responsable=parent, email="lea@exemple.fr")
    other = UsagerFactory(territoire=territoire, with_account=True)
    other.email = "changee@exemple.fr"
    other.save()
    for email in ("lea@exemple.fr", "changee@exemple.fr"):
        with pytest.raises(FicheNotReachable):
            login_by_address(
                identity=Identity("Léa", "Martin", email),
                organisation=world.organisation,
                now=NOW,
            )


def test_G08_an_agent_who_books_becomes_an_usager_without_agent_rights(world):
    agent = AgentFactory(organisations=[world.organisation], email="lea@exemple.fr")
    visitor = Client()
    visitor.force_login(agent.account)
    type_identity(visitor, world)
    page = visitor.post(link_of(), follow=True)
    assert "Votre rendez-vous est confirmé" in page.text
    assert visitor.get(reverse("agents:home")).status_code == 403


def test_A06_a_creneau_lost_before_the_mail_keeps_what_was_typed(client, world):
    take(world)
    page = type_identity(client, world)
    assert page.status_code == 409
    assert "Ce que vous avez écrit est conservé." in page.text
    assert not OutboxMessage.objects.exists()
    form = BeautifulSoup(page.text, "html.parser").select_one(".rdv-others form")
    page = client.post(
        form["action"], {"keep": "1", "choice": form.find("input", {"name": "choice"})["value"]}
    )
    assert page.status_code == 302
    draft = BookingDraft.objects.get()
    assert (draft.starts_at, draft.last_name, draft.email) == (
        HALF_PAST_NINE,
        "Martin",
        "lea@exemple.fr",
    )
    assert OutboxMessage.objects.get().recipient == "lea@exemple.fr"


def test_A06_a_creneau_lost_before_the_click_offers_others_in_one_click(client, world):
    other = LieuFactory(organisation=world.organisation, name="Antenne voisine")
    PlageOuvertureFactory(lieu=other, motifs=[world.motif], start_time=NINE.time().replace(hour=11))
    type_identity(client, world)
    link = link_of()
    take(world)
    reader = Client()
    for page in (reader.get(link), reader.post(link)):
        assert page.status_code == 409
        assert "Ce créneau n’est plus libre" in page.text
    assert Rdv.objects.count() == 1
    assert not Usager.objects.filter(email="lea@exemple.fr").exists()
    buttons = BeautifulSoup(page.text, "html.parser").select(".rdv-others form")
    assert len(buttons) == 3 + 2
    away = buttons[3]
    assert away["action"] == link
    done = reader.post(
        link, {"choice": away.find("input", {"name": "choice"})["value"]}, follow=True
    )
    assert "Votre rendez-vous est confirmé" in done.text
    rdv = Rdv.objects.latest("pk")
    assert rdv.lieu == other
    assert rdv.participations.get().usager.last_name == "Martin"


def test_A06_a_tampered_choice_books_the_remembered_creneau(client, world):
    type_identity(client, world)
    Client().post(link_of(), {"choice": "WzEsMSwxLDFd:forged"})
    assert Rdv.objects.get().starts_at == NINE


def test_18_the_minimum_delay_counts_from_the_choice(client, world):
    """Chosen 40 minutes before, confirmed 20 minutes later: the delay of 30 minutes was kept."""
    with time_machine.travel(NINE - timedelta(minutes=40), tick=False) as clock:
        page = client.get(world.identity_url())
        clock.shift(timedelta(minutes=5))
        signed = hidden(page)
        client.post(world.identity_url(), {**IDENTITY, "choice": signed})
        clock.shift(timedelta(minutes=15))
        Client().post(link_of())
    assert Rdv.objects.get().starts_at == NINE


def test_18_a_forged_time_of_choice_counts_for_nothing(client, world):
    with time_machine.travel(NINE - timedelta(minutes=20), tick=False):
        page = client.post(world.identity_url(), {**IDENTITY, "choice": "forged"})
    assert page.status_code == 409


def test_A06_a_start_that_has_passed_is_never_booked(client, world):
    type_identity(client, world)
    link = link_of()
    BookingDraft.objects.update(link_expires_at=NINE + timedelta(days=1))
    with time_machine.travel(NINE + timedelta(minutes=1), tick=False):
        assert Client().post(link).status_code == 409
    assert not Rdv.objects.exists()


@pytest.mark.parametrize(
    "change", [{"booking_level": "agents"}, {"archived_at": NOW}, {"visibility": "invisible"}]
)
def test_33_a_motif_closed_meanwhile_is_refused(client, world, change):
    type_identity(client, world)
    link = link_of()
    type(world.motif).objects.update(**change)
    page = Client().post(link)
    assert page.status_code == 422
    assert "ne se prend plus en ligne" in page.text
    assert not Rdv.objects.exists()
    assert not Usager.objects.exists()


def test_A06_the_duration_is_the_motif_s_whatever_is_asked(client, world):
    address = world.identity_url() + "&duration=600&persons=9"
    client.post(address, {**IDENTITY, "duration": "600", "persons": "9"})
    Client().post(link_of(), {"duration": "600"})
    rdv = Rdv.objects.get()
    assert rdv.duration_minutes == world.motif.duration_minutes


@pytest.fixture
def lea(world):
    return UsagerFactory(
        territoire=world.organisation.territoire,
        with_account=True,
        email="lea@exemple.fr",
        first_name="Léa",
        last_name="Martin",
    )


def test_A02_signed_in_one_click_is_enough(client, world, lea):
    client.force_login(lea.account)
    page = client.get(world.identity_url())
    assert "Vous êtes Léa MARTIN" in page.text
    assert "Confirmer le rendez-vous de 9 h" in page.text
    page = client.post(world.identity_url(), {"choice": hidden(page)})
    rdv = Rdv.objects.get()
    assert page.url == reverse("usagers:booking_done", args=[rdv.uuid])
    assert "un rappel 48 heures avant" in client.get(page.url).text
    Reminder.objects.all().delete()  # as for a RDV taken the day before
    assert "rappel" not in client.get(page.url).text
    assert rdv.participations.get().usager == lea
    assert not OutboxMessage.objects.filter(kind="booking_verify").exists()


def test_A06_signed_in_a_lost_creneau_is_replaced_in_one_click(client, world, lea):
    client.force_login(lea.account)
    take(world)
    page = client.post(world.identity_url())
    assert page.status_code == 409
    form = BeautifulSoup(page.text, "html.parser").select_one(".rdv-others form")
    client.post(form["action"], {"choice": form.find("input", {"name": "choice"})["value"]})
    assert Rdv.objects.filter(participations__usager=lea).get().starts_at == HALF_PAST_NINE


def test_A12_one_upcoming_rdv_for_each_person_and_motif(client, world, lea):
    client.force_login(lea.account)
    client.post(world.identity_url())
    rdv = Rdv.objects.get()
    page = client.post(world.identity_url("2027-01-11T09:00Z"), follow=True)
    assert "Vous avez déjà ce rendez-vous" in page.text
    assert page.redirect_chain[-1][0] == reverse("usagers:rdv_detail", args=[rdv.uuid])
    assert Rdv.objects.count() == 1


def test_A12_the_link_leads_to_the_rdv_that_the_person_already_has(client, world, lea):
    client.force_login(lea.account)
    client.post(world.identity_url())
    visitor = Client()
    visitor.post(world.identity_url("2027-01-11T09:00Z"), IDENTITY)
    page = visitor.post(link_of(), follow=True)
    assert "Vous avez déjà ce rendez-vous" in page.text
    assert Rdv.objects.count() == 1


def test_A05_an_account_of_another_territoire_books_with_its_own_names(client, world):
    elsewhere = UsagerFactory(with_account=True, first_name="Omar", last_name="Diallo")
    client.force_login(elsewhere.account)
    assert "Vous êtes Omar DIALLO" in client.get(world.identity_url()).text
    client.post(world.identity_url())
    usager = Participation.objects.get().usager
    assert usager.full_name == "Omar DIALLO"
    assert usager.territoire == world.organisation.territoire
    assert usager.account == elsewhere.account
