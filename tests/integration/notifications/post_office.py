"""What the process tests need, all real: a broker, an SMTP server, workers, and their ends."""

from __future__ import annotations

import email
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from celery import Celery

from rdv.celery import app
from rdv.embedded_place import Place
from rdv.embedded_servers import Valkey
from tests import processes
from tests.processes import PATIENCE_SECONDS

# The kernel ends the child with us, however we end; the mark outlives exec.
DIE_WITH_US = """
import os, sys
from rdv.embedded_place import die_with_parent
die_with_parent(9)
os.execv(sys.argv[1], sys.argv[1:])
"""


def wait_until(is_true, what):
    """Wait for a state, never for a time. Fails the test when it does not come."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not is_true():
        assert time.monotonic() < end, f"never happened: {what}"
        time.sleep(0.05)


class _Session(socketserver.StreamRequestHandler):
    """Just enough SMTP: accepts every mail and keeps it."""

    def handle(self):
        self.say("220 test")
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                self.say("354 go")
                self.keep()
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def keep(self):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.server.mails.append(email.message_from_bytes(b"".join(lines)))
        self.say("250 accepted")

    def say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails = []
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05})
        self.thread.start()

    @property
    def message_ids(self):
        return [mail["Message-ID"] for mail in self.mails]

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()


class Broker:
    """A Valkey of the test's own, without persistence: what it held dies with it."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rdv-broker-"))
        self.socket = self.folder / "valkey.sock"
        self.url = f"redis+socket://{self.socket}?virtual_host=0"
        self.process = None
        self.start()

    def start(self):
        binary = Valkey(Place("test")).command()[0]
        options = {"port": "0", "dir": self.folder, "unixsocket": self.socket, "save": ""}
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        command = [sys.executable, "-c", DIE_WITH_US, binary, *words]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        wait_until(self.socket.exists, "the broker listens")

    def kill(self):
        self.process.kill()
        self.process.wait()
        self.socket.unlink(missing_ok=True)

    def remove(self):
        self.kill()
        shutil.rmtree(self.folder)


class PostOffice:
    """Everything between enqueue() and the mailbox. The test process publishes to `broker`."""

    def __init__(self, log_folder):
        self.log_folder = log_folder
        self.broker = Broker()
        self.provider = MailServer()
        self.workers = []
        self.publisher = Celery("publisher", set_as_current=True)
        self.publisher.config_from_object("django.conf:settings", namespace="CELERY")
        self.publisher.conf.broker_url = self.broker.url

    def start_worker(self, *, kill_at=""):
        """Start a worker process; it is ready when it answers. `kill_at`: see killers.py."""
        log = self.log_folder / f"worker-{len(self.workers)}.log"
        worker = processes.start(
            "celery",
            *("-A", "rdv.celery", "worker", "--pool", "solo", "-l", "INFO"),
            *("--without-gossip", "--without-mingle"),
            log=log,
            DJANGO_SETTINGS_MODULE="tests.integration.notifications.worker_settings",
            REDIS_URL=self.broker.url,
            RDV_TEST_SMTP_PORT=str(self.provider.server_address[1]),
            RDV_TEST_KILL_AT=kill_at,
        )
        self.workers.append(worker)
        return worker

    def sweep_until(self, is_true, what):
        """Play beat, faster: publish the sweeper's task until the state comes."""

        def swept():
            self.publisher.send_task("sweep_outbox")
            time.sleep(0.2)
            return is_true()

        wait_until(swept, what)

    def close(self):
        for worker in self.workers:
            worker.kill()
        self.provider.stop()
        self.publisher.close()
        app.set_current()
        self.broker.remove()
