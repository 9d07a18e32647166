"""Documents printed from code are printed again when the code changes."""

import re

from rdv.settings import env
from tests.guards.project import ROOT


def test_environment_md_is_fresh():
    written = (ROOT / "docs" / "environment.md").read_text(encoding="utf-8")
    assert written == env.document(), "run `make docs`"


def test_each_variable_of_the_example_exists():
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = {match[1] for line in lines if (match := re.match(r"(?:# )?([A-Z_]+)=", line))}
    assert named
    assert named <= set(env.VARIABLES) | {"POSTGRES_PASSWORD"}  # of the container only
