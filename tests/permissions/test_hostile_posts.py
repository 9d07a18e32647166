"""Issue 5: a malicious input for each form; what is found wrong is named by URL, class and field.

Each POST of the matrix is sent by somebody whom its row allows, with hostile values of each class
in place of the good ones. The names are those that the view reads, found by watching it answer a
good POST: no form is forgotten because nobody thought of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from django.urls import reverse

from tests.clients import QuickClient
from tests.factories.planning import NOW
from tests.permissions.foreign import the_worlds
from tests.permissions.hostile import CLASSES, IS_FULL, USUAL, shown
from tests.permissions.hostile_setups import CLOSED, SETUPS, Setup
from tests.permissions.hostile_trial import DONE, OK, Pages, Trial, Undone
from tests.permissions.test_urls import MATRIX
from tests.permissions.url_matrix import ANONYMOUS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cast import Cast

pytestmark = pytest.mark.django_db
NOT_ALLOWED = 405
POSTS = sorted(name for name, row in MATRIX.items() if row.post is not None)


def allowed(people: dict[int, str]) -> str:
    """Return somebody whom a row of the matrix lets in; nobody, where all are alike."""
    for status in sorted(people, key=lambda each: (each == 403, each // 100 != 3, each)):
        who = people[status].split()
        if {"owner", "usager", "nobody"} <= set(who):
            return "nobody"
        known = [each for each in who if each not in ANONYMOUS]
        if known:
            return known[0]
    return "nobody"


def form_of(name: str, cast: Cast) -> Trial:
    """Return somebody signed in, in front of the form."""
    row, setup = MATRIX[name], SETUPS.get(name, Setup())
    client = QuickClient()
    cast.sign_in(client, setup.who or allowed(row.post or {}))
    if setup.prepare is not None:
        return Trial(client, "post", *setup.prepare(client, cast), is_full=IS_FULL)
    good = setup.data(cast) if setup.data else row.data(cast)
    return Trial(client, "post", reverse(name, args=row.args(cast)), good, is_full=IS_FULL)


def goods_of(name: str, trial: Trial, pages: Pages) -> Iterator[dict[str, Any]]:
    """Yield what may be good: the row's data; the same with what the page fills in, hidden or not.

    In full the page comes first: it gives more fields their good value.
    """
    plain, pages.are_drawn = trial.good, IS_FULL
    if not IS_FULL:
        yield plain
    if MATRIX[name].get is not None:
        pages.are_drawn = True
        with Undone(trial.client):
            answer = trial.client.get(trial.url)
        if answer.status_code == OK:
            yield {**shown(answer.text, trial.url.split("?")[0]), **plain}
    if IS_FULL:
        yield plain


@pytest.mark.parametrize("name", POSTS)
@time_machine.travel(NOW, tick=False)
def test_issue_5_a_form_survives_what_is_hostile(db, monkeypatch, settings, name):
    cast, rows = the_worlds()
    with SETUPS.get(name, Setup()).around(settings):
        pages, trial = Pages(monkeypatch), form_of(name, cast)
        status = trial.learn(monkeypatch, goods_of(name, trial, pages))
        assert (status < DONE) is (name not in CLOSED), f"what is good is answered {status}"
        trial.attack(pages, CLASSES if IS_FULL else USUAL)
        if IS_FULL:
            trial.attack_bytes()
        trial.attack_next()
        trial.attack_abroad(rows)
    assert trial.wrong == []


@time_machine.travel(NOW, tick=False)
def test_issue_5_every_view_that_takes_a_post_has_its_row(cast, monkeypatch):
    """What the matrix says nothing of refuses a POST, whoever sends it: none escapes the above.

    It asks a hundred pages: a second.
    """
    escaped, pages = [], Pages(monkeypatch)
    pages.are_drawn = False
    for name, row in MATRIX.items():
        if row.post is not None:
            continue
        client = QuickClient()
        url = reverse(name, args=row.args(cast))
        with Undone(client):
            cast.sign_in(client, allowed(row.get or {}))
            posted = client.post(url)
            # What answers both alike sends away: to the sign-in, to the proof of who one is.
            if posted.status_code != NOT_ALLOWED and _leads(posted) != _leads(client.get(url)):
                escaped.append(f"{name}: {posted.status_code}")
    assert escaped == []


def _leads(answer: Any) -> tuple[int, str | None]:
    assert answer.status_code != OK, answer.request
    return answer.status_code, answer.headers.get("Location")
