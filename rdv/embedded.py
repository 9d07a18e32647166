"""Embedded PostgreSQL and Valkey for development and tests, shared by the runs of a checkout.

    python -m rdv.embedded exec [--profile dev|test|bench] -- CMD…   run CMD with both servers
    python -m rdv.embedded reset [--profile dev|test|bench]          forget the data

A server named by DATABASE_URL or REDIS_URL is used as it is, and its embedded twin not started.

Each server has a keeper: a small process, its parent, started by the first run that needs it. Every
run holds a shared lock on `<server>.users`; the keeper stops its server when it gets that lock for
itself, that is when the last run has ended, in whatever way: the kernel releases the locks of a
process killed with -9. When the keeper is killed, the kernel stops the server.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from rdv.embedded_place import PROFILES, EmbeddedError, Place, die_with_parent
from rdv.embedded_servers import SERVERS, Server, clear_leftovers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

POLL_SECONDS = 0.1


def try_lock(handle: IO[str], mode: int) -> bool:
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class Lease:
    """One run's right to one server, from `take` to `give_back`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.home = server.place.home
        self.users: IO[str] | None = None
        self.keeper: subprocess.Popen[bytes] | None = None

    def file(self, suffix: str) -> Path:
        return self.home / f"{self.server.name}.{suffix}"

    def alive(self) -> bool:
        """Whether the keeper lives and its server has answered."""
        return not self.keeper_gone() and self.file("ready").exists()

    def keeper_gone(self) -> bool:
        with self.file("keeper").open("a+") as handle:
            return try_lock(handle, fcntl.LOCK_SH)  # shared: those who look do not see each other

    def take(self) -> None:
        """Join the running server or start it. Raises EmbeddedError."""
        self.server.place.prepare()
        self.users = self.file("users").open("a+")
        fcntl.flock(self.users, fcntl.LOCK_SH)  # waits for a keeper that is stopping
        with (self.home / "start.lock").open("a+") as start:
            fcntl.flock(start, fcntl.LOCK_EX)
            if self.keeper_gone():
                self._start_keeper()
            self._wait()

    def _start_keeper(self) -> None:
        for suffix in ("ready", "error"):
            self.file(suffix).unlink(missing_ok=True)
        command = [sys.executable, "-m", "rdv.embedded", "keep", self.server.name]
        with self.file("keeper.log").open("wb") as log:
            self.keeper = subprocess.Popen(
                [*command, "--profile", self.server.place.profile],
                cwd=self.server.place.project,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _wait(self) -> None:
        while not self.file("ready").exists():
            ended = self.keeper_gone() if self.keeper is None else self.keeper.poll() is not None
            if ended and not self.file("ready").exists():
                error = self.file("error")
                log = self.file("keeper.log")
                raise EmbeddedError(error.read_text() if error.exists() else f"See {log}.")
            time.sleep(0.02)

    def give_back(self) -> None:
        """Release the lock; the last one waits until the server has stopped."""
        if self.users is None:
            return
        fcntl.flock(self.users, fcntl.LOCK_UN)
        while not self.keeper_gone():
            if try_lock(self.users, fcntl.LOCK_EX):  # nobody else: the keeper will see it
                fcntl.flock(self.users, fcntl.LOCK_UN)
            elif try_lock(self.users, fcntl.LOCK_SH):  # others stay
                break
            time.sleep(POLL_SECONDS / 3)
        self.users.close()
        if self.keeper is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.keeper.wait(0 if self.alive() else 5)


def wanted(place: Place) -> list[Server]:
    """Return the servers that the environment does not name."""
    return [kind(place) for kind in SERVERS if not os.environ.get(kind.setting)]


@dataclass(frozen=True)
class Servers:
    """What a run holds: the variables that say where the servers are."""

    leases: list[Lease]

    @property
    def variables(self) -> dict[str, str]:
        return {lease.server.setting: lease.server.url() for lease in self.leases}

    def check(self) -> None:
        """Raise EmbeddedError when a server has gone."""
        for lease in self.leases:
            if not lease.alive():
                raise EmbeddedError(f"{lease.server.name} has gone: {lease.server.last_words()}")


@contextlib.contextmanager
def running(profile: str) -> Iterator[Servers]:
    """Hold the servers of a profile. Raises EmbeddedError."""
    place = Place(profile)
    leases = [Lease(server) for server in wanted(place)]
    try:
        for lease in leases:
            lease.take()
        yield Servers(leases)
    finally:
        for lease in reversed(leases):
            lease.give_back()


def keep(name: str, profile: str) -> int:
    """Be the keeper of a server: start it, wait for the end of its last user, stop it."""
    server = next(kind(Place(profile)) for kind in SERVERS if kind.name == name)
    lease = Lease(server)
    stop: list[int] = []
    signal.signal(signal.SIGTERM, lambda signum, _frame: stop.append(signum))
    for ignored in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    with lease.file("users").open("a+") as users, lease.file("keeper").open("a+") as kept:
        # A run that looks whether the keeper lives holds this lock for an instant.
        fcntl.flock(kept, fcntl.LOCK_EX)
        try:
            start(server)
            lease.file("ready").touch()
            while not stop and not try_lock(users, fcntl.LOCK_EX):
                server.check()
                time.sleep(POLL_SECONDS)
        except EmbeddedError as error:
            lease.file("error").write_text(str(error))
            return 1
        finally:
            lease.file("ready").unlink(missing_ok=True)
            server.stop()
            fcntl.flock(kept, fcntl.LOCK_UN)  # before the users': no run joins a keeper that leaves
    return 0


def start(server: Server) -> None:
    """Start; data of the tests that a crash has spoilt (fsync is off) is made anew."""
    try:
        server.start()
    except EmbeddedError:
        if server.place.profile != "test" or not server.data.exists():
            raise
        server.stop()
        shutil.rmtree(server.data)
        server.start()


def execute(profile: str, command: list[str]) -> int:
    """Run a command with the servers and return its exit code."""
    with running(profile) as servers:
        child = subprocess.Popen(
            command,
            env={**os.environ, **servers.variables},
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
        # Ctrl-C reaches the child by itself; what is sent to us alone is passed on.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        for signum in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(signum, lambda received, _frame: child.send_signal(received))
        code = child.wait()
    return 128 - code if code < 0 else code


def reset(profile: str) -> int:
    """Remove the data of a profile. Raises EmbeddedError while a run uses it."""
    place = Place(profile)
    place.prepare()
    for server in (kind(place) for kind in SERVERS):
        lease = Lease(server)
        with lease.file("users").open("a+") as users:
            if not try_lock(users, fcntl.LOCK_EX):
                raise EmbeddedError("The servers are in use: stop `make run` first.")
            while not lease.keeper_gone():
                fcntl.flock(users, fcntl.LOCK_UN)
                time.sleep(POLL_SECONDS)
            if server.data.exists():
                clear_leftovers(server.data)
                shutil.rmtree(server.data)
    return 0


def main(arguments: list[str]) -> int:
    split = arguments.index("--") if "--" in arguments else len(arguments)
    parser = argparse.ArgumentParser(prog="python -m rdv.embedded", allow_abbrev=False)
    parser.add_argument("action", choices=["exec", "reset", "keep"])
    parser.add_argument("server", nargs="?", help="for keep, which is internal")
    parser.add_argument("--profile", choices=PROFILES, default="dev")
    options = parser.parse_args(arguments[:split])
    command = arguments[split + 1 :]
    if options.action == "exec" and not command:
        parser.error("exec needs a command after --")
    try:
        if options.action == "exec":
            return execute(options.profile, command)
        if options.action == "reset":
            return reset(options.profile)
        return keep(options.server, options.profile)
    except EmbeddedError as error:
        print(f"rdv: {error}", file=sys.stderr)
        return 1
    except FileNotFoundError as error:
        print(f"rdv: {error.filename}: command not found", file=sys.stderr)
        return 127


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
