"""Which pages may show the booking journey in a frame, as browsers are told (A10). Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_HOST = re.compile(r"(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_LOCAL = re.compile(r"(?:localhost|127\.0\.0\.1)(?::[0-9]{1,5})?")


def frame_origins(hosts: Iterable[str], *, allows_local: bool) -> list[str]:
    """Return the origins of a territoire's list, in order: « https://www.ville.fr ».

    Of this machine, in http and with a port, only where `allows_local`. Whatever else a row may
    hold is left out: these words stand in a header.
    """
    found = []
    for host in hosts:
        if _LOCAL.fullmatch(host):
            found += [f"http://{host}"] if allows_local else []
        elif _HOST.fullmatch(host):
            found.append(f"https://{host}")
    return found
