"""`make run`: servers, migrations, demo data once, then web + worker + beat until Ctrl-C."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from rdv.embedded import Servers, running
from rdv.embedded_place import PROJECT, EmbeddedError, die_with_parent

START_SECONDS = 60
STOP_SECONDS = 10
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopAsked(Exception):  # noqa: N818 it is no error
    """Ctrl-C, or a request to end."""


def say(text: str) -> None:
    print(f"rdv: {text}", flush=True)


def read_port() -> int:
    """Return the port asked by PORT, free. Raises EmbeddedError."""
    word = os.environ.get("PORT") or "8000"
    if not word.isdigit() or not 0 < int(word) < 2**16:
        raise EmbeddedError(f"PORT={word} is not a port number (1 to 65535).")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", int(word)))
        except PermissionError as error:
            raise EmbeddedError(
                f"Port {word} is kept for root: choose another, `make run PORT=8001`."
            ) from error
        except OSError as error:
            raise EmbeddedError(
                f"Port {word} is in use (is the site already running?): "
                "stop that program or choose another port, `make run PORT=8001`."
            ) from error
    return int(word)


def web_command(port: int) -> list[str]:
    """Gunicorn, as in production; it starts its workers again when code or a template changes."""
    templates = [path for path in PROJECT.glob("**/templates/**/*.html") if "/." not in str(path)]
    watched = [f"--reload-extra-file={path}" for path in templates if MODULES not in path.parents]
    return [
        *["gunicorn", "rdv.wsgi", "--bind", f"127.0.0.1:{port}", "--no-control-socket"],
        *["--workers", "2", "--threads", "4", "--graceful-timeout", "5", "--log-level", "error"],
        *["--access-logfile", str(PROJECT / ".local" / "dev" / "access.log")],
        *["--reload", *watched],
    ]


MODULES = PROJECT / "node_modules"
LOGINS = PROJECT / ".local" / "dev" / "logins.txt"
# Root is at home in a container; celery would say otherwise in eight lines.
ROOT_IS_FINE = ["-W", "ignore:You're running the worker with superuser privileges"]
CELERY = ["celery", "-q", "-A", "rdv.celery"]
WORKER = ["worker", "--without-gossip", "--without-mingle", "-c", "2", "-l", "WARNING"]
BEAT = ["beat", "-l", "WARNING", "--pidfile=", "--schedule=.local/dev/celerybeat-schedule"]


class Supervisor:
    def __init__(self, servers: Servers, port: int) -> None:
        self.servers = servers
        self.port = port
        self.asked: list[int] = []
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.env = {
            **os.environ,
            **servers.variables,
            "DJANGO_SETTINGS_MODULE": "rdv.settings.dev",
            "SITE_URL": os.environ.get("SITE_URL") or f"http://localhost:{port}",
            "PYTHONUNBUFFERED": "1",
        }

    def watch_signals(self) -> None:
        for signum in SIGNALS:
            signal.signal(signum, lambda received, _frame: self.asked.append(received))

    def start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """Start in its own session: Ctrl-C reaches the supervisor alone, which stops in order."""
        self.processes[name] = subprocess.Popen(
            [sys.executable, *command],
            cwd=PROJECT,
            env=self.env,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )
        return self.processes[name]

    def pause(self, seconds: float) -> None:
        if self.asked:
            raise StopAsked
        time.sleep(seconds)

    def prepare(self) -> None:
        """Migrate, and load the demo data into an empty database."""
        words = ["manage.py", "prepare", "--logins", str(LOGINS)]
        process = self.start("manage.py prepare", words)
        while process.poll() is None:
            self.pause(0.05)
        if process.returncode != 0:
            raise EmbeddedError(
                "The database could not be prepared (see above); `make reset` starts afresh."
            )
        del self.processes["manage.py prepare"]

    def serve(self) -> None:
        """Start the web, and what nobody waits for once it answers."""
        self.start("web", ["-m", *web_command(self.port)])
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            self.check()
            if time.monotonic() > deadline:
                raise EmbeddedError(f"The site did not answer within {START_SECONDS} s.")
            self.pause(0.1)
        self.start("worker", [*ROOT_IS_FINE, "-m", *CELERY, *WORKER])
        self.start("beat", ["-m", *CELERY, *BEAT])

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/", timeout=20) as response:
                return bool(response.status)
        except urllib.error.HTTPError as error:
            raise EmbeddedError(f"The home page answers {error.code} (see above).") from error
        except OSError:
            return False

    def check(self) -> None:
        self.servers.check()
        for name, process in self.processes.items():
            if process.poll() is not None:
                raise EmbeddedError(f"{name} stopped by itself (code {process.returncode}).")

    def wait(self) -> None:
        while True:
            self.check()
            self.pause(0.2)

    def stop(self) -> None:
        """Ask each in reverse order, then end by force what is left of any group."""
        for process in reversed(self.processes.values()):
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in self.processes.values():
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
        for process in self.processes.values():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def greet(port: int) -> None:
    if LOGINS.exists():
        print(f"\n{LOGINS.read_text(encoding='utf-8').rstrip()}")
    print(f"\n  RDV is ready: http://localhost:{port}/   (Ctrl-C stops it)\n", flush=True)


def main() -> int:
    die_with_parent(signal.SIGTERM)
    (PROJECT / ".local" / "dev").mkdir(parents=True, exist_ok=True)
    try:
        port = read_port()
        with running("dev") as servers:
            supervisor = Supervisor(servers, port)
            supervisor.watch_signals()
            try:
                supervisor.prepare()
                supervisor.serve()
                greet(port)
                supervisor.wait()
            finally:
                supervisor.stop()
    except EmbeddedError as error:
        say(str(error))
        return 1
    except (StopAsked, KeyboardInterrupt):
        say("stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
