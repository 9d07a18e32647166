"""E01, E09: the JSON that the calendar reads."""

from __future__ import annotations

from datetime import time

import pytest
from django.urls import reverse

from agents.models import AuditEntry
from motifs.rules.colors import text_on
from planning.models import Participation, Rdv
from tests.factories import PlageOuvertureFactory, RdvFactory
from tests.integration.planning.agenda_world import assert_no_secret, at, secret_rdv

DAYS = {"start": "2027-01-11", "end": "2027-01-18"}


@pytest.fixture
def feed(client, cast):
    def get(who="owner", **params):
        cast.sign_in(client, who)
        url = reverse("planning:agenda_feed", args=[cast.organisation.uuid, cast.owner.uuid])
        return client.get(url, DAYS | params)

    return get


def events(response, kind):
    return [e for e in response.json()["events"] if e["extendedProps"]["kind"] == kind]


def test_E01_a_rdv_says_hours_names_motif_lieu_status_and_its_page(feed, cast):
    (event,) = events(feed(), "rdv")
    props = event["extendedProps"]
    assert event["start"] == "2027-01-11T10:00:00+01:00"
    assert event["end"] == "2027-01-11T10:30:00+01:00"
    assert event["title"] == cast.usager.full_name
    assert props["hours"] == "10 h – 10 h 30"
    assert props["details"] == [cast.motif.name, cast.lieu.name]
    assert (props["status"], props["statusLabel"]) == ("upcoming", "À venir")
    assert props["url"] == reverse("planning:rdv_detail", args=[cast.rdv.uuid])
    assert "isOnline" not in props


def test_E01_colour_of_the_motif_with_a_text_that_can_be_read(feed, cast):
    cast.motif.color = "#ffe800"
    cast.motif.save()
    (event,) = events(feed(), "rdv")
    assert (event["backgroundColor"], event["textColor"]) == ("#ffe800", "#000000")


@pytest.mark.parametrize(
    ("status", "sign", "struck"),
    [("seen", "✓", False), ("noshow", "✗", True), ("revoked", "⊘", True), ("unknown", "", False)],
)
def test_E01_statuses_are_marked_without_colour(feed, cast, status, sign, struck):
    RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=at(12, 9), status=status
    )
    event = events(feed(annules="1"), "rdv")[-1]
    props = event["extendedProps"]
    assert (props.get("sign", ""), props.get("isStruck", False)) == (sign, struck)


def test_E01_taken_online(feed, cast):
    Participation.objects.filter(rdv=cast.rdv).update(
        created_by_agent=None, created_by_usager=cast.usager
    )
    assert events(feed(), "rdv")[0]["extendedProps"]["isOnline"] is True


def test_E01_plages_are_background_and_absences_grey_blocks(feed, cast):
    response = feed()
    (plage,) = events(response, "plage")
    assert plage["display"] == "background"
    assert plage["extendedProps"]["details"] == [cast.lieu.name, cast.motif.name]
    (absence,) = events(response, "absence")
    assert absence["title"] == "Congés"


def test_E01_public_holidays_are_bands(feed):
    (holiday,) = events(feed(start="2026-12-28", end="2027-01-04"), "holiday")
    assert holiday["allDay"] is True
    assert (holiday["start"], holiday["end"]) == ("2027-01-01", "2027-01-02")
    assert holiday["title"] == "Jour férié : Jour de l'an"


def test_decision_8_occupied_holds_its_hours_and_nothing_else(feed, cast):
    rdv = secret_rdv(cast)
    response = feed("same_service")
    (event,) = events(response, "occupied")
    assert event == {
        "id": "occupied-0",
        "start": "2027-01-12T14:00:00+01:00",
        "end": "2027-01-12T14:30:00+01:00",
        "title": "Occupé",
        "resourceIds": [str(cast.owner.uuid)],
        "extendedProps": {"kind": "occupied", "time": "14 h", "hours": "14 h – 14 h 30"},
    }
    text = response.content.decode().encode().decode("unicode_escape")
    assert_no_secret(text, rdv)
    assert_no_secret(response.content.decode(), rdv)


def test_E09_the_feed_and_the_page_show_the_same_rdvs(feed, client, cast):
    secret_rdv(cast)
    ids = {event["id"].removeprefix("rdv-") for event in events(feed("same_service"), "rdv")}
    url = reverse("planning:agenda_of", args=[cast.organisation.uuid, cast.owner.uuid])
    page = client.get(url, {"vue": "semaine", "date": "2027-01-11"}).content.decode()
    assert ids == {str(rdv.uuid) for rdv in Rdv.objects.all() if str(rdv.uuid) in page}
    assert ids == {str(cast.rdv.uuid)}


def test_E01_the_axis_shows_what_exists(feed, cast):
    assert feed().json()["axis"] == {
        "firstHour": 7, "lastHour": 20, "hiddenDays": [6, 0], "slotMinutes": 30,
    }  # fmt: skip
    RdvFactory(
        motif=cast.motif, lieu=cast.lieu, agents=[cast.owner], starts_at=at(17, 6),
        ends_at=at(17, 6, 15),
    )  # fmt: skip
    PlageOuvertureFactory(
        lieu=cast.lieu, agent=cast.owner, start_time=time(18), end_time=time(21, 30)
    )
    assert feed().json()["axis"] == {
        "firstHour": 6, "lastHour": 22, "hiddenDays": [6], "slotMinutes": 15,
    }  # fmt: skip


def test_E01_without_dates_the_feed_is_this_week(feed, client, cast):
    client.force_login(cast.owner.account)
    url = reverse("planning:agenda_feed", args=[cast.organisation.uuid, cast.owner.uuid])
    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "params",
    [
        {"start": "x"},
        {"start": "2027-01-11", "end": "2027-01-11"},
        {"start": "2027-01-11", "end": "2027-01-10"},
        {"start": "2027-01-01", "end": "2027-02-16"},
        {"start": "2027-02-30"},
        {"end": "9999-12-31"},
        {"start": ""},
    ],
)
def test_E01_nonsense_is_400(feed, params):
    assert feed(**params).status_code == 400


def test_E01_45_days_are_the_most(feed):
    assert feed(start="2027-01-01", end="2027-02-15").status_code == 200


def test_decision_12_the_feed_is_a_look_too(feed, cast):
    feed("territoire_admin")
    assert AuditEntry.objects.get().organisation == cast.organisation


def test_decision_34_a_refresh_does_not_keep_the_session_alive(client, cast):
    client.force_login(cast.owner.account)
    url = reverse("planning:agenda_feed", args=[cast.organisation.uuid, cast.owner.uuid])
    client.get(url)
    session = client.session
    session["seen_at"] -= 3600
    session.save()
    before = session["seen_at"]
    client.get(url, headers={"X-Rdv-Background": "1"})
    assert client.session["seen_at"] == before
    client.get(url)
    assert client.session["seen_at"] > before


@pytest.mark.parametrize(
    "color", ["#000000", "#ffffff", "#777777", "#2a6f97", "#f4a261", "#ff0000"]
)
def test_E01_the_text_stands_out_from_any_motif(color):
    def luminance(value):
        parts = [int(value[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    light, dark = sorted([luminance(color), luminance(text_on(color))], reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
