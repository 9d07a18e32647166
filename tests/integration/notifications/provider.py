"""A provider of the tests' own: a real HTTP server that answers what the test says."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class _Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.server.requests.append((self.path, dict(self.headers), json.loads(body)))
        status, content, wait = self.server.answer
        threading.Event().wait(wait)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_args):
        pass


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Answers)
        self.requests = []
        self.answer = (500, b"", 0)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def says(self, status, content=b"", *, wait=0):
        """`content`: bytes as they are, anything else as JSON."""
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.answer = (status, raw, wait)

    def stop(self):
        self.shutdown()
        self.thread.join()
        self.server_close()
