"""C03, decision 11: the link of a message, behind three letters."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from planning.models import Rdv
from planning.rules.status import EXCUSED
from tests.factories import MotifFactory, OutboxMessageFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.journey import NINE, NOW
from usagers.models import AccessToken
from usagers.services.access_token_issue import issue_access_token

pytestmark = pytest.mark.django_db
LETTERS, RECAP = reverse("usagers:token_letters"), reverse("usagers:token_rdv")
CANCEL, ICS = reverse("usagers:token_cancel"), reverse("usagers:token_ics")


def book(world, **person):
    """Book a RDV for Rose Petit; return the path of a link to it."""
    usager = UsagerFactory(
        territoire=world.organisation.territoire,
        organisations=[world.organisation],
        **{"first_name": "Rose", "last_name": "Petit", **person},
    )
    rdv = RdvFactory(
        motif=world.motif,
        lieu=world.lieu,
        agents=[world.plage.agent],
        usagers=[usager],
        starts_at=NINE,
    )
    secret = issue_access_token(
        participation=rdv.participations.get(), recipient=usager.to_notify, now=NOW
    )
    return f"/r/{secret}/"


def enter(link, letters="pet"):
    """Return a visitor who followed the link and typed the letters, and the answer."""
    visitor = Client()
    visitor.get(link)
    return visitor, visitor.post(LETTERS, {"letters": letters})


def test_C03_48_letters_then_the_rdv_without_what_it_is_about(world):
    world.motif.instructions = "Apportez une pièce d’identité."
    world.motif.save()
    link = book(world)
    visitor = Client()
    page = visitor.get(link)
    assert page.url == LETTERS
    assert "Arras" not in visitor.get(LETTERS).text
    page = visitor.post(LETTERS, {"letters": "ABC"})
    assert page.status_code == 422
    assert "Ce ne sont pas les lettres attendues." in page.text
    page = visitor.post(LETTERS, {"letters": "P E T"}, follow=True)
    assert "Lundi 11 janvier 2027 à 9 h" in page.text
    assert world.lieu.address in page.text
    assert "Apportez une pièce d’identité." in page.text
    assert "03 21 00 00 00" in page.text
    assert world.motif.name not in page.text
    assert "PETIT" not in page.text
    assert page["Cache-Control"].startswith("max-age=0")


@pytest.mark.parametrize(
    ("name", "typed", "opens"),
    [
        ("De la Tour", "DEL", True),
        ("Bo", "bo", True),
        ("Bo", "b", False),
        ("Élodin", "ELO", True),
        ("D’Alembert", "dal", True),
        ("Petit", "pe", False),
        ("Petit", "petit", True),
        ("Petit", "petard", False),
        ("Petit", "123", False),
        ("Œuvrard", "OEU", True),
    ],
)
def test_49_letters_are_folded(world, name, typed, opens):
    _visitor, page = enter(book(world, last_name=name), typed)
    assert page.status_code == (302 if opens else 422)


def test_11_the_birth_name_opens_too(world):
    _visitor, page = enter(book(world, birth_name="Valmont"), "val")
    assert page.status_code == 302


def test_11_the_letters_of_a_proche_are_the_responsable_s(world):
    parent = UsagerFactory(territoire=world.organisation.territoire, last_name="Costa")
    link = book(world, responsable=parent)
    assert enter(link, "pet")[1].status_code == 422
    assert enter(link, "cos")[1].status_code == 302


@pytest.mark.parametrize("path", [RECAP, CANCEL, ICS])
def test_11_nothing_without_the_letters(world, path):
    visitor = Client()
    visitor.get(book(world))
    for page in (visitor.get(path), visitor.post(path)):
        assert page.status_code in {302, 405}
        assert "janvier" not in page.text
    assert Rdv.objects.get().status == "unknown"
    assert Client().get(path).status_code == 404


def test_11_five_wrong_tries_lock_the_link_for_15_minutes(world, clock):
    link = book(world)
    answers = [enter(link, "abc")[1].status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 429]
    assert enter(link, "pet")[1].status_code == 429
    clock.shift(timedelta(minutes=14))
    assert enter(link, "pet")[1].status_code == 429
    clock.shift(timedelta(minutes=1))
    assert enter(link, "pet")[1].status_code == 302
    assert AccessToken.objects.get().wrong_tries == 0


def test_11_the_letters_are_good_for_30_minutes(world, clock):
    visitor, _page = enter(book(world))
    clock.shift(timedelta(minutes=29))
    assert visitor.get(RECAP).status_code == 200
    clock.shift(timedelta(minutes=1))
    assert visitor.get(RECAP).url == LETTERS
    assert visitor.post(CANCEL).url == LETTERS
    assert Rdv.objects.get().status == "unknown"


def test_11_letters_of_one_link_do_not_open_another(world):
    first = book(world)
    visitor, _page = enter(first)
    Rdv.objects.update(status="revoked", cancelled_at=NOW)
    visitor.get(book(world, last_name="Autre"))
    assert visitor.get(RECAP).url == LETTERS


def test_11_a_link_lives_30_days_after_the_rdv_read_only(world, clock):
    link = book(world)
    clock.move_to(NINE + timedelta(days=29))
    visitor, _page = enter(link)
    page = visitor.get(RECAP)
    assert "Passé" in page.text
    assert "Annuler" not in page.text
    assert visitor.post(CANCEL).status_code == 422
    clock.move_to(NINE + timedelta(days=31))
    page = Client().get(link)
    assert page.status_code == 404
    assert "Ce lien n’est plus valable" in page.text


def test_C03_an_unknown_secret_says_so(client, db):
    page = client.get(reverse("usagers:token_entry", args=["AAAAbbbb1234"]))
    assert page.status_code == 404
    assert "Ce lien n’est plus valable" in page.text


def test_C03_cancelling_is_one_button(world):
    visitor, _page = enter(book(world))
    assert "Annuler le rendez-vous de 9 h" in visitor.get(RECAP).text
    assert visitor.get(CANCEL).status_code == 200
    assert Rdv.objects.get().status == "unknown"
    page = visitor.post(CANCEL, follow=True)
    assert "Votre rendez-vous est annulé." in page.text
    assert Rdv.objects.get().status == EXCUSED
    assert visitor.post(CANCEL).status_code == 422


@pytest.mark.parametrize(("notice", "status"), [(timedelta(hours=4), 302), (None, 422)])
def test_02_up_to_exactly_four_hours_before(world, clock, notice, status):
    link = book(world)
    clock.move_to(NINE - (notice or timedelta(hours=4) - timedelta(seconds=1)))
    visitor, _page = enter(link)
    recap = visitor.get(RECAP).text
    assert ("Appelez le service" in recap) is (status == 422)
    assert visitor.post(CANCEL).status_code == status
    assert "03 21 00 00 00" in recap


def test_C03_a_motif_that_cannot_be_cancelled_online(world):
    world.motif.is_cancellable_by_usager = False
    world.motif.save()
    visitor, _page = enter(book(world))
    assert visitor.post(CANCEL).status_code == 422
    assert Rdv.objects.get().status == "unknown"


def test_31_the_calendar_of_the_link_does_not_say_why(world):
    visitor, _page = enter(book(world))
    page = visitor.get(ICS)
    assert page["Content-Type"] == "text/calendar; charset=utf-8"
    assert "METHOD:PUBLISH" in page.text
    assert world.motif.name not in page.text


def test_53_a_link_opens_no_other_page(world):
    visitor, _page = enter(book(world))
    uuid = Rdv.objects.get().uuid
    for name, args in (("rdv_list", []), ("rdv_detail", [uuid]), ("rdv_cancel", [uuid])):
        assert visitor.get(reverse(f"usagers:{name}", args=args)).status_code == 302


def test_07_an_invisible_motif_has_no_page(world):
    link = book(world)
    type(world.motif).objects.update(visibility="invisible")
    visitor, _page = enter(link)
    assert visitor.get(RECAP).status_code == 404


def test_E10_the_others_of_a_message_about_several_are_shown(world):
    """One SMS, one link: the dates of the same person, never another's nor an invisible one."""
    link = book(world)
    first = Rdv.objects.get()
    rose, agent = first.participations.get().usager, world.plage.agent
    hidden = MotifFactory(organisation=world.organisation, visibility="invisible")
    whole = OutboxMessageFactory(kind="rdvs_changed")

    def told(motif, usager, days):
        start = NINE + timedelta(days=days)
        rdv = RdvFactory(motif=motif, lieu=world.lieu, agents=[agent], usagers=[usager],
                         starts_at=start)  # fmt: skip
        part_of(whole, rdv)

    part_of(whole, first)
    told(world.motif, rose, 1)
    told(hidden, rose, 2)
    told(world.motif, UsagerFactory(territoire=rose.territoire), 3)
    visitor, _page = enter(link)
    text = visitor.get(RECAP).text.split("du même message")[1]
    assert "Mardi 12 janvier 2027 à 9 h" in text
    assert text.count("rdv-choice__title") == 1
    assert world.motif.name not in text


def part_of(whole, rdv):
    OutboxMessageFactory(
        kind="rdv_changed",
        state="grouped",
        grouped_in=whole,
        rdv=rdv,
        participation=rdv.participations.get(),
    )
