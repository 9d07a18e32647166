"""A suite grows slow one test at a time: CONTRIBUTING.md, « What a test may cost »."""

from __future__ import annotations

import ast
import re

import pytest

from tests.guards.project import relative, tracked

# In pieces: this file is looked at too.
COSTLY = {
    "build" + r"_cast\b": "take the `cast` fixture, or the_cast(): the rows come back at once",
    "serialized" + "_rollback": "the preset services stay without it",
    r"wait_for" + r"_timeout\((?!100\))": "wait for what you expect, not for a time",
    "time.sleep" + r"\((?!0\.)": "poll, twenty times a second",
}
ALLOWED = {"tests/cast.py", "tests/integration/test_snapshot.py"}
SIGN_IN = "Se " + "connecter"


def files_of_tests():
    return [p for p in tracked() if relative(p).startswith("tests/") and p.suffix == ".py"]


@pytest.mark.parametrize("pattern", COSTLY)
def test_no_costly_habit(pattern):
    found = [
        f"{relative(path)}: {COSTLY[pattern]}"
        for path in files_of_tests()
        if relative(path) not in ALLOWED and re.search(pattern, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_the_browser_signs_in_by_the_form_once():
    """Elsewhere `open_page(path, account=…)`: the form and the page after it cost three seconds."""
    uses = [
        relative(path)
        for path in files_of_tests()
        if relative(path).startswith("tests/e2e/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and node.value == SIGN_IN
    ]
    assert uses == ["tests/e2e/test_agenda.py"]
