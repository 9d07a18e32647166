"""An object storage on this machine: just enough of S3 to keep, list, read and delete objects."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

from tests.factories.planning import NOW

KEY, BUCKET = "the-key", "exports"
ENTRY = "<Contents><Key>{}</Key><LastModified>{}</LastModified><Size>{}</Size></Contents>"
LISTING = (
    '<?xml version="1.0"?><ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>'
)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    @property
    def objects(self):
        return self.server.objects

    def answer(self, status, body=b"", *, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        self.send_header("Last-Modified", format_datetime(NOW, usegmt=True))
        self.send_header("ETag", '"1"')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def allowed(self):
        """Requests are signed with our key, and nobody asks for a public object."""
        signed = f"AWS4-HMAC-SHA256 Credential={KEY}/" in self.headers.get("Authorization", "")
        public = "x-amz-acl" in self.headers
        if not signed or public:
            self.answer(403)
        return signed and not public

    def key(self):
        bucket, _, key = unquote(urlsplit(self.path).path).lstrip("/").partition("/")
        assert bucket == BUCKET
        return key

    def do_PUT(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.allowed():
            self.objects[self.key()] = body
            self.answer(200)

    def do_GET(self):
        if not self.allowed():
            return
        if not self.key():
            self.list()
        elif self.key() in self.objects:
            self.answer(200, self.objects[self.key()])
        else:
            self.answer(404)

    def do_HEAD(self):
        if self.allowed():
            found = self.objects.get(self.key())
            self.answer(404) if found is None else self.answer(200, length=len(found))

    def do_DELETE(self):
        if self.allowed():
            self.objects.pop(self.key(), None)
            self.answer(204)

    def list(self):
        (prefix,) = parse_qs(urlsplit(self.path).query).get("prefix", [""])
        entries = "".join(
            ENTRY.format(escape(key), NOW.isoformat(), len(body))
            for key, body in sorted(self.objects.items())
            if key.startswith(prefix)
        )
        self.answer(200, LISTING.format(entries).encode())


@contextmanager
def object_storage():
    """Yield the address for EXPORT_STORAGE, and the objects by name."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.objects = {}
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    host = f"127.0.0.1:{server.server_address[1]}"
    try:
        yield f"s3://{KEY}:s%2Fecret@{host}/{BUCKET}?tls=0&region=fr-par&prefix=rdv", server.objects
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
