"""D02, D03: the calendar that outside software follows, by a secret address."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import ANY

import cachecontrol
import pytest
import requests
import time_machine
import vobject
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from icalendar import Calendar

from agents.queries.webcal import webcal_key
from planning.models import AgentRdv, Rdv, RdvEvent
from tests.cast import the_cast
from tests.factories import MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW

START = datetime(2027, 1, 18, 9, tzinfo=UTC)


@pytest.fixture
def _january():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def address(cast):
    return address_of(cast.owner, "sel")


def address_of(agent, salt):
    agent.webcal_salt = salt
    agent.save()
    return reverse("planning:webcal_feed", args=[webcal_key(agent)])


def several_rdvs(cast):
    """One of each kind after that of the cast; hours apart, one usager named Secret."""
    usager = UsagerFactory(
        last_name="Secret",
        email="secret@exemple.fr",
        address="9 rue Cachée",
        territoire=cast.territoire,
        organisations=[cast.organisation],
    )

    def rdv(hours, motif=cast.motif, lieu=cast.lieu, **values):
        return RdvFactory(
            motif=motif,
            lieu=lieu,
            agents=[cast.owner],
            usagers=[usager],
            starts_at=START + timedelta(hours=hours),
            ends_at=START + timedelta(hours=hours, minutes=30),
            **values,
        )

    def motif(**values):
        return MotifFactory(organisation=cast.organisation, service=cast.social, **values)

    workshop = motif(name="Atelier budget", is_collective=True)
    return {
        "cancelled": rdv(1, status="revoked", cancelled_at=NOW, version=4),
        "workshop": rdv(2, workshop, title="Courses ; cuisine", seats_total=5),
        "endless": rdv(3, workshop),
        "home": rdv(4, motif(location_type="domicile"), None),
        "phone": rdv(5, motif(location_type="telephone"), None),
        "visio": rdv(6, motif(location_type="visio"), None),
        "hidden": rdv(7, hidden_at=NOW),
        "old": rdv(-24 * 46),
    }


@pytest.mark.usefixtures("_january")
def test_D02_D03_what_two_parsers_read(client, cast, address):
    rdvs = several_rdvs(cast)
    moved_at = NOW - timedelta(hours=1)
    RdvEvent.objects.create(
        rdv=cast.rdv, at=moved_at, action="moved", author_kind="system", author_name="Système"
    )
    response = client.get(address)
    text = response.content.decode()
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert response["Cache-Control"] == "private, no-cache"
    assert not response.cookies
    for secret in ("Secret", "SECRET", "Cachée", cast.usager.last_name, cast.usager.first_name):
        assert secret not in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))

    calendar = Calendar.from_ical(text)
    assert calendar["METHOD"] == "PUBLISH"
    assert calendar["X-WR-CALNAME"] == f"{cast.owner.full_name} sur RDV Service Public"
    assert calendar.decoded("REFRESH-INTERVAL") == timedelta(hours=1)
    assert [str(zone["TZID"]) for zone in calendar.walk("VTIMEZONE")] == ["Europe/Paris"]
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}
    shown = [cast.rdv, *(rdv for name, rdv in rdvs.items() if name not in {"hidden", "old"})]
    assert set(events) == {str(rdv.uuid) for rdv in shown}
    for rdv in shown:
        event = events[str(rdv.uuid)]
        assert event.decoded("DTSTART") == rdv.starts_at
        assert event["SEQUENCE"] == rdv.version
        assert f"/rdv/{rdv.uuid}/" in event["DESCRIPTION"]
    assert events[str(cast.rdv.uuid)].decoded("LAST-MODIFIED") == moved_at
    again = {event.uid.value: event for event in vobject.readOne(text).vevent_list}
    for uid, event in events.items():
        assert again[uid].dtstart.value == event.decoded("DTSTART")
        assert again[uid].summary.value == str(event["SUMMARY"])
        assert again[uid].status.value == str(event["STATUS"])


@pytest.mark.usefixtures("_january")
def test_D02_D03_each_kind_of_rdv_in_words(client, cast, address):
    rdvs = several_rdvs(cast)
    calendar = Calendar.from_ical(client.get(address).content.decode())
    events = {str(event["UID"]): event for event in calendar.walk("VEVENT")}

    def read(name, prop):
        return str(events[str(rdvs[name].uuid)].get(prop, ""))

    assert read("cancelled", "STATUS") == "CANCELLED"
    assert read("cancelled", "SUMMARY") == cast.motif.name
    assert read("workshop", "STATUS") == "CONFIRMED"
    assert read("workshop", "SUMMARY") == "Atelier budget : Courses ; cuisine (1/5)"
    assert read("endless", "SUMMARY") == "Atelier budget (1)"
    assert read("workshop", "LOCATION") == f"{cast.lieu.name}, {cast.lieu.address}"
    assert read("home", "LOCATION") == "À domicile"
    assert read("phone", "LOCATION") == "Par téléphone"
    assert read("visio", "LOCATION") == ""


@pytest.mark.usefixtures("_january")
def test_D03_unchanged_is_304_and_each_change_is_read(client, cast, address):
    several_rdvs(cast)
    first = client.get(address)
    etag, since = first["ETag"], first["Last-Modified"]
    assert client.get(address).content == first.content
    assert client.head(address)["ETag"] == etag
    for header in ({"if_none_match": etag}, {"if_modified_since": since}):
        answer = client.get(address, headers=header)
        assert (answer.status_code, answer.content) == (304, b"")

    def changed():
        """Tell what is read by a calendar that knows the state before, at the same second."""
        nonlocal etag, since
        for header in ({"if_none_match": etag}, {"if_modified_since": since}):
            answer = client.get(address, headers=header)
            assert answer.status_code == 200
        etag, since = answer["ETag"], answer["Last-Modified"]
        return answer.content.decode()

    Rdv.objects.filter(pk=cast.rdv.pk).update(version=7)
    assert "SEQUENCE:7\r\n" in changed()
    cast.motif.name = "Bilan nouveau"
    cast.motif.save()
    assert "Bilan nouveau" in changed()
    # Given to a colleague: nothing of what stays has changed.
    AgentRdv.objects.filter(rdv=cast.rdv, agent=cast.owner).update(agent=cast.same_service)
    assert str(cast.rdv.uuid) not in changed()


@pytest.mark.usefixtures("_january")
def test_D03_wrong_renewed_removed_left_answer_the_same(client, cast, address, settings):
    key = webcal_key(cast.owner)
    nobody = f"{cast.admin.uuid.hex}-{key[33:]}"  # a real uuid, without address
    wrong = key[:-1] + ("A" if key[-1] != "A" else "B")
    closed = {client.get(reverse("planning:webcal_feed", args=[each]))
              for each in ("x", nobody, wrong, key.upper())}  # fmt: skip
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [settings.SECRET_KEY]
    assert client.get(address).status_code == 200, "a changed key closes nothing by itself"
    settings.SECRET_KEY_FALLBACKS = []
    closed.add(client.get(address))
    address = address_of(cast.owner, "autre")
    account = cast.owner.account
    account.is_active = False
    account.save()
    closed.add(client.get(address))
    account.is_active = True
    account.save()
    roles = list(cast.owner.roles.all())
    cast.owner.roles.all().delete()
    closed.add(client.get(address))
    for role in roles:
        role.save()
    assert client.get(address).status_code == 200
    cast.owner.deactivated_at = NOW
    cast.owner.save()
    closed.add(client.get(address))
    assert {answer.status_code for answer in closed} == {404}
    assert len({answer.content for answer in closed}) == 1
    assert {answer["X-Robots-Tag"] for answer in closed} == {"noindex, nofollow"}


@pytest.mark.usefixtures("_january")
def test_D03_a_bounded_number_of_statements(client, cast, address, django_assert_max_num_queries):
    several_rdvs(cast)
    etag = client.get(address)["ETag"]
    for headers in ({}, {"if_none_match": etag}):
        with django_assert_max_num_queries(6):
            client.get(address, headers=headers)


def test_D03_a_correct_calendar_although_the_cache_is_down(client, cast, address, settings):
    seen = client.get(address)
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    down = client.get(address, headers={"if_modified_since": seen["Last-Modified"]})
    assert (down.status_code, down.content) == (200, seen.content)
    assert "Last-Modified" not in down
    again = client.get(address, headers={"if_none_match": down["ETag"]})
    assert again.status_code == 304  # the same calendar, told from its rows alone


def test_D03_G09_the_page_opens_renews_and_closes_the_address(client, cast):
    client.force_login(cast.owner.account)
    page = reverse("agents:webcal")
    assert "Créer mon adresse" in client.get(page).content.decode()

    def shown():
        cast.owner.refresh_from_db()
        address = reverse("planning:webcal_feed", args=[webcal_key(cast.owner)])
        text = client.get(page).content.decode()
        assert f"http://testserver{address}" in text
        assert f"webcal://testserver{address}" in text
        return address

    client.post(page)
    first = shown()
    client.post(page)
    assert shown() == first, "a second click keeps the address"
    for question in ("agents:webcal_renew", "agents:webcal_remove"):
        client.get(reverse(question))
        assert shown() == first, "a question changes nothing"
    assert client.get(first).status_code == 200
    client.post(reverse("agents:webcal_renew"))
    second = shown()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
    client.post(reverse("agents:webcal_remove"))
    assert client.get(second).status_code == 404
    assert "Créer mon adresse" in client.get(page).content.decode()


VDIRSYNCER = """
[general]
status_path = "{folder}/status/"
[pair rdv]
a = "feed"
b = "kept"
collections = null
[storage feed]
type = "http"
url = "{url}"
[storage kept]
type = "filesystem"
path = "{folder}/kept/"
fileext = ".ics"
"""


def recorder(answers):
    """Return Django's own function, whose answers' statuses are noted."""

    def answer(*args, **kwargs):
        response = get_conditional_response(*args, **kwargs)
        answers.append(response.status_code)
        return response

    return answer


class Keeper(ThreadingHTTPServer):
    """A private HTTP cache (CacheControl) before a calendar client that keeps no answer itself."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Relay)
        session = requests.Session()
        session.trust_env = False
        self.session = cachecontrol.CacheControl(session)


class _Relay(BaseHTTPRequestHandler):
    def do_GET(self):
        answer = self.server.session.get(self.path, timeout=10)
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["Content-Type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def relay():
    keeper = Keeper()
    threading.Thread(target=keeper.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{keeper.server_port}"
    keeper.shutdown()
    keeper.server_close()
    keeper.session.close()


def test_D03_vdirsyncer_synchronises_twice(
    transactional_db, live_server, relay, tmp_path, monkeypatch
):
    """vdirsyncer never asks conditionally: the private cache before it does, as software does."""
    cast = the_cast()
    rdv = RdvFactory(
        motif=cast.motif,
        lieu=cast.lieu,
        agents=[cast.owner],
        starts_at=timezone.now() + timedelta(days=3),
    )
    url = live_server.url + address_of(cast.owner, "sel")
    config, kept = tmp_path / "config", tmp_path / "kept"
    kept.mkdir()
    config.write_text(VDIRSYNCER.format(folder=tmp_path, url=url))
    answers = []
    monkeypatch.setattr("planning.views.webcal_feed.get_conditional_response", recorder(answers))

    def synchronise(command="sync"):
        known = {**os.environ, "http_proxy": relay, "no_proxy": ""}
        line = [sys.executable, "-m", "vdirsyncer", "-c", str(config), command]
        done = subprocess.run(
            line, check=False, env=known, capture_output=True, text=True, timeout=60
        )
        return done.returncode, done.stdout + done.stderr

    assert synchronise("discover")[0] == 0
    assert synchronise() == (0, ANY)
    (item,) = [file.read_text() for file in kept.iterdir() if str(rdv.uuid) in file.read_text()]
    assert cast.motif.name in item
    answers.clear()
    before = {file.name: file.stat().st_mtime_ns for file in kept.iterdir()}
    assert synchronise() == (0, ANY)
    assert set(answers) == {304}
    assert {file.name: file.stat().st_mtime_ns for file in kept.iterdir()} == before
    address_of(cast.owner, "autre")
    code, said = synchronise()
    assert code != 0
    assert "Not Found" in said
