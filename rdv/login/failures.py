"""What went wrong between us and a provider of identity: a page, and a way on."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.shortcuts import render

from rdv.login.oidc_provider import SESSION_NEXT
from rdv.login.provider import FRANCECONNECT, PROCONNECT

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


class Failure(StrEnum):
    REFUSED = "refused"
    EXPIRED = "expired"
    FORGED = "forged"
    DOWN = "down"
    INCOMPLETE = "incomplete"
    CLOSED = "closed"
    OTHER = "other"


_STATUS = {
    Failure.REFUSED: 200,
    Failure.EXPIRED: 400,
    Failure.FORGED: 403,
    Failure.DOWN: 503,
    Failure.INCOMPLETE: 422,
    Failure.CLOSED: 403,
    Failure.OTHER: 403,
}


_TEMPLATES = {
    FRANCECONNECT: "login/franceconnect_failure.html",
    PROCONNECT: "account/proconnect_failure.html",
}


def failure_page(
    request: HttpRequest, failure: Failure, *, provider: str = FRANCECONNECT
) -> HttpResponse:
    """Answer the page of `failure`; nothing was written, nobody is signed in."""
    context = {
        "failure": str(failure),
        "next_path": request.session.get(SESSION_NEXT, ""),
        "may_retry": failure in {Failure.REFUSED, Failure.EXPIRED, Failure.FORGED, Failure.DOWN},
    }
    return render(request, _TEMPLATES[provider], context, status=_STATUS[failure])
