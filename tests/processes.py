"""Processes that a test starts, and kills or lets die: children of tests/nursery.py."""

from __future__ import annotations

import atexit
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

PATIENCE_SECONDS = 120


def database_url() -> str:
    """Return the address of the database of this test process."""
    database = connection.settings_dict
    user, password, host = (quote(database[name], safe="") for name in ("USER", "PASSWORD", "HOST"))
    port = f"&port={database['PORT']}" if database["PORT"] else ""
    return f"postgres://{user}:{password}@/{database['NAME']}?host={host}{port}"


class Nursery:
    """The process that forks, started by the first test that needs a child."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "rdv.settings.test",
                "DATABASE_URL": database_url(),
            },
        )
        atexit.register(self.close)

    def ask(self, **request: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self) -> None:
        self.process.communicate()


@cache
def nursery() -> Nursery:
    return Nursery()


@dataclass
class Child:
    """A process; `returncode` as `subprocess` gives it (minus the signal), None while it lives."""

    pid: int
    log: Path
    returncode: int | None = None

    def wait(self) -> int:
        end = time.monotonic() + PATIENCE_SECONDS
        while self.returncode is None:
            assert time.monotonic() < end, self.log.read_text()
            self.returncode = nursery().ask(pid=self.pid)
            time.sleep(0.02)
        return self.returncode

    def kill(self) -> None:
        if self.returncode is None:
            os.kill(self.pid, signal.SIGKILL)
            self.wait()


def start(module: str, *argv: str, log: Path, **env: str) -> Child:
    """Start the module as `python -m` does; what it says goes to the log."""
    asked = {"module": module, "argv": argv, "log": str(log), "env": env}
    return Child(nursery().ask(**asked), log)


def run(module: str, *argv: str, **env: str) -> tuple[int, str]:
    """Run the module to its end; return its code and what it said."""
    with tempfile.TemporaryDirectory() as folder:
        child = start(module, *argv, log=Path(folder, "log"), **env)
        return child.wait(), child.log.read_text()


def run_killed(module: str, *argv: str, **env: str) -> None:
    """Run a module that kills itself, -9; fail with what it said when it did not."""
    code, said = run(module, *argv, **env)
    assert code == -signal.SIGKILL, said
