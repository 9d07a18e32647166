"""A checkout of its own: the servers of the running tests are never touched."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from rdv.embedded_place import Place
from tests.guards.project import ROOT

MODULES = ("__init__", "embedded", "embedded_place", "embedded_servers")


class Checkout:
    """A folder with the embedded servers alone, and what runs from it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        (path / "rdv").mkdir(parents=True)
        for name in MODULES:
            shutil.copy(ROOT / "rdv" / f"{name}.py", path / "rdv")
        hidden = {"DATABASE_URL", "REDIS_URL"}
        self.env = {name: value for name, value in os.environ.items() if name not in hidden}
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *command: str, profile: str = "test", **env: str) -> subprocess.Popen[str]:
        words = [sys.executable, "-m", "rdv.embedded", "exec", "--profile", profile, "--"]
        process = subprocess.Popen(
            [*words, *command],
            cwd=self.path,
            env={**self.env, **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def run(self, *command: str, profile: str = "test", **env: str) -> tuple[int, str, str]:
        process = self.start(*command, profile=profile, **env)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def processes(self) -> list[int]:
        """Every process that names this checkout or works in it: keepers and servers."""
        found = []
        sockets = str(Place("test", self.path).sockets().parent)
        for process in Path("/proc").glob("[0-9]*"):
            try:
                words = (process / "cmdline").read_bytes().decode().replace("\0", " ")
                folder = str((process / "cwd").readlink())
            except OSError:
                continue
            if str(self.path) in f"{folder} {words}" or sockets in words:
                found.append(int(process.name))
        return found

    def wait_until(self, condition) -> bool:
        deadline = time.monotonic() + 120  # a busy machine
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.05)
        return False

    def hold(self, name: str, profile: str = "test") -> subprocess.Popen[str]:
        """A run that says `<name>.begun`, and ends when `let_go(name)` is called."""
        begun, end = self.path / f"{name}.begun", self.path / f"{name}.end"
        script = 'touch "$1"; while [ ! -e "$2" ]; do sleep 0.05; done'
        run = self.start("sh", "-c", script, "sh", str(begun), str(end), profile=profile)
        assert self.wait_until(begun.exists)
        return run

    def let_go(self, name: str) -> None:
        (self.path / f"{name}.end").touch()

    def kill_everything(self) -> None:
        for pid in self.processes():
            with contextlib.suppress(ProcessLookupError):  # it died with its parent
                os.kill(pid, signal.SIGKILL)

    def clean(self) -> None:
        self.kill_everything()
        for process in self.started:
            process.communicate()
        for profile in ("dev", "test"):
            shutil.rmtree(Place(profile, self.path).sockets().parent, ignore_errors=True)


@pytest.fixture
def checkout() -> Iterator[Checkout]:
    # pytest's own folder is private, and root's servers run as nobody
    folder = Path(tempfile.mkdtemp(prefix="rdv-checkout-"))
    folder.chmod(0o755)
    made = Checkout(folder / "une copie à part")
    yield made
    made.clean()
    shutil.rmtree(folder)
