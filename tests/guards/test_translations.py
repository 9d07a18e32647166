"""A11: what a citizen can read exists in English too, and the compiled file is up to date."""

from __future__ import annotations

import gettext
import re
from functools import cache

import pytest

from notifications import sms_text
from tests.guards import po
from tests.guards.project import ROOT

LOCALE = ROOT / "locale/en/LC_MESSAGES"
# Where the texts of the public are. What only agents read is taken out below.
PUBLIC = [
    "templates/4*.html",
    "templates/500.html",
    "templates/csrf.html",
    "templates/home.html",
    "templates/layouts/*.html",
    "templates/agents/legal_page.html",
    "templates/components/*.html",
    "templates/login/*.html",
    "templates/account/usager_login.html",
    "templates/planning/stats_public.html",
    "templates/planning/_stats_public_table.html",
    "templates/usagers/*/*.html",
    "templates/notifications/*",
    "templates/notifications/*/*",
    "notifications/messages/*.py",
    "usagers/forms/*.py",
    "usagers/models/social.py",
    "usagers/rules/*.py",
    "usagers/views/*/*.py",
    "usagers/services/a[cd]*.py",
    "usagers/services/booking*.py",
    "usagers/services/contact_code.py",
    "usagers/services/franceconnect*.py",
    "usagers/services/own_*.py",
    "usagers/services/proche*.py",
    "usagers/services/usager_login.py",
    "planning/queries/stats_public.py",
    "planning/queries/rdv_move_by_usager.py",
    "motifs/queries/suspension.py",
    "planning/rules/booking.py",
    "planning/rules/cancellation.py",
    "planning/rules/registration.py",
    "planning/rules/waiting_list.py",
    "planning/services/booking_confirm.py",
    "planning/services/participation_register.py",
    "planning/services/prescription_confirm.py",
    "planning/services/rdv_book.py",
    "planning/services/rdv_move_by_usager.py",
    "planning/services/slot_hold.py",
    "planning/services/waiting_list*.py",
    "rdv/common/*.py",
    "rdv/accounts/passwords.py",
    "rdv/login/adapters.py",
    "rdv/login/f*.py",
    "rdv/views.py",
]
FOR_AGENTS = re.compile(
    r"templates/layouts/(?:agent|_agent|_impersonation|territoire|_?technical)"
    r"|templates/usagers/fiche/|usagers/views/fiche/"
    r"|usagers/forms/usager_[cim]|usagers/rules/fiche_merge"
    r"|templates/notifications/(?:_blocked|_reply|message_|password_reset|export_|\w+_agent|usager_reply)"
    r"|notifications/messages/(?:reply|planning|password|export)"
    r"|rdv/common/(?:spreadsheets|table_import|timezones)"
)
# Lines of the agents' messages, in files that both share.
SAID_TO_AGENTS = {
    "Motif",
    "Voir le RDV : %(url)s",
    "Notes",
    "Lues par les agents de l’organisation, jamais par l’usager.",
}
# Shown in lists of choices: their models hold agents' words too.
CHOICES = {
    "Sur place",
    "Par téléphone",
    "En visioconférence",
    "À domicile",
    "Mentions légales",
    "Conditions générales d’utilisation",
    "Données personnelles",
    "Accessibilité",
    "non conforme",
    "partiellement conforme",
    "totalement conforme",
    "département",
    "commune",
}
# Texts of an SMS that are made in Python.
SMS_WORDS = re.compile(r"^(?:Votre RDV|RDV (?:annulé|modifié) : %\(dates|du %\(first|%\(day\))")
PLACEHOLDER = re.compile(r"%\(\w+\)s|<[^>]+>")
FRENCH = re.compile(r"[àâçéèêëîïôùûœ«»]|\bRDV\b")


@cache
def translations() -> dict[str, po.Entry]:
    return {entry.msgid: entry for entry in po.entries(LOCALE / "django.po")}


@cache
def public_files():
    found = {path for pattern in PUBLIC for path in ROOT.glob(pattern) if path.is_file()}
    return sorted(path for path in found if not FOR_AGENTS.match(str(path.relative_to(ROOT))))


@cache
def public_texts() -> frozenset[str]:
    found = set().union(*(po.texts_of(path) for path in public_files()))
    return frozenset(found | CHOICES - SAID_TO_AGENTS) - SAID_TO_AGENTS


def test_A11_what_the_public_reads_is_translated():
    assert len(public_texts()) > 350, "the list of files finds nothing"
    missing = sorted(
        text
        for text in public_texts()
        if text not in translations()
        or translations()[text].is_fuzzy
        or not all(translations()[text].texts)
    )
    assert not missing, "not in English; run `make messages`, then translate: " + "\n".join(missing)


def test_A11_a_translation_holds_what_the_text_holds():
    for entry in translations().values():
        for text in filter(None, entry.texts):
            known = set(PLACEHOLDER.findall(entry.msgid + entry.plural))
            needed = set(PLACEHOLDER.findall(entry.plural or entry.msgid))
            held = set(PLACEHOLDER.findall(text))
            assert held <= known, f"{text!r} holds more than {entry.msgid!r}"
            is_one = entry.plural and text == entry.texts[0]
            assert is_one or needed <= held, f"{text!r} holds less than {entry.msgid!r}"


def test_A11_english_has_no_french_left():
    kept = {"Par exemple : Pas-de-Calais, 62, Arras"}
    for entry in translations().values():
        for text in filter(None, entry.texts):
            assert entry.msgid in kept or not FRENCH.search(text), text


def test_C02_the_english_of_an_sms_costs_no_more_letters():
    words = set().union(*(po.texts_of(p) for p in public_files() if p.name.endswith("sms.txt")))
    words |= {text for text in public_texts() if SMS_WORDS.match(text)}
    assert len(words) > 10
    for word in words:
        for text in translations()[word].texts:
            assert sms_text.fold(text) == text


def test_A11_the_compiled_file_is_that_of_the_texts():
    """A newcomer's machine has Python and no gettext: the .mo is kept in the repository."""
    with (LOCALE / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in translations().values():
        if entry.is_fuzzy or not entry.texts[0]:
            assert compiled.gettext(entry.msgid) == entry.msgid, "run `make messages`"
            continue
        said = [compiled.gettext(entry.msgid)]
        if entry.plural:
            said = [compiled.ngettext(entry.msgid, entry.plural, count) for count in (1, 2)]
        assert said == entry.texts, f"run `make messages`: {entry.msgid!r} is not up to date"


@pytest.mark.parametrize("text", ["Rendez-vous", "Il reste %(left)s place", "Votre rendez-vous"])
def test_the_guard_reads_the_texts_of_templates(text):
    assert text in public_texts()
