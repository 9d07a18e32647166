"""Templates: `{% load %}` in order, none forgotten."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from django.template.loaders.app_directories import get_app_template_dirs

from tests.guards.project import ROOT, product_files, relative, templates

LOAD = re.compile(r"{%\s*load\s+(?P<names>[^%]+?)\s*%}")
ICON = re.compile(r"fr-icon-[a-z0-9-]+")
# `fr-icon-eye{% if … %}`: the second group says that the name goes on.
ICON_USED = re.compile(r"(fr-icon-[a-z0-9][a-z0-9-]*)(.?)", re.DOTALL)


def test_each_load_is_sorted_and_alone():
    wrong = []
    for path in templates():
        loads = LOAD.findall(path.read_text(encoding="utf-8"))
        names = [name for words in loads for name in words.split(" from ")[-1].split()]
        if names != sorted(names) or len(names) != len(set(names)):
            wrong.append(f"{relative(path)}: {names}")
    assert wrong == []


@cache
def sources() -> str:
    """All code and templates that may name a template."""
    paths = [*product_files(), *templates()]
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def overrides_a_package(name: str) -> bool:
    return any((Path(folder) / name).exists() for folder in get_app_template_dirs("templates"))


def is_used(path: Path) -> bool:
    name = path.relative_to(ROOT / "templates").as_posix()
    quoted = (f'"{name}"', f"'{name}'")
    if any(words in sources() for words in quoted) or overrides_a_package(name):
        return True
    # A message: the folder is its kind, the file its channel (notifications/messages).
    kind = path.parent.name
    return name.startswith("notifications/") and f'"{kind}"' in sources()


def test_no_template_is_forgotten():
    assert [relative(path) for path in templates() if not is_used(path)] == []


def test_I02_each_icon_exists():
    """An icon that the design system does not know shows as an empty space."""
    path = get_app_template_dirs("static/dsfr/dist/utility")[0]
    known = set(ICON.findall((Path(path) / "utility.min.css").read_text(encoding="utf-8")))
    used = {
        f"{relative(path)}: {name}"
        for path in templates()
        for name, rest in ICON_USED.findall(path.read_text(encoding="utf-8"))
        if name not in known and rest != "{"
    }
    assert used == set()
