"""E08, E09: the list of RDVs, its filters and its paper version."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agents.models import AuditEntry, RoleOrganisation
from agents.permissions import Permission
from planning.forms.rdv_filter import RdvFilterForm
from planning.models import Rdv
from planning.policies import rdvs_for
from planning.queries.rdv_filter import RdvFilter, filtered_rdvs
from planning.queries.rdv_filter_choices import filter_choices
from planning.queries.rdv_list import to_fill_in_count
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory, service
from tests.integration.planning.agenda_world import assert_no_secret, secret_rdv

NOON = datetime(2027, 1, 11, 11, tzinfo=UTC)  # Monday 11 January 2027, 12:00 in Paris
TODAY = date(2027, 1, 11)

pytestmark = pytest.mark.usefixtures("_noon")


@pytest.fixture
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def get(client, cast):
    """Return the answer of the list to somebody of the cast, for a query string."""

    def ask(who="owner", query="", *, name="rdv_list", status=200):
        cast.sign_in(client, who)
        url = reverse(f"planning:{name}", args=[cast.organisation.uuid])
        response = client.get(f"{url}?{query}")
        assert response.status_code == status
        return response

    return ask


def rdv(cast, start=NOON, **columns):
    """A RDV of the owner; an overlap is accepted so that tests may pile them up."""
    columns = {"motif": cast.motif, "lieu": cast.lieu, "agents": [cast.owner]} | columns
    columns |= {"starts_at": start, "agents__overlap_accepted": True}
    return RdvFactory(usagers=[cast.other_usager], **columns)


def shown(response):
    return [row.rdv for day in response.context["days"] for row in day.rows]


def text_of(response):
    return " ".join(response.content.decode().split())


def test_E08_the_list_begins_today_in_order_of_time(get, cast):
    late, past = rdv(cast, NOON + timedelta(days=2)), rdv(cast, NOON - timedelta(days=1))
    assert shown(get()) == [cast.rdv, late]
    assert shown(get(query="debut=")) == [past, cast.rdv, late]
    text = text_of(get())
    assert "Lundi 11 janvier 2027" in text
    assert "10 h – 10 h 30" in text
    for words in (cast.usager.full_name, cast.motif.name, cast.lieu.name, cast.owner.full_name):
        assert words in text


def test_E08_the_days_are_those_of_the_territoire(get, cast):
    """23:30 UTC is the next day in Paris: neither lost nor counted twice."""
    night = rdv(cast, datetime(2027, 1, 11, 23, 30, tzinfo=UTC))
    assert night not in shown(get(query="debut=2027-01-11&fin=2027-01-11"))
    assert shown(get(query="debut=2027-01-12&fin=2027-01-12")) == [night]


def test_E08_each_filter_narrows(get, cast):
    motif = MotifFactory(organisation=cast.organisation, service=cast.social)
    lieu = LieuFactory(organisation=cast.organisation)
    other = rdv(cast, motif=motif, lieu=lieu, agents=[cast.same_service])
    assert shown(get(query=f"motifs={motif.uuid}")) == [other]
    assert shown(get(query=f"motifs={motif.uuid}&motifs={cast.motif.uuid}")) == [cast.rdv, other]
    assert shown(get(query=f"lieux={lieu.uuid}")) == [other]
    assert shown(get(query=f"agents={cast.same_service.uuid}")) == [other]
    assert shown(get(query=f"usager={cast.usager.uuid}")) == [cast.rdv]
    assert shown(get(query=f"agents={cast.owner.uuid}&lieux={lieu.uuid}")) == []


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ("upcoming", ["tomorrow"]),
        ("today", ["this morning", "tonight"]),
        ("to_fill_in", ["yesterday"]),
        ("seen", ["seen"]),
        ("upcoming&statut=revoked", ["revoked", "tomorrow"]),
    ],
)
def test_E08_the_derived_statuses_split_unknown_by_day(get, cast, states, expected):
    rows = {
        "yesterday": rdv(cast, NOON - timedelta(days=1)),
        "seen": rdv(cast, NOON - timedelta(hours=30), status="seen"),
        "revoked": rdv(cast, NOON - timedelta(days=2), status="revoked"),
        "this morning": cast.rdv,
        "tonight": rdv(cast, NOON + timedelta(hours=7)),
        "tomorrow": rdv(cast, NOON + timedelta(days=1)),
    }
    assert shown(get(query=f"debut=&statut={states}")) == [rows[name] for name in expected]


def test_E08_archived_motifs_and_closed_lieux_are_offered_and_flagged(get, cast):
    cast.motif.archived_at = NOON
    cast.motif.save()
    cast.lieu.availability = "closed"
    cast.lieu.save()
    response = get(query=f"motifs={cast.motif.uuid}&lieux={cast.lieu.uuid}")
    assert f"{cast.motif.name} (archivé)" in text_of(response)
    assert f"{cast.lieu.name} (fermé)" in text_of(response)
    assert shown(response) == [cast.rdv]


def test_E08_a_wrong_filter_is_said_and_shows_no_row(get, cast):
    for query in ("debut=hier", "debut=2027-01-12&fin=2027-01-11", "statut=x", "agents=x"):
        response = get(query=query, status=422)
        assert "Une information est à corriger" in text_of(response)
        assert cast.usager.full_name not in text_of(response)


def test_E08_an_usager_is_searched_by_post_and_named_by_uuid(get, client, cast):
    cast.usager.first_name, cast.usager.last_name = "Zoé", "Zimmer"
    cast.usager.save()
    get()
    url = reverse("planning:rdv_list", args=[cast.organisation.uuid])
    response = client.post(f"{url}?debut=", {"nom": "zim"})
    assert response.status_code == 302
    assert response.url == f"{url}?debut=&usager={cast.usager.uuid}"
    twin = UsagerFactory(
        territoire=cast.territoire, last_name="Zimmermann", organisations=[cast.organisation]
    )
    text = text_of(client.post(f"{url}?debut=", {"nom": "zim"}))
    assert f"?debut=&amp;usager={twin.uuid}" in text
    assert "Aucun usager" in text_of(client.post(url, {"nom": "inconnue"}))


def test_E09_an_usager_of_nobody_here_is_unknown(get, cast):
    stranger = UsagerFactory(territoire=cast.territoire)
    get(query=f"usager={stranger.uuid}", status=404)
    get(query=f"usager={uuid.uuid4()}", status=404)


@pytest.mark.parametrize("who", ["owner", "same_service", "other_service", "secretary", "admin"])
def test_E09_the_rows_are_those_of_the_policy(get, cast, who):
    secret = secret_rdv(cast)
    rdv(cast, agents=[cast.other_service])
    rdv(cast, motif=MotifFactory(organisation=cast.elsewhere_organisation), lieu=None, agents=[])
    expected = rdvs_for(cast.actor(who), Permission.RDV_READ).filter(organisation=cast.organisation)
    assert {row.pk for row in shown(get(who))} == {row.pk for row in expected}
    if who == "same_service":
        assert_no_secret(text_of(get(who)), secret)


def test_E09_no_parameter_opens_another_organisation(get, cast):
    motif = MotifFactory(organisation=cast.elsewhere_organisation)
    foreign = rdv(cast, motif=motif, lieu=None, agents=[cast.elsewhere])
    query = f"org={cast.elsewhere_organisation.uuid}"
    assert "choix valide" in text_of(get(query=query, status=422))
    RoleOrganisation.objects.create(
        agent=cast.owner, organisation=cast.elsewhere_organisation, level="admin"
    )
    assert shown(get(query=query)) == [foreign]
    both = f"{query}&org={cast.organisation.uuid}"
    assert shown(get(query=both)) == [cast.rdv, foreign]
    assert f"({cast.elsewhere_organisation.name})" in text_of(get(query=both))


@pytest.mark.parametrize("name", ["rdv_list", "rdv_list_print"])
def test_E08_a_page_costs_the_same_for_one_row_and_for_25(get, client, cast, name):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert get("same_service", name=name).context["days"]
        return len(captured)

    get("same_service", name=name)
    one = statements()
    for number in range(24):
        extra = RdvFactory(
            motif=MotifFactory(organisation=cast.organisation, service=cast.social),
            lieu=LieuFactory(organisation=cast.organisation),
            agents=[cast.owner, cast.same_service],
            usagers=[UsagerFactory(territoire=cast.territoire) for _ in range(2)],
            starts_at=NOON + timedelta(hours=number),
        )
        assert extra.pk
    assert statements() == one
    assert one <= 25


def test_E08_pages_hold_25_rows_and_keep_the_filter(get, cast):
    for number in range(25):
        rdv(cast, NOON + timedelta(hours=number))
    first = get(query=f"agents={cast.owner.uuid}")
    assert len(shown(first)) == 25
    assert f"?agents={cast.owner.uuid}&amp;page=2" in text_of(first)
    assert len(shown(get(query=f"agents={cast.owner.uuid}&page=2"))) == 1


def test_E08_the_counter_and_the_list_it_leads_to_agree(get, cast):
    for days in (1, 2):
        rdv(cast, NOON - timedelta(days=days))
    rdv(cast, NOON - timedelta(days=3), agents=[cast.same_service])
    rdv(cast, NOON - timedelta(days=4), status="seen")
    response = get()
    assert "Vous avez 2 RDV passés à renseigner." in text_of(response)
    listed = get(query=response.context["shortcuts"]["to_fill_in"])
    assert len(shown(listed)) == 2
    assert "Vous avez 2 RDV" not in text_of(listed)
    agenda = reverse("planning:agenda", args=[cast.organisation.uuid])
    assert "Vous avez 2 RDV passés" in text_of(get().client.get(agenda))
    assert to_fill_in_count(cast.actor("same_service"), cast.organisation, now=NOON) == 1
    assert to_fill_in_count(cast.actor("usager"), cast.organisation, now=NOON) == 0


def test_E08_one_click_offers_what_the_rule_allows(get, cast):
    rdv(cast, NOON + timedelta(hours=3))
    rdv(cast, NOON + timedelta(days=3))
    offers = [row.offers for day in get().context["days"] for row in day.rows]
    assert offers == [("seen", "noshow"), ("seen",), ()]
    text = text_of(get())
    assert text.count('name="status" value="noshow"') == 1
    assert text.count('name="status" value="seen"') == 2


def test_E08_empty_lists_say_why(get, cast):
    Rdv.objects.update(hidden_at=NOON)
    assert "Aucun RDV à partir d’aujourd’hui." in text_of(get())
    assert "Aucun RDV aujourd’hui." in text_of(get(query="debut=2027-01-11&fin=2027-01-11"))
    todo = get().context["shortcuts"]["to_fill_in"]
    assert "Tous vos RDV passés sont renseignés." in text_of(get(query=todo))
    assert "Aucun RDV ne correspond" in text_of(get(name="rdv_list_print"))


def test_E08_the_paper_version_holds_what_one_needs_by_day(get, cast):
    cast.usager.birth_date = date(1990, 5, 4)
    cast.usager.save()
    cast.rdv.context = "Vient avec sa sœur"
    cast.rdv.save()
    text = text_of(get(name="rdv_list_print", query=f"agents={cast.owner.uuid}"))
    for words in (
        "Lundi 11 janvier 2027",
        "10 h – 10 h 30",
        cast.usager.full_name,
        "né(e) le 04/05/1990",
        "06 12 34 56 78",
        cast.usager.email,
        "Vient avec sa sœur",
        cast.motif.name,
        cast.lieu.name,
        cast.owner.full_name,
    ):
        assert words in text


def test_E08_a_wrong_filter_is_not_printed(get):
    assert get(name="rdv_list_print", query="debut=hier", status=302)


def test_G08_a_look_without_a_role_leaves_a_trace(get, cast):
    get("admin")
    assert AuditEntry.objects.count() == 0
    get("territoire_admin")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.organisation) == ("rdv_list_seen", cast.organisation)


def test_H01_the_filter_is_read_from_a_query_string(cast):
    """What an export keeps: the same rows as the page's."""
    choices = filter_choices(cast.actor("admin"), cast.organisation)
    form = RdvFilterForm(
        QueryDict(f"debut=&lieux={cast.lieu.uuid}&statut=today"), choices=choices, today=TODAY
    )
    assert form.is_valid()
    rows = filtered_rdvs(cast.actor("admin"), form.wanted(), now=NOON)
    assert list(rows) == [cast.rdv]


def test_E08_an_empty_set_is_nobody(cast):
    nobody = RdvFilter((cast.organisation,), agent_ids=frozenset())
    assert not filtered_rdvs(cast.actor("admin"), nobody, now=NOON).exists()


def test_E08_the_service_of_pmi_is_not_listed_to_the_social(get, cast):
    pmi = MotifFactory(organisation=cast.organisation, service=service("pmi"), name="Pesée")
    assert pmi.name not in text_of(get())
