"""Migrations have names, follow the models, and can be undone."""

from __future__ import annotations

import importlib

import pytest
from django.core.management import call_command
from django.db.migrations.operations import RunPython, RunSQL

from tests.guards.project import relative, tracked

FILES = [p for p in tracked() if p.parent.name == "migrations" and p.name != "__init__.py"]
# A migration that cannot be undone says why here.
ONE_WAY: dict[str, str] = {}


def test_no_migration_has_a_generated_name():
    assert [relative(path) for path in FILES if "_auto_" in path.name] == []


@pytest.mark.django_db
def test_the_migrations_follow_the_models():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_each_migration_can_be_undone(path):
    module = importlib.import_module(relative(path).removesuffix(".py").replace("/", "."))
    steps = [step for step in module.Migration.operations if isinstance(step, RunPython | RunSQL)]
    assert all(step.reversible for step in steps) != (relative(path) in ONE_WAY)
