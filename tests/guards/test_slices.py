"""One slice, one name: a view has its template and its integration test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.guards.project import APPS, ROOT, relative, tracked, tree

VIEWS = [
    path
    for path in tracked()
    if path.suffix == ".py"
    and path.name != "__init__.py"
    and relative(path).startswith(tuple(f"{app}/views/" for app in APPS))
]
# Views that show no page of their own, each with what it answers.
WITHOUT_TEMPLATE = {
    "agents/views/home.py": "redirects to the agenda of the first organisation",
    "notifications/views/message_part.py": "answers a part of a message, as it was sent",
}


def place(path: Path) -> tuple[str, Path, str]:
    """Return (app, sub-folder, slice) of `<app>/views/<sub-folder>/<slice>.py`."""
    parts = path.relative_to(ROOT)
    return parts.parts[0], Path(*parts.parts[2:-1]), path.stem


@pytest.mark.parametrize("path", VIEWS, ids=relative)
def test_each_view_has_its_template(path):
    app, folder, name = place(path)
    home = ROOT / "templates" / app / folder
    found = (home / f"{name}.html").exists() or (home / name).is_dir()
    assert found != (relative(path) in WITHOUT_TEMPLATE)


@pytest.mark.parametrize("path", VIEWS, ids=relative)
def test_each_view_has_its_integration_test(path):
    app, _folder, name = place(path)
    assert list((ROOT / "tests" / "integration" / app).rglob(f"test_{name}*.py"))


@pytest.mark.parametrize("path", VIEWS, ids=relative)
def test_no_view_asks_a_table_directly(path):
    """Rows come from policies and queries, which know who asks."""
    managers = {"objects", "_default_manager", "_base_manager"}
    found = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr in managers
    ]
    assert found == []
