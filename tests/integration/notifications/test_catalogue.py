"""docs/messages.md is printed from the code, holds every kind, says nothing that it must not."""

from __future__ import annotations

import pytest

from notifications import sms_text
from planning.management import message_catalogue
from planning.management import message_samples as samples
from tests.guards.project import ROOT


@pytest.fixture(scope="module")
def catalogue():
    return message_catalogue.catalogue()


def messages(catalogue):
    for variants in catalogue.values():
        for variant in variants:
            assert variant.messages, f"nobody is told: {variant.name}"
            yield from variant.messages


def test_messages_md_is_fresh():
    written = (ROOT / "docs" / "messages.md").read_text(encoding="utf-8")
    assert written == message_catalogue.document(), "run `make docs`"


def test_C01_every_kind_of_message_is_in_the_catalogue(catalogue):
    folders = {path.name for path in (ROOT / "templates" / "notifications").iterdir()}
    kinds = {name for name in folders if "." not in name}
    shown = {(message.kind, message.channel) for message in messages(catalogue)}
    missing = kinds - {kind for kind, _channel in shown}
    assert missing == set(), "add them to planning/management/message_catalogue.py"
    with_sms = {
        kind for kind in kinds if (ROOT / "templates/notifications" / kind / "sms.txt").exists()
    }
    assert with_sms == {kind for kind, channel in shown if channel == "sms"}


def test_C02_every_sms_is_gsm7_in_two_segments_at_most(catalogue):
    for message in messages(catalogue):
        if message.channel == "sms":
            assert sms_text.fold(message.body) == message.body
            assert message.sms_segments == sms_text.segments(message.body)
            assert message.sms_segments <= (2 if message.kind.startswith("rdvs") else 1)


def test_decision_31_subjects_and_sms_never_say_what_it_is_about(catalogue):
    for message in messages(catalogue):
        said = message.subject + (message.body if message.channel == "sms" else "")
        assert "Premier accueil" not in said
        assert "Budget" not in said
        assert "DURAND" not in said
        assert "Budget" not in message.ics


def test_texts_and_pages_say_the_same(catalogue):
    """Each row of the recap, each link, the room and the instructions are in both twins."""
    for message in messages(catalogue):
        if message.channel != "email":
            continue
        assert 'lang="fr"' in message.html
        words = [line.partition(" : ")[2] for line in message.body.splitlines() if " : " in line]
        addresses = [word for word in message.body.split() if word.startswith("https://")]
        page = " ".join(message.html.replace("</strong>", "").replace("<strong>", "").split())
        for said in [*addresses, *filter(None, words[:1])]:
            assert said.split(" (avant")[0] in page, (message.kind, said)


def test_A01_in_the_language_of_the_person():
    """Names of days come from Django; our own words as soon as a catalogue holds them."""
    world = samples.World(language="en")
    email, sms = next(samples.created(world)).messages
    assert "Tuesday 12 January 2027" in email.subject + email.body
    assert 'lang="en"' in email.html
    assert '<div lang="fr"><p>Apportez' in email.html
    assert sms.body.startswith("Appointment Tuesday 12/01 at 10:30am")
    french = next(samples.to_agents(world)).messages[0]
    assert "mardi 12 janvier 2027" in french.subject
    grouped = next(samples.several(world)).messages[0]
    assert "Tuesday 12 January 2027" in grouped.body


def test_C01_a_word_for_each_who_comes():
    said = {v.name: v.messages[0] for v in samples.created(samples.World())}
    assert "Le rendez-vous pour Zoé est confirmé." in said["pour un proche"].body
    assert "Pour : Zoé Martin\n" in said["pour un proche"].body
    assert "Votre rendez-vous est confirmé." in said["pour soi et un proche"].body
    assert "Pour : Léa Martin, Zoé Martin\n" in said["pour soi et un proche"].body
    assert "Avec : C. DURAND, MDS d’Arras\n" in said["suivi"].body
    assert "DURAND" not in said["sur place"].body
    assert "Premier accueil : Budget familial" in said["collectif"].body
    room = "https://webconf.example.fr/RdvServicePublic"
    visio = said["en visioconférence"]
    assert room in visio.body
    assert room in visio.html
    assert room in visio.ics.replace("\r\n ", "")
    cancelled = {v.name: v.messages[0] for v in samples.cancelled(samples.World())}
    assert room not in cancelled["par le service, en visioconférence"].body
    assert "webconf" not in cancelled["par le service, en visioconférence"].ics
