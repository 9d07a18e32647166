"""What is missing is said in one sentence, with the way to go on."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rdv import bootstrap


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "requirements").mkdir()
    for name in ("base.txt", "dev.txt", "bootstrap.txt", "node.txt"):
        (tmp_path / "requirements" / name).write_text(name)
    (tmp_path / "package-lock.json").write_text("{}")
    monkeypatch.setattr(bootstrap, "PROJECT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(bootstrap, "MODULES", tmp_path / "node_modules")
    return tmp_path


def refuse(*_command, **_options):
    raise AssertionError("nothing should be run")


def test_setup_a_missing_venv_module_is_named(project, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap.importlib.util, "find_spec", lambda _name: None)
    assert bootstrap.main("run") == 1
    assert "apt-get install python3-venv" in capsys.readouterr().out


def answers(code):
    return lambda *_command, **_options: subprocess.CompletedProcess([], code, "", "")


@pytest.mark.parametrize(
    ("compiled", "chosen", "serves", "own"),
    [
        ("--prefix=/opt/pyenv", None, 0, False),
        ("--prefix=/opt/pyenv", None, 1, True),  # too old, or without its venv module
        ("--prefix=/opt/pyenv", "python3.13", 0, True),
        ("'--enable-optimizations' '--with-lto'", None, 0, True),
    ],
)
def test_setup_the_quicker_python_unless_one_is_asked_for(
    monkeypatch, compiled, chosen, serves, own
):
    monkeypatch.setattr(bootstrap.sysconfig, "get_config_var", lambda _name: compiled)
    monkeypatch.setattr(bootstrap, "SYSTEM_PYTHON", Path(sys.executable).parent)
    monkeypatch.setattr(bootstrap, "run", answers(serves))
    monkeypatch.delenv("PYTHON", raising=False)
    if chosen:
        monkeypatch.setenv("PYTHON", chosen)
    assert (bootstrap.interpreter() == sys.executable) is own


def test_setup_a_first_start_without_network_says_so(project, monkeypatch, capsys):
    failed = subprocess.CompletedProcess([], 1, "", "ERROR: no address associated with hostname")
    monkeypatch.setattr(bootstrap, "ensure_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "run", lambda *_command, **_options: failed)
    assert bootstrap.main("run") == 1
    said = capsys.readouterr().out
    assert "The first start needs the network" in said
    assert "no address associated" in said


def test_setup_a_second_start_runs_nothing(project, monkeypatch):
    (project / ".venv").mkdir()
    (project / "node_modules").mkdir()
    pins = bootstrap.digest("requirements/base.txt")
    (project / ".venv" / ".rdv-installed").write_text(json.dumps({"base": pins}))
    lock = bootstrap.digest("package-lock.json")
    (project / "node_modules" / ".rdv-installed").write_text(json.dumps({"lock": lock}))
    monkeypatch.setattr(bootstrap, "ensure_venv", lambda: None)
    monkeypatch.setattr(bootstrap, "run", refuse)
    assert bootstrap.main("run") == 0


def test_setup_changed_pins_are_installed_and_dev_stays_dev(project, monkeypatch):
    (project / ".venv").mkdir()
    (project / ".venv" / ".rdv-installed").write_text(json.dumps({"dev": "old"}))
    asked = []
    monkeypatch.setattr(bootstrap, "install", asked.append)
    bootstrap.ensure_packages("run")
    bootstrap.ensure_packages("run")
    assert asked == ["dev.txt"]


def test_setup_a_linked_environment_is_left_alone(project, monkeypatch):
    (project / "other").mkdir()
    (project / "node_modules").symlink_to(project / "other")
    (project / ".venv").symlink_to(project / "other")
    monkeypatch.setattr(bootstrap, "run", refuse)
    bootstrap.ensure_packages("dev")
    bootstrap.ensure_modules()


def test_setup_a_folder_of_another_user_is_named(project, monkeypatch, capsys):
    (project / ".local").write_text("a file where the folder should be")
    assert bootstrap.main("run") == 1
    assert "cannot be written" in capsys.readouterr().out
