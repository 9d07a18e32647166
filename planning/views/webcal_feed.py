"""The calendar that an agent's own software reads, by a secret address (D03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotFound
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.queries.webcal import agent_of_webcal
from planning.queries.webcal_feed import feed_changed_at
from planning.queries.webcal_feed import webcal_feed as read_feed

if TYPE_CHECKING:
    from django.http import HttpRequest


@login_not_required
@require_safe
def webcal_feed(request: HttpRequest, key: str) -> HttpResponse:
    """Answer the calendar, or 304 before writing it when the client has it already."""
    now = timezone.now()
    agent = agent_of_webcal(key)
    feed = read_feed(agent, now=now) if agent else None
    if agent is None or feed is None:
        return _closed()
    changed_at = feed_changed_at(agent, feed, now=now)
    since = int(changed_at.timestamp()) if changed_at else None
    response = HttpResponse(
        content_type="text/calendar; charset=utf-8",
        headers={
            "ETag": feed.etag,
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="rdv.ics"',
            "X-Robots-Tag": "noindex, nofollow",
        },
    )
    if since is not None:
        response["Last-Modified"] = http_date(since)
    answer = get_conditional_response(
        request, etag=feed.etag, last_modified=since, response=response
    )
    if answer is None or answer is response:
        response.content = feed.text().encode()
        return response
    return answer


def _closed() -> HttpResponse:
    """One answer for every wrong address: unknown, renewed, removed, of somebody who left."""
    return HttpResponseNotFound(
        _("Cette adresse de calendrier ne fonctionne pas ou plus."),
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow"},
    )
