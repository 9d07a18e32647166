"""E10: the pages of an absence or a closing, from the criteria to the result."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from notifications.models import OutboxMessage
from planning.models import Rdv, RdvBulk, RdvBulkLine
from planning.services.rdv_bulk_run import run_rdv_bulk
from tests.factories import (
    AgentFactory,
    IndisponibiliteFactory,
    LieuFactory,
    MotifFactory,
    RdvFactory,
    UsagerFactory,
    service,
)
from tests.factories.planning import MONDAY, NOW

pytestmark = pytest.mark.usefixtures("_a_week_before")


@pytest.fixture
def _a_week_before():
    with time_machine.travel(NOW, tick=False):
        yield


def url_of(cast, name="planning:rdv_bulk", **criteria):
    asked = {"agent": cast.owner.uuid, "jour": MONDAY.isoformat()} | criteria
    return f"{reverse(name, args=[cast.organisation.uuid])}?{urlencode(asked)}"


def text_of(response):
    return " ".join(response.content.decode().split())


def another_rdv(cast, minutes=60, **values):
    usager = UsagerFactory(territoire=cast.territoire)
    start = cast.rdv.starts_at + timedelta(minutes=minutes)
    values = {"motif": cast.motif, "lieu": cast.lieu, "agents": [cast.owner]} | values
    return RdvFactory(usagers=[usager], starts_at=start, **values)


def preview(client, cast, choice="cancel", rdvs=None, **posted):
    ticks = [str(rdv.uuid) for rdv in (rdvs or [cast.rdv])]
    data = {"rdv": ticks, "default_choice": choice} | posted
    return client.post(url_of(cast, "planning:rdv_bulk_preview"), data)


def confirm(client, cast, page, **posted):
    html = page.content.decode()
    lines = re.findall(r'name="line" value="([^"]+)"', html)
    uuid = re.search(r'name="uuid" value="([^"]+)"', html)[1]
    data = {"line": lines, "uuid": uuid, "confirm": "1", "note": ""} | posted
    return client.post(url_of(cast, "planning:rdv_bulk_preview"), data)


def run_all():
    for bulk in RdvBulk.objects.all():
        run_rdv_bulk(bulk_id=bulk.pk, now=NOW)


def test_E10_without_criteria_the_page_asks_for_them(client, cast):
    client.force_login(cast.owner.account)
    response = client.get(reverse("planning:rdv_bulk", args=[cast.organisation.uuid]))
    assert response.status_code == 200
    assert "concerned-title" not in text_of(response)
    empty = client.get(url_of(cast, agent="", lieu=""))
    assert empty.status_code == 422
    assert "Choisissez un agent, un lieu ou un motif." in text_of(empty)


def test_E10_a_past_day_or_an_end_before_the_start_is_refused(client, cast):
    client.force_login(cast.owner.account)
    assert client.get(url_of(cast, jour="2027-01-03")).status_code == 422
    assert client.get(url_of(cast, dernier_jour="2027-01-10")).status_code == 422
    assert client.get(url_of(cast, debut="11:00", fin="10:00")).status_code == 422


def test_E10_the_list_follows_agent_lieu_and_hours(client, cast):
    client.force_login(cast.owner.account)
    title = cast.usager.full_name
    assert title in text_of(client.get(url_of(cast)))
    assert title in text_of(client.get(url_of(cast, agent="", lieu=cast.lieu.uuid)))
    other = LieuFactory(organisation=cast.organisation)
    assert title not in text_of(client.get(url_of(cast, lieu=other.uuid)))
    # 9:00 UTC is 10:00 in Paris.
    assert title in text_of(client.get(url_of(cast, debut="10:00", fin="10:15")))
    assert title not in text_of(client.get(url_of(cast, debut="11:30")))
    assert title not in text_of(client.get(url_of(cast, jour="2027-01-12")))


def test_E10_what_one_may_not_change_is_only_counted(client, cast):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"))
    secret = another_rdv(cast, motif=pmi)
    elsewhere = MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social)
    another_rdv(cast, minutes=180, motif=elsewhere, lieu=None)
    client.force_login(cast.same_service.account)
    text = text_of(client.get(url_of(cast)))
    assert "1 RDV concerné" in text
    assert "2 RDV que vous ne pouvez pas modifier" in text
    assert secret.participations.get().usager.full_name not in text


def test_E10_only_free_agents_of_the_service_may_take_the_rdv(client, cast):
    def offered():
        html = client.get(url_of(cast)).content.decode()
        choices = re.search(rf'name="choice-{cast.rdv.uuid}".*?</select>', html, re.DOTALL)[0]
        return set(re.findall(r'value="agent:([^"]+)"', choices))

    client.force_login(cast.owner.account)
    assert offered() == {str(cast.same_service.uuid)}
    holiday = IndisponibiliteFactory(agent=cast.same_service)
    assert offered() == set()
    holiday.delete()
    another_rdv(cast, minutes=15, agents=[cast.same_service])
    assert offered() == set()


def test_E10_links_may_give_the_agent_or_the_lieu_only(client, cast):
    with time_machine.travel(cast.rdv.starts_at - timedelta(hours=2), tick=False):
        client.force_login(cast.owner.account)
        response = client.get(url_of(cast, jour=""))
    assert cast.usager.full_name in text_of(response)
    assert f'value="{MONDAY.isoformat()}"' in response.content.decode()


def test_E10_list_has_a_bounded_number_of_queries(client, cast):
    client.force_login(cast.owner.account)

    def count(expected):
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url_of(cast, dernier_jour="2027-01-13"))
        assert expected in text_of(response)
        return len(queries)

    count("1 RDV concerné")  # what is read once for all pages
    alone = count("1 RDV concerné")
    for number in range(1, 20):
        another_rdv(cast, minutes=60 * number, agents=[cast.owner])
    for _ in range(3):
        AgentFactory(organisations=[cast.organisation], services=[cast.social])
    assert count("20 RDV concernés") == alone


def test_E10_preview_names_who_is_told_and_changes_nothing(client, cast):
    client.force_login(cast.same_service.account)
    text = text_of(preview(client, cast))
    assert f"{cast.usager.full_name}, par e-mail et par SMS" in text
    assert f"{cast.owner.full_name} (agent), par e-mail" in text
    assert "Annuler 1 RDV" in text
    assert Rdv.objects.get().status == "unknown"
    assert not RdvBulk.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_E10_preview_shows_the_one_message_of_who_has_several_rdvs(client, cast):
    """The very text that leaves, but for the link and the author's note."""
    lieu = LieuFactory(organisation=cast.organisation, name="Antenne de Lens")
    others = [
        RdvFactory(
            motif=cast.motif,
            lieu=cast.lieu,
            agents=[cast.owner],
            usagers=[cast.usager],
            starts_at=cast.rdv.starts_at + timedelta(hours=hours),
        )
        for hours in (1, 2, 3)
    ]
    rdvs = [cast.rdv, another_rdv(cast, minutes=30), *others]
    client.force_login(cast.owner.account)
    choices = {
        f"choice-{others[0].uuid}": f"lieu:{lieu.uuid}",
        f"choice-{others[1].uuid}": f"agent:{cast.same_service.uuid}",
        f"choice-{others[2].uuid}": "day",
    }
    with CaptureQueriesContext(connection) as queries:
        page = preview(client, cast, rdvs=rdvs, new_day="2027-01-12", **choices)
    assert len(queries) < 40
    (text,) = page.context["texts"].shown
    assert text.name == cast.usager.full_name
    confirm(client, cast, page)
    run_all()
    for channel, shown in (("email", text.email), ("sms", text.sms)):
        sent = OutboxMessage.objects.get(kind="rdvs_changed", channel=channel)
        assert without_link(shown.body) == without_link(sent.body)
        assert sent.subject == shown.subject
        assert shown.sms_segments == sent.sms_segments
    assert "3 RDV modifiés ou annulés" in text_of(page)
    assert "Lire les messages pour" in text_of(page)


def without_link(text):
    return re.sub("/r/[A-Za-z0-9]+/", "/r/", text)


def test_E10_preview_needs_a_tick_and_a_day_to_postpone(client, cast):
    client.force_login(cast.owner.account)
    nothing = client.post(url_of(cast, "planning:rdv_bulk_preview"), {"default_choice": "cancel"})
    assert (nothing.status_code, "Cochez au moins un RDV." in text_of(nothing)) == (422, True)
    late = preview(client, cast, "day")
    assert (late.status_code, "Donnez le nouveau jour." in text_of(late)) == (422, True)


def test_E10_going_back_keeps_the_choices(client, cast):
    other = another_rdv(cast)
    client.force_login(cast.owner.account)
    choice = f"agent:{cast.same_service.uuid}"
    response = preview(client, cast, back="1", **{f"choice-{cast.rdv.uuid}": choice})
    html = response.content.decode()
    assert response.status_code == 200
    assert f'value="{cast.rdv.uuid}" checked' in html
    assert f'value="{other.uuid}" checked' not in html
    assert f'value="{choice}" selected' in html


def test_E10_conflicts_are_named_and_left_out(client, cast):
    second = another_rdv(cast, minutes=0, agents=[cast.secretary])
    another_rdv(cast, minutes=15, agents=[cast.same_service], lieu=None)
    client.force_login(cast.admin.account)
    page = preview(client, cast, f"agent:{cast.same_service.uuid}")
    assert f"{cast.same_service.full_name} a déjà un RDV à cette heure." in text_of(page)
    assert 'name="line"' not in page.content.decode()
    assert Rdv.objects.filter(pk=second.pk).exists()


def test_E10_two_rdvs_of_one_hour_are_not_given_to_one_agent(client, cast):
    second = another_rdv(cast, minutes=0, agents=[cast.admin])
    client.force_login(cast.admin.account)
    data = {
        "rdv": [str(cast.rdv.uuid), str(second.uuid)],
        "default_choice": f"agent:{cast.same_service.uuid}",
    }
    url = url_of(cast, "planning:rdv_bulk_preview", agent="", lieu=cast.lieu.uuid)
    html = client.post(url, data).content.decode()
    assert len(re.findall('name="line"', html)) == 1
    assert "a déjà un RDV à cette heure." in html


def test_E10_confirming_cancels_tells_once_and_reports(client, cast):
    other = another_rdv(cast)
    client.force_login(cast.owner.account)
    page = preview(client, cast, rdvs=[cast.rdv, other])
    response = confirm(client, cast, page, note="L’agent est <b>absent</b>.")
    bulk = RdvBulk.objects.get()
    result = reverse("planning:rdv_bulk_result", args=[cast.organisation.uuid, bulk.uuid])
    assert response.headers["Location"] == result
    waiting = text_of(client.get(response.headers["Location"]))
    assert "En cours : 0 RDV sur 2." in waiting
    run_all()
    assert "C’est terminé : 2 sur 2 RDV changés." in text_of(
        client.get(response.headers["Location"])
    )
    assert set(Rdv.objects.values_list("status", flat=True)) == {"revoked"}
    keys = list(OutboxMessage.objects.values_list("rdv", "recipient", "channel"))
    assert len(keys) == len(set(keys)) == 4
    mail = OutboxMessage.objects.get(rdv=cast.rdv, channel="email")
    assert "L’agent est <b>absent</b>." in mail.body
    assert "L’agent est &lt;b&gt;absent&lt;/b&gt;." in mail.html
    assert "absent" not in OutboxMessage.objects.get(rdv=cast.rdv, channel="sms").body


def test_E10_a_double_click_makes_one_action(client, cast):
    client.force_login(cast.owner.account)
    page = preview(client, cast)
    first, second = confirm(client, cast, page), confirm(client, cast, page)
    assert first.headers["Location"] == second.headers["Location"]
    assert RdvBulkLine.objects.count() == 1


def test_E10_keeping_silent_tells_nobody(client, cast):
    client.force_login(cast.same_service.account)
    confirm(client, cast, preview(client, cast), keeps_silent="on", note="Bonjour")
    run_all()
    assert Rdv.objects.get().status == "revoked"
    assert not OutboxMessage.objects.exists()
    assert RdvBulk.objects.get().note == ""


def test_E10_a_note_too_long_comes_back(client, cast):
    client.force_login(cast.owner.account)
    response = confirm(client, cast, preview(client, cast), note="a" * 501)
    assert response.status_code == 422
    assert "a" * 501 in text_of(response)
    assert 'name="line"' in response.content.decode()
    assert not RdvBulk.objects.exists()


def test_E10_a_tampered_rdv_of_another_organisation_is_not_touched(client, cast):
    motif = MotifFactory(organisation=cast.elsewhere_organisation, service=cast.social)
    foreign = another_rdv(cast, motif=motif, lieu=None, agents=[cast.elsewhere])
    client.force_login(cast.admin.account)
    page = preview(client, cast, rdvs=[foreign])
    assert page.status_code == 422
    seen = f"{foreign.uuid}|cancel|{foreign.version}|unknown"
    response = confirm(client, cast, preview(client, cast), line=[seen])
    assert response.status_code == 422
    assert not RdvBulk.objects.exists()
    mine = cast.rdv.uuid
    for tampered in (
        "x",
        f"{mine}|agent:x|0|unknown",
        f"{mine}|cancel|x|seen",
        f"{mine}|cancel|0|y",
    ):
        assert confirm(client, cast, preview(client, cast), line=[tampered]).status_code == 422


def test_E10_only_its_author_reads_the_result(client, cast):
    client.force_login(cast.owner.account)
    url = confirm(client, cast, preview(client, cast)).headers["Location"]
    client.force_login(cast.admin.account)
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404
