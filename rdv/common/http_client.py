"""The only way out to an HTTP service: time-outs, no redirection, no private address.

The address is checked where the connection is made, not on the name before it: a name that changes
its mind in between (DNS rebinding) gets nowhere.
"""

from __future__ import annotations

import ipaddress
import json
import socket
import time
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import httpcore
import httpx
from django.conf import settings

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable, Mapping

TIMEOUT_SECONDS = 15.0
MOST_BYTES = 1_000_000
PRIVATE_ADDRESS = "PrivateAddress"


class UnreachableError(Exception):
    """No usable answer came. The message names the kind of failure, never an address or a text."""


@dataclass(frozen=True)
class Answer:
    """`data`: the JSON of the body, None when there is none that can be read."""

    status: int
    data: Any = None


@dataclass(frozen=True)
class Page:
    """An answer as it came. `kind`: its media type in lower case, without parameters."""

    status: int
    kind: str
    content: bytes

    def json(self) -> Any:
        """Return what the body says, None when it cannot be read."""
        return _json(self.content)


def post_json(
    url: str,
    body: object,
    *,
    headers: Mapping[str, str],
    timeout: float = TIMEOUT_SECONDS,
) -> Answer:
    """Send `body` as JSON and return the answer, whatever its status. Raises UnreachableError.

    `timeout`: seconds for the whole exchange.
    """
    page = _exchange("POST", url, headers, timeout, json=body)
    return Answer(page.status, page.json())


def get(
    url: str,
    *,
    headers: Mapping[str, str],
    timeout: float = TIMEOUT_SECONDS,
    allows_private: bool = False,
) -> Page:
    """Return what is there, whatever its status. Raises UnreachableError.

    `allows_private`: for a host that the deployment names, never one that somebody types.
    """
    return _exchange("GET", url, headers, timeout, allows_private=allows_private)


def post_form(
    url: str,
    fields: Mapping[str, str],
    *,
    headers: Mapping[str, str],
    timeout: float = TIMEOUT_SECONDS,
) -> Page:
    """Send `fields` as a form would and return the answer. Raises UnreachableError."""
    return _exchange("POST", url, headers, timeout, data=dict(fields))


def _exchange(
    method: str,
    url: str,
    headers: Mapping[str, str],
    timeout: float,
    *,
    allows_private: bool = False,
    **body: Any,
) -> Page:
    end = time.monotonic() + timeout
    try:
        with (
            httpx.Client(
                transport=_transport(
                    allows_private=allows_private or settings.HTTP_CLIENT_ALLOWS_PRIVATE
                ),
                timeout=timeout,
                trust_env=False,
            ) as client,
            client.stream(method, url, headers=dict(headers), **body) as response,
        ):
            kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            return Page(response.status_code, kind, _read(response, end))
    except (httpx.HTTPError, httpx.InvalidURL, httpcore.NetworkError, OSError) as error:
        raise UnreachableError(type(error).__name__) from error


def _read(response: httpx.Response, end: float) -> bytes:
    content = b""
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES:
            raise UnreachableError("AnswerTooLong")
        if time.monotonic() > end:
            raise UnreachableError("AnswerTooSlow")
    return content


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def _transport(*, allows_private: bool) -> httpx.HTTPTransport:
    transport = httpx.HTTPTransport(verify=_tls(), retries=0)
    if not allows_private:
        transport._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            network_backend=_PublicOnly(),
        )
    return transport


@cache
def _tls() -> ssl.SSLContext:
    """Read the authorities once: it takes longer than the exchange."""
    return httpx.create_ssl_context(trust_env=False)


class _PublicOnly(httpcore.SyncBackend):
    """Connects to the address that it has checked; TLS still checks the name."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        return super().connect_tcp(
            public_address(host, port), port, timeout, local_address, socket_options
        )


def public_address(host: str, port: int) -> str:
    """Return an address of `host`. Raises UnreachableError when one of them is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise UnreachableError("UnknownHost") from error
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(ipaddress.ip_address(one).is_global for one in addresses):
        raise UnreachableError(PRIVATE_ADDRESS)
    return addresses[0]
