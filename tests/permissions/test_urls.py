"""G01, G08: every URL of the resolver is in the matrix, and answers as it says."""

from __future__ import annotations

import importlib
import itertools
import pkgutil

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponse
from django.template.backends.django import Template
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests import permissions
from tests.cast import PEOPLE
from tests.clients import QuickClient
from tests.factories.planning import NOW
from tests.permissions.url_matrix import ANONYMOUS

# One file for each area: url_matrix.py, url_matrix_lists.py…
_AREAS = [
    importlib.import_module(f"tests.permissions.{found.name}").MATRIX
    for found in pkgutil.iter_modules(permissions.__path__)
    if found.name.startswith("url_matrix")
]
MATRIX = dict(itertools.chain.from_iterable(area.items() for area in _AREAS))

# Not ours to test: served by their packages, closed in production.
IGNORED_NAMESPACES = {"admin"}


def url_names(resolver: URLResolver, namespace: str = "") -> set[str]:
    names = set()
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            if entry.namespace not in IGNORED_NAMESPACES:
                names |= url_names(entry, inner)
        elif isinstance(entry, URLPattern):
            assert entry.name, f"a URL without a name: {entry.pattern}"
            names.add(f"{namespace}{entry.name}")
    return names


def test_G01_no_url_is_missing_from_the_matrix():
    assert url_names(get_resolver()) == set(MATRIX)
    assert len(MATRIX) == sum(len(area) for area in _AREAS), "a URL is in two areas"


# Here a token holder comes without their link, like nobody: one request answers for both.
CALLERS = [who for who in PEOPLE if who != "token"]


def test_G01_without_a_link_a_token_is_nobody():
    tables = [table for row in MATRIX.values() for table in (row.get, row.post) if table]
    for people in (people.split() for table in tables for people in table.values()):
        assert ("token" in people) == ("nobody" in people)


@pytest.fixture(autouse=True)
def _refusals_without_a_page(monkeypatch):
    """Answer 403 and 404 bare: two thousand times the same page proves nothing more than once."""
    for status in (403, 404):
        monkeypatch.setattr(
            f"rdv.urls.handler{status}",
            lambda _request, exception, status=status: HttpResponse(status=status),
            raising=False,
        )


class Pages:
    """Whether pages are drawn: once for each status, since only the status is read.

    Messages always are: they belong to what an act does.
    """

    are_drawn = True


@pytest.fixture
def pages(monkeypatch):
    drawn, pages = Template.render, Pages()

    def render(template, *args, **kwargs):
        is_message = template.template.name.startswith("notifications/")
        return drawn(template, *args, **kwargs) if pages.are_drawn or is_message else ""

    monkeypatch.setattr(Template, "render", render)
    return pages


CASES = [
    (name, method, who)
    for name, row in MATRIX.items()
    for method in ("get", "post")
    if getattr(row, method) is not None
    for who in CALLERS
]


@pytest.mark.parametrize(("name", "method"), sorted({(name, method) for name, method, _ in CASES}))
@time_machine.travel(NOW, tick=False)  # a week before the cast's RDV, whatever the day of the test
def test_G01_G08_url_answers_each_person(cast, name, method, pages):
    row = MATRIX[name]
    table = getattr(row, method)
    expected = {who: status for status, people in table.items() for who in people.split()}
    url = reverse(name, args=row.args(cast))
    wrong = {}
    seen: set[int | None] = set()
    for who in CALLERS:
        pages.are_drawn = expected.get(who) not in seen
        seen.add(expected.get(who))
        # Each person finds the world as it was: what the one before did is undone.
        with transaction.atomic():
            client = QuickClient()
            cast.sign_in(client, who)
            response = client.get(url) if method == "get" else client.post(url, row.data(cast))
            transaction.set_rollback(True)
        wanted = expected.get(who, 302 if who in ANONYMOUS else 404)
        if response.status_code != wanted:
            wrong[who] = f"{response.status_code} instead of {wanted}"
    assert not wrong
