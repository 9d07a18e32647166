"""Documents printed from code are printed again when the code changes."""

import re

from django.apps import apps

from agents.management.commands import permissions_doc
from rdv.settings import env
from tests.guards.project import ROOT


def test_environment_md_is_fresh():
    written = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert written == env.document(), "run `make docs`"


def test_permissions_md_is_fresh():
    written = (ROOT / "docs" / "permissions.md").read_text(encoding="utf-8")
    assert written == permissions_doc.document(), "run `make docs`"


def test_domain_md_knows_every_table():
    written = (ROOT / "docs" / "domain.md").read_text(encoding="utf-8")
    ours = {"accounts", "agents", "motifs", "usagers", "planning", "notifications"}
    tables = {m._meta.db_table for m in apps.get_models() if m._meta.app_label in ours}
    named = set(re.findall(r"`([a-z]+_[a-z]+)`", written))
    assert tables - named == set()


def test_each_variable_of_the_example_exists():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {match[1] for line in lines if (match := re.match(r"(?:# )?([A-Z_]+)=", line))}
    assert named
    assert named <= set(env.VARIABLES) | {"POSTGRES_PASSWORD"}  # of the container only
