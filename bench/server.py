"""The site as production serves it: gunicorn, two processes, on this machine only."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from bench.database import PROJECT
from rdv.embedded_place import die_with_parent

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "127.0.0.1"
WORKERS = 2
# As in the Procfile.
OPTIONS = ("--threads=4", "--no-control-socket", f"--workers={WORKERS}", "--log-level=warning")
START_SECONDS = 30


@contextlib.contextmanager
def running() -> Iterator[int]:
    """Serve rdv.wsgi with the settings and the database of this process; give the port."""
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "rdv.wsgi", f"--bind={HOST}:{port}", *OPTIONS]
    server = subprocess.Popen(
        command,
        cwd=PROJECT,
        env={**os.environ, "PYTHONWARNINGS": "ignore"},
        preexec_fn=lambda: die_with_parent(signal.SIGTERM),  # noqa: PLW1509
    )
    try:
        _wait(server, port)
        yield port
    finally:
        server.terminate()
        server.wait(10)


def _wait(server: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise RuntimeError("gunicorn has stopped.")
        with contextlib.suppress(OSError, http.client.HTTPException):
            Browser(port).get("/")
            return
        time.sleep(0.1)
    raise RuntimeError("gunicorn does not answer.")


class Browser:
    """One keep-alive connection with its cookies."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection(HOST, port, timeout=30)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> tuple[int, str]:
        return self.send("GET", path)

    def post(self, path: str, body: str) -> tuple[int, str]:
        return self.send("POST", path, body)

    def send(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Return the status and the page; a connection that the server closed is opened again."""
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self.connection.request(method, path, body or None, headers)
            response = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError):
            if method != "GET":
                raise
            self.connection.close()
            self.connection.request(method, path, None, headers)
            response = self.connection.getresponse()
        page = response.read().decode()
        for line in response.headers.get_all("Set-Cookie") or ():
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return response.status, page
