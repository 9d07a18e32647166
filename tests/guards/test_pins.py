"""Pins carry hashes, and no address: each machine has its own index."""

from __future__ import annotations

import json
import re
import tomllib

import pytest

from tests.guards.project import ROOT

PINS = sorted((ROOT / "requirements").glob("*.txt"))
EXACT = re.compile(r"^[a-z0-9-]+(\[[a-z0-9,-]+\])?==[^ ]+( ; .+)? \\$")


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_each_requirement_is_exact_and_hashed(path):
    lines = path.read_text().splitlines()
    requirements = [
        (line, following)
        for line, following in zip(lines, [*lines[1:], ""], strict=True)
        if line and not line.startswith((" ", "#"))
    ]
    assert requirements
    for line, following in requirements:
        assert EXACT.match(line), f"{path.name}: {line}"
        assert following.strip().startswith("--hash=sha256:"), f"{path.name}: {line}"


@pytest.mark.parametrize("path", PINS, ids=lambda path: path.name)
def test_no_requirement_file_names_an_index(path):
    text = path.read_text()
    assert not re.search(r"^\s*-(?!-hash)", text, re.MULTILINE)
    assert "://" not in text


def test_each_dependency_of_pyproject_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    wanted = {
        "prod.txt": project["dependencies"],
        "base.txt": project["dependencies"] + extras["embedded"],
        "dev.txt": project["dependencies"] + extras["embedded"] + extras["dev"],
    }
    for name, dependencies in wanted.items():
        pinned = set(
            re.findall(r"^([a-z0-9-]+)", (ROOT / "requirements" / name).read_text(), re.MULTILINE)
        )
        asked = {re.match(r"[A-Za-z0-9-]+", text)[0].lower() for text in dependencies}
        assert asked <= pinned, f"{name}: run `make pins`"


def test_the_three_files_agree():
    pins = {}
    for name in ("prod.txt", "base.txt", "dev.txt"):
        text = (ROOT / "requirements" / name).read_text()
        pins[name] = set(re.findall(r"^([^\s]+==[^\s]+)", text, re.MULTILINE))
    assert pins["prod.txt"] <= pins["base.txt"] <= pins["dev.txt"]


def test_the_npm_lock_file_names_no_registry():
    lock = json.loads((ROOT / "package-lock.json").read_text())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert packages
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert [name for name, package in packages.items() if "integrity" not in package] == []
    assert "omit-lockfile-registry-resolved=true" in (ROOT / ".npmrc").read_text()
