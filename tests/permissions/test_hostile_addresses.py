"""Issue 5: what somebody hostile writes in an address, on every page of the matrix.

The names of the parameters are those that the page reads, found by watching it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

import pytest
import time_machine
from django.urls import resolve, reverse

from tests.clients import QuickClient
from tests.factories.planning import NOW
from tests.permissions.hostile import CLASSES, IS_FULL, MARKUP, MOST_ASKED, SIGNS
from tests.permissions.hostile_setups import SETUPS, Setup
from tests.permissions.hostile_trial import Pages, Trial, Undone
from tests.permissions.test_hostile_posts import allowed
from tests.permissions.test_urls import MATRIX

if TYPE_CHECKING:
    from tests.cast import Cast

pytestmark = pytest.mark.django_db
GETS = sorted(name for name, row in MATRIX.items() if row.get)
# The others are what forms accept.
FULL = [
    label
    for label in CLASSES
    if label not in ("markup and signs", "markup", "signs", "control", "absent")
]
USUAL = ("mixed",)
# A part of the path that takes any text: `<secret>`, `<str:secret>`.
FREE_PART = re.compile(r"<(?:str:)?(\w+)>")
PARTS = (MARKUP, SIGNS, "\0", "a" * MOST_ASKED, "²")


def area_of(name: str) -> str:
    """Return the application of a page; those of the accounts have none."""
    return name.partition(":")[0] if ":" in name else "accounts"


def page_of(name: str, cast: Cast) -> Trial:
    """Return somebody signed in, in front of the page; of a journey, where it has led."""
    row, setup = MATRIX[name], SETUPS.get(name, Setup())
    client = QuickClient()
    cast.sign_in(client, setup.who or allowed(row.get or {}))
    url = (
        reverse(name, args=row.args(cast))
        if setup.prepare is None
        else setup.prepare(client, cast)[0]
    )
    path, _, query = url.partition("?")
    return Trial(client, "get", path, parse_qs(query), is_full=IS_FULL)


@pytest.mark.parametrize("area", sorted({area_of(name) for name in GETS}))
@time_machine.travel(NOW, tick=False)
def test_issue_5_a_page_survives_a_hostile_address(cast, monkeypatch, area):
    """The pages of an area share a world: it took as long to rebuild as a page to answer."""
    wrong, pages = [], Pages(monkeypatch)
    for name in (name for name in GETS if area_of(name) == area):
        with Undone(QuickClient()):
            pages.are_drawn = True  # the messages whose code is typed
            trial = page_of(name, cast)
            attack(trial, pages, monkeypatch)
        wrong += [f"{name}: {what}" for what in trial.wrong]
    assert wrong == []


def attack(trial: Trial, pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    pages.are_drawn = IS_FULL
    trial.learn(monkeypatch, [trial.good], most=MOST_ASKED)
    if trial.entries:
        trial.attack(pages, FULL if IS_FULL else USUAL)
    if IS_FULL:
        trial.attack_bytes()
    path, found = trial.url, resolve(trial.url)
    for part in FREE_PART.findall(found.route):
        for text in PARTS if IS_FULL else PARTS[:1]:
            trial.url = path.replace(quote(str(found.kwargs[part])), quote(text, safe=""))
            trial.attempt(f"{part} {text[:20]!r}", {})


def test_issue_5_a_nul_is_answered_in_french_before_any_view(client, db, settings):
    for answer in (
        client.get("/", {"q": "a\0b"}),
        client.get("/", {"\0": ""}),
        client.get(reverse("usagers:token_entry", args=["a\0b"])),
    ):
        assert answer.status_code == 400
        assert "rien n’a été enregistré" in answer.text
    posted = client.post(reverse("usagers:sign_in"), {"email": "a\0b"})
    assert posted.status_code == 422  # beside its field
    settings.ALLOWED_HOSTS = ["exemple.fr"]
    assert client.get("/").status_code == 400
