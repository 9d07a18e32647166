"""Strict defaults: warnings are errors (pyproject), sockets stay on this machine, undefined
template variables fail, rate limits start empty."""

from __future__ import annotations

import gc
import importlib
import logging
import os
import re
import socket
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.template.base import FilterExpression
from django.test import TransactionTestCase

from agents.queries.brand import Brands
from rdv.context_processors import keep_brands
from tests import database, snapshot

_log = logging.getLogger(__name__)
_connect = socket.socket.connect
_LOCAL = {"127.0.0.1", "::1", "localhost"}
UNDEFINED = "‽UNDEFINED"


class ForbiddenSocketError(Exception):
    """A test tried to leave the machine."""


@pytest.fixture(autouse=True, scope="session")
def _sockets_stay_local():
    def connect(self: socket.socket, address: Any) -> Any:
        local = self.family == socket.AF_UNIX or address[0] in _LOCAL
        if not local:
            raise ForbiddenSocketError(str(address))
        return _connect(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = _connect  # type: ignore[method-assign]


def pytest_configure():
    """Give each parallel process a cache of its own: one empties it under the other otherwise."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    default = settings.CACHES["default"]
    default["LOCATION"] = re.sub(r"1$", str(int(worker) + 1), default["LOCATION"])


def pytest_collection_finish():
    """Leave what was imported out of the garbage collections: they took a fifteenth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: Any
) -> None:
    """Copy a migrated database instead of migrating an empty one."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = database.migrated_template()


@pytest.fixture(autouse=True, scope="session")
def _quick_end_of_transactional_tests():
    """Empty the tables that hold something, rather than truncate them all; keep the services."""
    flush = TransactionTestCase._fixture_teardown
    services = importlib.import_module("agents.migrations.0002_preset_services")
    codes = [code for code, *_ in services.SERVICES]

    def end(self: TransactionTestCase) -> None:
        if snapshot.may_hold_triggers():
            snapshot.empty(codes)
        else:
            flush(self)
        if apps.get_model("agents", "Service").objects.count() < len(codes):
            services.add_services(apps, None)

    TransactionTestCase._fixture_teardown = end  # type: ignore[method-assign]
    yield
    TransactionTestCase._fixture_teardown = flush  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _no_brand():
    """Nobody pays for reading the brands, whichever test comes first; a brand's test reads them."""
    keep_brands(Brands(), seconds=3600)


@pytest.fixture(autouse=True)
def _logs_stay_on():
    """Blame the test that configures logging anew: those after it would see nothing logged."""
    yield
    assert not _log.disabled, "this test silenced the loggers"


@pytest.fixture(autouse=True)
def _no_undefined_variable(monkeypatch):
    """Fail when a template of ours prints a variable that its view forgot.

    Templates of other packages rely on undefined variables being empty.
    """
    found: list[str] = []
    resolve = FilterExpression.resolve

    def strict(self: FilterExpression, context: Any, ignore_failures: bool = False) -> Any:
        value = resolve(self, context, ignore_failures=ignore_failures)
        if isinstance(value, str) and value.startswith(UNDEFINED):
            if is_ours(context):
                found.append(f"{context.template.name}: {self.token}")
            return ""
        return value

    monkeypatch.setattr(FilterExpression, "resolve", strict)
    yield
    assert not found, f"undefined template variables: {sorted(set(found))}"


def is_ours(context: Any) -> bool:
    template = getattr(context, "template", None)
    origin = getattr(getattr(template, "origin", None), "name", "")
    return str(settings.BASE_DIR / "templates") in str(origin)


@pytest.fixture
def client() -> Any:
    """Django's client, quick to sign in."""
    from tests.clients import QuickClient

    return QuickClient()


@pytest.fixture
def cast(db):
    """The small world of tests/cast.py."""
    from tests.cast import the_cast

    return the_cast()
