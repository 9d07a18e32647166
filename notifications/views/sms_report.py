"""Where a SMS gateway says what became of a message."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.channels.gateways import GATEWAYS
from notifications.services.delivery_report import record_sms_report
from notifications.signatures import is_report_signature

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

MOST_BYTES = 20_000


@csrf_exempt
@login_not_required
@require_POST
def sms_report(
    request: HttpRequest, gateway: str, message_uuid: UUID, signature: str
) -> HttpResponse:
    """Take the report: the signed address says of which message.

    A message that is gone, a status that we do not know: a success all the same, or the provider
    would say it again for days.
    """
    if gateway not in GATEWAYS or not is_report_signature(message_uuid, signature):
        raise Http404
    data = _read(request)
    if data is None:
        return HttpResponseBadRequest()
    report = GATEWAYS[gateway].read_report(data)
    if report is not None:
        record_sms_report(message_uuid=message_uuid, report=report, now=timezone.now())
    return HttpResponse(status=204)


def _read(request: HttpRequest) -> dict[str, Any] | None:
    if len(request.body) > MOST_BYTES:
        return None
    try:
        data = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None
