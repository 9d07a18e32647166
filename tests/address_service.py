"""The national address service, played by a real HTTP server with answers recorded in its form."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator


def feature(
    label: str,
    city: str,
    city_code: str,
    key: str,
    *,
    score: float = 0.95,
    **more: Any,
) -> dict[str, Any]:
    """Return a line with the properties of the service for an address; `more` adds or replaces."""
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [2.777535, 50.291002]},
        "properties": {
            "label": label,
            "score": score,
            "housenumber": label.split(" ", maxsplit=1)[0],
            "id": key,
            "banId": None,
            "name": label.split(",", maxsplit=1)[0],
            "postcode": f"{city_code[:2]}000",
            "citycode": city_code,
            "oldcitycode": None,
            "x": 684_200.11,
            "y": 7_021_800.4,
            "city": city,
            "oldcity": None,
            "context": "62, Pas-de-Calais, Hauts-de-France",
            "type": "housenumber",
            "importance": 0.58,
            "street": "Rue de la Paix",
            "_type": "address",
            **more,
        },
    }


ARRAS = feature("12 Rue de la Paix 62000 Arras", "Arras", "62041", "62041_0270_00012")
LENS = feature("12 Rue de la Paix 62300 Lens", "Lens", "62498", "62498_1540_00012", score=0.93)
# A commune alone: its identifier is its code, without street.
LILLE = feature(
    "Lille",
    "Lille",
    "59350",
    "59350",
    type="municipality",
    name="Lille",
    housenumber=None,
    street=None,
    population=236_710,
    municipality="Lille",
)
# Found by arrondissement, `city` stays the town: zones there name the arrondissements.
PARIS = feature(
    "12 Rue de la Paix 75002 Paris",
    "Paris",
    "75102",
    "75102_7140_00012",
    district="Paris 2e Arrondissement",
)


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        service: AddressService = self.server  # type: ignore[assignment]
        service.asked.append(parse_qs(urlsplit(self.path).query)["q"][0])
        threading.Event().wait(service.wait)
        self.send_response(service.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(service.body)))
        self.end_headers()
        self.wfile.write(service.body)

    def log_message(self, *_args: object) -> None:
        pass


class AddressService(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[str] = []
        self.finds()

    def finds(self, *features: dict[str, Any]) -> None:
        self.says(200, {"type": "FeatureCollection", "features": list(features)})

    def says(self, status: int, body: Any, *, wait: float = 0) -> None:
        """`body`: bytes as they are, anything else as JSON."""
        self.status, self.wait = status, wait
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


@contextmanager
def running(settings: Any) -> Iterator[AddressService]:
    """Play the service, and let the site know where it is."""
    service = AddressService()
    thread = threading.Thread(target=service.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.ADDRESS_API_URL = f"http://127.0.0.1:{service.server_address[1]}/geocodage/search"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    try:
        yield service
    finally:
        service.shutdown()
        thread.join()
        service.server_close()
