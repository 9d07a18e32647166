"""E07: the pages of the workshops."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from motifs.models import Availability
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv
from planning.queries.rdv_collectif import seats_words
from planning.slots.seats import Seats
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from usagers.models import Usager

LIST = "planning:rdv_collectif_list"
CREATE = "planning:rdv_collectif_create"
EDIT = "planning:rdv_collectif_edit"
DETAIL = "planning:rdv_collectif_detail"
REGISTER = "planning:rdv_collectif_register"
TWO = datetime(2027, 1, 12, 13, tzinfo=UTC)  # Tuesday 12 January 2027, 14:00 in Paris


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def motif(cast):
    return MotifFactory(
        organisation=cast.organisation, service=cast.social, is_collective=True, name="Atelier"
    )


@pytest.fixture
def workshop(cast, motif):
    return RdvFactory(
        motif=motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        title="Atelier CV",
        starts_at=TWO,
        ends_at=TWO + timedelta(hours=2),
        seats_total=2,
        context="Prévoir le rétroprojecteur",
    )


@pytest.fixture
def signed_in(client, cast):
    client.force_login(cast.owner.account)
    return client


def url(name, row, **params):
    return reverse(name, args=[row.uuid], query=params or None)


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def typed(cast, kind, **changes):
    return {
        "motif": kind.uuid,
        "title": "Atelier CV",
        "day": "2027-01-12",
        "start": "14:00",
        "duration": "120",
        "seats_total": "8",
        "agents": [cast.owner.uuid],
        "lieu": cast.lieu.uuid,
        "context": "Note",
    } | changes


# ----- list


@pytest.mark.parametrize(
    ("total", "taken", "words"),
    [
        (None, 1, "1 inscrit, sans limite de places"),
        (8, 7, "1 place restante sur 8"),
        (8, 3, "5 places restantes sur 8"),
        (8, 8, "Complet"),
        (8, 9, "9 inscrits pour 8 places"),
    ],
)
def test_E07_seats_in_words(total, taken, words):
    assert seats_words(Seats(total, taken)) == words


def test_E07_the_list_shows_title_hours_lieu_and_seats(signed_in, cast, workshop):
    text = text_of(signed_in.get(url(LIST, cast.organisation)))
    for words in ("Atelier CV", "Mardi 12 janvier 2027 à 14 h", "2 h", cast.lieu.name,
                  cast.owner.full_name, "2 places restantes sur 2"):  # fmt: skip
        assert words in text
    assert cast.usager.full_name not in text


def test_E07_the_list_filters_on_day_motif_and_seats(signed_in, cast, motif, workshop):
    other = MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    full = RdvFactory(
        motif=other,
        lieu=cast.lieu,
        seats_total=1,
        title="Plein",
        agents=[cast.owner],
        usagers=[cast.usager],
        starts_at=TWO + timedelta(days=1),
    )
    RdvFactory(motif=motif, title="Passé", agents=[cast.owner], starts_at=NOW - timedelta(days=2))

    def titles(**params):
        shown = signed_in.get(url(LIST, cast.organisation, **params)).context["workshops"]
        return [row.rdv.title for row in shown]

    assert titles() == ["Atelier CV", "Plein"]
    assert titles(debut="") == ["Passé", "Atelier CV", "Plein"]
    assert titles(debut="2027-01-13") == ["Plein"]
    assert titles(motif=other.uuid) == ["Plein"]
    assert titles(places="on") == ["Atelier CV"]
    full.seats_total = None
    full.save()
    assert titles(places="on") == ["Atelier CV", "Plein"]


def test_E07_the_list_costs_the_same_for_one_row_and_for_25(signed_in, cast, motif, workshop):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            signed_in.get(url(LIST, cast.organisation))
        return len(captured)

    statements()
    one = statements()
    for number in range(24):
        RdvFactory(
            motif=motif,
            lieu=LieuFactory(organisation=cast.organisation),
            agents=[cast.owner, cast.same_service],
            usagers=[cast.usager],
            starts_at=TWO + timedelta(days=number + 1),
        )
    assert statements() == one
    assert one <= 20


def test_E07_without_a_collective_motif_the_pages_say_so(signed_in, cast):
    assert "Aucun motif collectif" in text_of(signed_in.get(url(LIST, cast.organisation)))
    assert "Aucun motif collectif" in text_of(signed_in.get(url(CREATE, cast.organisation)))


# ----- create, duplicate, edit


def test_E07_create_a_workshop(signed_in, cast, motif):
    response = signed_in.post(url(CREATE, cast.organisation), typed(cast, motif))
    rdv = Rdv.objects.get(title="Atelier CV")
    assert response.url == url(DETAIL, rdv)
    assert (rdv.starts_at, rdv.ends_at, rdv.seats_total) == (TWO, TWO + timedelta(hours=2), 8)
    assert (rdv.lieu, rdv.context) == (cast.lieu, "Note")
    assert list(rdv.agents.all()) == [cast.owner]


def test_E07_the_only_motif_and_the_first_lieu_are_proposed(signed_in, cast, motif):
    LieuFactory(organisation=cast.organisation, name=f"{cast.lieu.name} bis")
    form = signed_in.get(url(CREATE, cast.organisation)).context["form"]
    assert (form["motif"].value(), form["lieu"].value()) == (motif.uuid, cast.lieu.uuid)
    MotifFactory(organisation=cast.organisation, service=cast.social, is_collective=True)
    form = signed_in.get(url(CREATE, cast.organisation)).context["form"]
    assert not form["motif"].value()


def test_E07_without_limit_in_a_place_for_this_time(signed_in, cast, motif):
    own = {"lieu": "", "lieu_name": "Salle des fêtes", "lieu_address": "Place, 62000 Arras"}
    signed_in.post(
        url(CREATE, cast.organisation),
        typed(cast, motif, seats_total="", **own),
    )
    rdv = Rdv.objects.get(title="Atelier CV")
    assert rdv.seats_total is None
    assert (rdv.lieu.name, rdv.lieu.availability) == ("Salle des fêtes", Availability.SINGLE_USE)


@pytest.mark.parametrize(
    "wrong",
    [
        {"motif": ""},
        {"agents": []},
        {"duration": "0"},
        {"seats_total": "0"},
        {"lieu": ""},
        {"day": "demain"},
    ],
)
def test_E07_a_wrong_form_comes_back_filled(signed_in, cast, motif, wrong):
    response = signed_in.post(url(CREATE, cast.organisation), typed(cast, motif, **wrong))
    text = text_of(response, 422)
    assert "à corriger" in text
    assert 'value="Atelier CV"' in text
    assert not Rdv.objects.filter(title="Atelier CV").exists()


def test_E07_what_deserves_a_warning_is_confirmed_on_purpose(signed_in, cast, motif, workshop):
    """The owner has another workshop then: shown once, confirmed, marked as accepted."""
    create = url(CREATE, cast.organisation)
    changes = {"title": "Second", "start": "15:00"}
    first = signed_in.post(create, typed(cast, motif, **changes))
    assert "À vérifier avant de continuer" in text_of(first)
    assert not Rdv.objects.filter(title="Second").exists()
    confirmed = first.context["form"]["confirmed"].value()
    moved = typed(cast, motif, **changes | {"start": "15:15", "day": "2027-01-01"})
    assert "À vérifier" in text_of(signed_in.post(create, moved | {"confirmed": confirmed}))
    signed_in.post(create, typed(cast, motif, **changes) | {"confirmed": confirmed})
    rdv = Rdv.objects.get(title="Second")
    assert rdv.agent_rdvs.get().overlap_accepted


def test_E07_duplicate_keeps_everything_but_the_people(signed_in, cast, motif, workshop):
    Participation.objects.create(
        rdv=workshop, usager=cast.usager, created_by_agent=cast.owner, created_at=NOW
    )
    response = signed_in.get(url(CREATE, cast.organisation, copie=workshop.uuid))
    form = response.context["form"]
    assert form["title"].value() == "Atelier CV"
    assert form["seats_total"].value() == 2
    assert form["duration"].value() == 120
    assert form["day"].value() == date(2027, 1, 12)
    assert form["agents"].value() == [cast.owner.uuid]
    assert "Prévoir le rétroprojecteur" in text_of(response)
    assert cast.usager.full_name not in text_of(response)
    assert signed_in.get(url(CREATE, cast.organisation, copie="x")).status_code == 404
    assert signed_in.get(url(CREATE, cast.organisation, copie=cast.rdv.uuid)).status_code == 404


def test_E07_edit_moves_the_workshop_and_tells_its_people(signed_in, cast, motif, workshop):
    Participation.objects.create(
        rdv=workshop, usager=cast.usager, created_by_agent=cast.owner, created_at=NOW
    )
    assert 'value="Atelier CV"' in text_of(signed_in.get(url(EDIT, workshop)))
    changes = {"start": "16:00", "seats_total": "", "title": "Atelier lettres", "notifies": "on"}
    response = signed_in.post(url(EDIT, workshop), typed(cast, motif, **changes))
    assert response.url == url(DETAIL, workshop)
    workshop.refresh_from_db()
    assert workshop.starts_at == TWO + timedelta(hours=2)
    assert (workshop.seats_total, workshop.title) == (None, "Atelier lettres")
    assert OutboxMessage.objects.filter(kind="rdv_changed").count() == 2


def test_E07_edit_of_the_title_alone_tells_nobody(signed_in, cast, motif, workshop):
    changes = {"title": "Autre", "seats_total": "2", "context": "", "notifies": "on"}
    signed_in.post(url(EDIT, workshop), typed(cast, motif, **changes))
    workshop.refresh_from_db()
    assert (workshop.title, workshop.starts_at, workshop.context) == ("Autre", TWO, "")
    assert not OutboxMessage.objects.exists()


# ----- people


def test_E07_search_and_register_somebody(signed_in, cast, workshop):
    usager = UsagerFactory(
        territoire=cast.territoire, last_name="Zimmer", organisations=[cast.organisation]
    )
    found = text_of(signed_in.post(url(DETAIL, workshop), {"nom": "zim"}))
    assert f'value="{usager.uuid}"' in found
    response = signed_in.post(url(REGISTER, workshop), {"usager": usager.uuid}, follow=True)
    text = text_of(response)
    assert f"{usager.full_name} est inscrit(e)." in text
    assert "1 place restante sur 2" in text
    again = signed_in.post(url(REGISTER, workshop), {"usager": usager.uuid}, follow=True)
    assert "était déjà inscrit(e)" in text_of(again)
    assert "Personne d’autre" in text_of(signed_in.post(url(DETAIL, workshop), {"nom": "zim"}))


def test_E07_somebody_new_gets_a_fiche_and_a_seat_at_once(client, cast, workshop):
    page = reverse("planning:rdv_collectif_usager_new", args=[workshop.uuid])
    client.force_login(cast.admin.account)
    assert page in text_of(client.post(url(DETAIL, workshop), {"nom": "durand zoé"}))
    blank = client.post(page, {"nom": "durand zoé", "prefill": "1"}).context["form"]
    assert (blank["last_name"].value(), blank["first_name"].value()) == ("durand", "zoé")
    # Somebody who may be the same is shown first: to be chosen, or created on purpose.
    known = cast.usager
    names = {"last_name": known.last_name, "first_name": known.first_name}
    shown = client.post(page, names)
    assert str(known.uuid) in text_of(shown, 422)
    assert url(REGISTER, workshop) in shown.content.decode()
    assert not workshop.participations.exists()
    fields = {**names, "email": "nouvelle@exemple.fr", "seen": shown.context["seen"]}
    done = client.post(page, fields, follow=True)
    assert done.redirect_chain == [(url(DETAIL, workshop), 302)]
    (row,) = workshop.participations.all()
    assert row.usager != known
    assert row.usager.rattachements.get().organisation == cast.organisation
    mails = {mail.kind: mail for mail in OutboxMessage.objects.all()}
    assert set(mails) == {"rdv_created", "participation_added_agent"}
    told = mails["participation_added_agent"]
    assert (told.recipient, told.ics) == (cast.owner.email, "")
    assert row.usager.full_name in told.body
    assert row.usager.full_name not in told.subject
    # Full: the fiche stays, the page asks. Cancelled: nothing is created.
    Rdv.objects.filter(pk=workshop.pk).update(seats_total=1)
    other = {"last_name": "Tardif", "first_name": "Ali"}
    assert "Inscrire Ali TARDIF en surnombre" in text_of(client.post(page, other), 422)
    Rdv.objects.filter(pk=workshop.pk).update(status="revoked", cancelled_at=NOW)
    assert client.post(page, {"last_name": "Vide", "first_name": "Lou"}).status_code == 302
    assert not Usager.objects.filter(last_name="Vide").exists()


def test_E07_overbooking_is_an_act_on_purpose(signed_in, cast, workshop):
    workshop.seats_total = 1
    workshop.save()
    signed_in.post(url(REGISTER, workshop), {"usager": cast.usager.uuid})
    second = {"usager": cast.other_usager.uuid}
    text = text_of(signed_in.post(url(REGISTER, workshop), second), 422)
    assert "Il ne reste plus de place." in text
    assert "en surnombre" in text
    assert workshop.participations.count() == 1
    response = signed_in.post(url(REGISTER, workshop), second | {"surnombre": "1"}, follow=True)
    assert "2 inscrits pour 1 place" in text_of(response)


def test_E07_a_cancelled_workshop_registers_nobody(signed_in, cast, workshop):
    workshop.status, workshop.cancelled_at = "revoked", NOW
    workshop.save()
    response = signed_in.post(url(REGISTER, workshop), {"usager": cast.usager.uuid})
    assert "est annulé" in text_of(response, 422)
    assert "Inscrire quelqu’un" not in text_of(signed_in.get(url(DETAIL, workshop)))


def test_E07_nobody_unknown_is_registered(signed_in, workshop):
    for uuid in ("", "x", UsagerFactory().uuid):
        assert signed_in.post(url(REGISTER, workshop), {"usager": uuid}).status_code == 404


def test_E07_each_person_has_a_status_and_may_leave(signed_in, cast, workshop):
    signed_in.post(url(REGISTER, workshop), {"usager": cast.usager.uuid})
    text = text_of(signed_in.get(url(DETAIL, workshop)))
    assert "Désinscrire" in text
    assert "Présent" not in text  # not before the day
    with time_machine.travel(TWO + timedelta(hours=1), tick=False):
        signed_in.force_login(cast.owner.account)
        assert "Présent" in text_of(signed_in.get(url(DETAIL, workshop)))
        part = workshop.participations.get()
        status_url = reverse("planning:participation_status", args=[part.uuid])
        back = url(DETAIL, workshop)
        response = signed_in.post(status_url, {"status": "seen", "next": back})
        assert response.url == back
    part.refresh_from_db()
    workshop.refresh_from_db()
    assert (part.status, workshop.status) == ("seen", "seen")


def test_E09_an_individual_rdv_has_no_workshop_page(signed_in, cast):
    assert signed_in.get(url(DETAIL, cast.rdv)).status_code == 404
