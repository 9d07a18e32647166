"""E01, decisions 9, 10 and 29: moving a RDV, by its page or dropped in the calendar."""

from __future__ import annotations

import pytest
import time_machine
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import AgentRdv, RdvEvent
from tests.factories import RdvFactory
from tests.factories.planning import NOW
from tests.integration.planning.agenda_world import assert_no_secret, at, secret_rdv

TUESDAY = {"jour": "2027-01-12", "debut": "14:30", "fin": "15:15"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ask(client, cast):
    def get(who="owner", method="get", rdv=None, **params):
        cast.sign_in(client, who)
        url = reverse("planning:rdv_move", args=[(rdv or cast.rdv).uuid])
        return getattr(client, method)(url, params)

    return get


def text_of(response, status=200):
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def hours_of(rdv):
    rdv.refresh_from_db()
    return rdv.starts_at, rdv.ends_at


def hands(cast):
    return {"de": str(cast.owner.uuid), "vers": str(cast.same_service.uuid)}


def test_E01_the_page_offers_another_time(ask):
    text = text_of(ask())
    assert 'value="2027-01-11"' in text
    assert 'value="10:00"' in text
    assert "Choisir le nouvel horaire" in text
    assert 'method="post" action="/rdv/' not in text


def test_E01_old_and_new_stand_side_by_side_with_who_is_told(ask, cast):
    text = text_of(ask("admin", **TUESDAY))
    assert "Lundi 11 janvier 2027 à 10 h" in text
    assert "Mardi 12 janvier 2027 à 14 h 30" in text
    assert "jusqu’à 15 h 15" in text
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in text
    assert f"{cast.owner.full_name} (agent), par e-mail" in text
    assert "Déplacer le RDV à 14 h 30" in text
    assert hours_of(cast.rdv) == (at(11, 10), at(11, 10, 30))


def test_E01_confirming_moves_and_tells(ask, cast):
    assert ask("admin", "post", **TUESDAY).status_code == 302
    assert hours_of(cast.rdv) == (at(12, 14, 30), at(12, 15, 15))
    assert RdvEvent.objects.get(rdv=cast.rdv, action="moved").author_agent == cast.admin
    kinds = set(OutboxMessage.objects.filter(rdv=cast.rdv).values_list("kind", flat=True))
    assert kinds == {"rdv_changed", "rdv_changed_agent"}


def test_E01_a_changed_length_is_said_as_such(ask, client, cast):
    answer = ask("owner", "post", jour="2027-01-11", debut="10:00", fin="11:00")
    assert "Le RDV finit maintenant à 11 h." in text_of(client.get(answer["Location"]))


def test_E01_without_telling_nobody_is_told(ask, cast):
    assert ask("admin", "post", keeps_silent="on", **TUESDAY).status_code == 302
    assert hours_of(cast.rdv)[0] == at(12, 14, 30)
    assert not OutboxMessage.objects.filter(rdv=cast.rdv).exists()


def test_decision_10_a_busy_time_is_warned_and_needs_a_word(ask, cast):
    RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], usagers=[cast.other_usager],
        starts_at=at(12, 15),
    )  # fmt: skip
    assert cast.other_usager.full_name in text_of(ask(**TUESDAY))
    text = text_of(ask(method="post", **TUESDAY), 422)
    assert "Cet horaire est pris" in text
    assert "Mardi 12 janvier 2027 à 14 h 30" in text
    assert hours_of(cast.rdv)[0] == at(11, 10)
    assert ask(method="post", accepts_overlap="on", **TUESDAY).status_code == 302
    assert hours_of(cast.rdv)[0] == at(12, 14, 30)
    assert AgentRdv.objects.get(rdv=cast.rdv).overlap_accepted


def test_decision_8_what_is_in_the_way_may_not_be_told(ask, cast):
    rdv = secret_rdv(cast, starts_at=at(12, 15))
    text = text_of(ask("same_service", **TUESDAY))
    assert "a déjà un RDV mardi 12 janvier 2027, de 15 h à 15 h 30." in text
    assert_no_secret(text, rdv)


def test_E01_dropped_on_a_colleague_it_changes_hands(ask, cast):
    text = text_of(ask(**TUESDAY, **hands(cast)))
    assert cast.same_service.full_name in text
    assert ask(method="post", **TUESDAY, **hands(cast)).status_code == 302
    assert [agent.pk for agent in cast.rdv.agents.all()] == [cast.same_service.pk]


def test_E01_changing_hands_at_the_same_time_does_not_tell_the_usager(ask, cast):
    text = text_of(ask("admin", **hands(cast)))
    assert f"{cast.usager.full_name}, par" not in text
    assert f"{cast.same_service.full_name} (agent), par e-mail" in text


@pytest.mark.parametrize("target", ["other_service", "elsewhere", "owner_beside", "nonsense"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_decision_9_only_into_an_agenda_that_may_be_seen(ask, cast, method, target):
    person = getattr(cast, target, None)
    hands_ = {"de": str(cast.owner.uuid), "vers": str(person.uuid if person else target)}
    if target == "owner_beside":  # already on the RDV
        AgentRdv.objects.create(rdv=cast.rdv, agent=cast.same_service)
        hands_["vers"] = str(cast.same_service.uuid)
    assert ask(method=method, **TUESDAY, **hands_).status_code == 404
    assert hours_of(cast.rdv)[0] == at(11, 10)


@pytest.mark.parametrize(
    "wrong",
    [{"debut": "15:30"}, {"jour": "2027-02-30"}, {"debut": "midi"}, {"jour": "0001-01-01"}],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_E01_a_wrong_time_comes_back_as_typed(ask, cast, method, wrong):
    typed = TUESDAY | wrong
    text = text_of(ask(method=method, **typed), 422)
    assert all(f'value="{value}"' in text for value in typed.values())
    assert hours_of(cast.rdv)[0] == at(11, 10)


def test_E01_a_cancelled_rdv_is_not_moved(ask, cast):
    rdv = RdvFactory(motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], status="revoked",
                     starts_at=at(13, 9))  # fmt: skip
    assert "Ce RDV est annulé" in text_of(ask(rdv=rdv, **TUESDAY))
    assert "Ce RDV est annulé" in text_of(ask(method="post", rdv=rdv, **TUESDAY), 422)
    assert hours_of(rdv)[0] == at(13, 9)


def test_decision_3_the_time_is_that_of_the_territoire(ask, cast):
    cast.territoire.timezone = "Indian/Reunion"
    cast.territoire.save()
    assert ask(method="post", **TUESDAY).status_code == 302
    assert hours_of(cast.rdv)[0] == at(12, 11, 30)
