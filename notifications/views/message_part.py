"""One part of a message as its reader gets it: the page, the calendar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from notifications.policies import demo_messages

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

# An e-mail may hold anything: no script, no form, nothing fetched, an origin of its own.
MAIL_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@login_not_required
@require_safe
def message_part(_request: HttpRequest, message_uuid: UUID, part: str) -> HttpResponse:
    message = get_object_or_404(demo_messages(), uuid=message_uuid)
    if part == "page" and message.html:
        return HttpResponse(message.html, headers={"Content-Security-Policy": MAIL_POLICY})
    if part == "rdv.ics" and message.ics:
        return HttpResponse(
            message.ics,
            content_type=f"text/calendar; charset=utf-8; method={message.ics_method}",
            headers={"Content-Disposition": 'attachment; filename="rdv.ics"'},
        )
    raise Http404
