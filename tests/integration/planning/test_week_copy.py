"""E14: several agents at once, and the copy of a colleague's week."""

from __future__ import annotations

from datetime import date, time

import pytest
import time_machine
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains

from motifs.models import Availability
from notifications.models import OutboxMessage
from planning.models import Indisponibilite, PlageException, PlageOuverture
from planning.queries.week_copy import WeekChoice, week_plan
from planning.services.plage_ouverture_edit import PlageRefused, create_plages
from planning.services.week_copy import WeekNotCopied, copy_week
from tests.factories import MotifFactory, PlageOuvertureFactory, service
from tests.factories.planning import MONDAY, NOW
from tests.integration.planning.series_world import WEEK, make_weekly, plage_fields

START = date(2027, 3, 3)  # a Wednesday


@pytest.fixture(autouse=True)
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def week(cast):
    """Monday and Thursday mornings every week, Tuesday afternoon once."""
    make_weekly(cast.plage, weekdays=[0, 3])
    PlageOuvertureFactory(
        lieu=cast.lieu,
        agent=cast.owner,
        motifs=[cast.motif],
        title="Exceptionnelle",
        first_day=date(2027, 1, 19),
        start_time=time(14),
        end_time=time(16),
    )
    return date(2027, 1, 20)


def choice(cast, week, **changes):
    values = {
        "organisation": cast.organisation,
        "source": cast.owner,
        "targets": [cast.same_service],
        "week": week,
        "start": START,
        "weekly": True,
    }
    return WeekChoice(**{**values, **changes})


def plan(cast, wanted, who="owner"):
    return week_plan(cast.actor(who), wanted, today=NOW.date())


def copy(cast, wanted, who="owner"):
    digest = plan(cast, wanted, who).digest
    return copy_week(choice=wanted, plan_digest=digest, actor=cast.actor(who), now=NOW)


def test_E14_every_week_from_a_day(cast, week):
    created = copy(cast, choice(cast, week, until=date(2027, 6, 30)))
    assert [
        (p.agent, p.weekdays, p.first_day, p.start_time, p.recurrence_ends_on) for p in created
    ] == [
        (cast.same_service, [0, 3], date(2027, 3, 4), time(9), date(2027, 6, 30)),
        (cast.same_service, [1], date(2027, 3, 9), time(14), date(2027, 6, 30)),
    ]
    assert all(list(p.motifs.all()) == [cast.motif] for p in created)


def test_E14_once_the_days_before_the_start_are_left(cast, week):
    created = copy(cast, choice(cast, week, weekly=False))
    assert [(p.first_day, p.frequency) for p in created] == [(date(2027, 3, 4), "none")]


def test_E14_the_week_is_copied_as_it_stands(cast, week):
    monday = MONDAY + WEEK
    PlageException.objects.create(plage=cast.plage, day=monday)
    PlageException.objects.create(
        plage=cast.plage,
        day=date(2027, 1, 21),
        new_day=date(2027, 1, 22),
        new_start_time=time(8),
        new_end_time=time(10),
    )
    planned = plan(cast, choice(cast, week)).planned
    assert [(p.plage.weekdays, p.plage.start_time) for p in planned] == [
        ([4], time(8)),
        ([1], time(14)),
    ]


def test_E14_motifs_that_the_target_may_not_open_are_named_and_left(cast, week):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Pesée")
    cast.plage.motifs.add(pmi)
    PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, motifs=[pmi], first_day=date(2027, 1, 20)
    )
    found = plan(cast, choice(cast, week))
    assert [item.missing for item in found.planned] == [["Pesée"], []]
    assert len(found.dropped) == 1
    assert "aucun motif" in found.dropped[0]
    assert all(pmi not in plage.motifs.all() for plage in copy(cast, choice(cast, week)))


def test_E14_a_closed_lieu_is_not_opened_again(cast, week):
    cast.lieu.availability = Availability.CLOSED
    cast.lieu.save()
    found = plan(cast, choice(cast, week))
    assert (found.planned, len(found.dropped)) == ([], 2)
    with pytest.raises(WeekNotCopied):
        copy(cast, choice(cast, week))


def test_E14_what_is_created_is_what_was_shown(cast, week):
    wanted = choice(cast, week)
    digest = plan(cast, wanted).digest
    cast.plage.start_time = time(8)
    cast.plage.save()
    with pytest.raises(WeekNotCopied, match="a changé depuis l’aperçu"):
        copy_week(choice=wanted, plan_digest=digest, actor=cast.actor("owner"), now=NOW)
    assert not PlageOuverture.objects.filter(agent=cast.same_service).exists()


def test_E14_one_agent_out_of_reach_and_nothing_is_created(cast):
    wanted = [(agent, plage_fields(cast)) for agent in (cast.same_service, cast.other_service)]
    with pytest.raises(PlageRefused):
        create_plages(
            organisation=cast.organisation, wanted=wanted, actor=cast.actor("owner"), now=NOW
        )
    assert not PlageOuverture.objects.filter(agent=cast.same_service).exists()
    assert not OutboxMessage.objects.exists()


def test_E14_preview_then_creation_by_the_page_with_one_mail(client, cast, week):
    client.force_login(cast.owner.account)
    url = reverse("planning:week_copy", args=[cast.organisation.uuid])
    asked = {
        "source": str(cast.owner.uuid),
        "week": str(week),
        "targets": [str(cast.same_service.uuid)],
        "start": "2027-03-03",
        "repeats": "weekly",
        "until": "",
    }
    page = client.get(url, asked)
    assertContains(page, "Toutes les semaines, le lundi et le jeudi, de 9 h à 12 h")
    assertContains(page, "Créer ces 2 plages")
    assert not PlageOuverture.objects.filter(agent=cast.same_service).exists()
    assert client.post(url, {**asked, "plan": "autre"}).status_code == 422
    digest = page.context["plan"].digest
    assert client.post(url, {**asked, "plan": digest}).status_code == 302
    assert PlageOuverture.objects.filter(agent=cast.same_service).count() == 2
    (message,) = OutboxMessage.objects.all()
    assert message.recipient == cast.same_service.email
    assert message.ics.count("BEGIN:VEVENT") == 2


def test_E14_the_copy_offers_only_the_agents_that_one_may_plan(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("planning:week_copy", args=[cast.organisation.uuid])
    page = client.get(url)
    assertContains(page, cast.same_service.full_name)
    assertNotContains(page, cast.other_service.full_name)
    wrong = {"source": str(cast.other_service.uuid), "week": "x", "repeats": "weekly"}
    refused = client.get(url, {**wrong, "start": "2027-03-03", "until": "2027-03-01"})
    assert refused.status_code == 422
    assert {"source", "week", "targets", "until"} == set(refused.context["form"].errors)


PLAGE = {"first_day": "2027-02-01", "start_time": "09:00", "end_time": "12:00"}


def create_url(cast, name):
    return reverse(f"planning:{name}_create", args=[cast.organisation.uuid, cast.owner.uuid])


def test_E14_a_plage_for_several_colleagues(client, cast):
    client.force_login(cast.admin.account)
    typed = {**PLAGE, "frequency": "none", "motifs": [cast.motif.pk], "lieu": cast.lieu.pk}
    both = {**typed, "colleagues": [cast.same_service.pk, cast.admin.pk]}
    assert client.post(create_url(cast, "plage_ouverture"), both).status_code == 302
    created = PlageOuverture.objects.filter(first_day=date(2027, 2, 1))
    assert {p.agent for p in created} == {cast.owner, cast.same_service, cast.admin}
    told = {message.recipient for message in OutboxMessage.objects.all()}
    assert told == {cast.owner.email, cast.same_service.email}


def test_E14_all_of_them_or_none(client, cast):
    """A motif that one colleague may not open refuses the whole, and names them."""
    client.force_login(cast.secretary.account)
    cast.motif.for_secretariat = True
    cast.motif.save()
    typed = {**PLAGE, "frequency": "none", "motifs": [cast.motif.pk], "lieu": cast.lieu.pk}
    both = {**typed, "colleagues": [cast.other_service.pk]}
    before = PlageOuverture.objects.count()
    page = client.post(create_url(cast, "plage_ouverture"), both)
    assertContains(page, f"{cast.other_service.full_name} : ", status_code=422)
    assert PlageOuverture.objects.count() == before
    assert not OutboxMessage.objects.exists()
    client.force_login(cast.owner.account)
    foreign = client.post(
        create_url(cast, "plage_ouverture"), {**typed, "colleagues": [cast.other_service.pk]}
    )
    assert "colleagues" in foreign.context["form"].errors


def test_E14_an_indisponibilite_for_several_colleagues(client, cast):
    client.force_login(cast.owner.account)
    typed = {
        **PLAGE,
        "title": "Réunion",
        "end_day": "2027-02-01",
        "frequency": "none",
        "colleagues": [cast.same_service.pk],
    }
    assert client.post(create_url(cast, "indisponibilite"), typed).status_code == 302
    created = Indisponibilite.objects.filter(title="Réunion")
    assert {row.agent for row in created} == {cast.owner, cast.same_service}
    foreign = {**typed, "title": "Autre", "colleagues": [cast.other_service.pk]}
    assert client.post(create_url(cast, "indisponibilite"), foreign).status_code == 422
    assert not Indisponibilite.objects.filter(title="Autre").exists()
