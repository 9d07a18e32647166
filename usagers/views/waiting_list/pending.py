"""What the session remembers while an address is being proven: no personal data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.http import HttpRequest

_PENDING = "waiting_list"


@dataclass(frozen=True)
class Pending:
    """The code that was sent, and what the address is to wait for. No lieu: all of the motif."""

    code: str
    motif_id: int
    lieu_id: int | None


def remember(request: HttpRequest, pending: Pending) -> None:
    request.session[_PENDING] = asdict(pending)


def remembered(request: HttpRequest) -> Pending | None:
    known = request.session.get(_PENDING)
    return Pending(**known) if known else None


def forget(request: HttpRequest) -> None:
    request.session.pop(_PENDING, None)
