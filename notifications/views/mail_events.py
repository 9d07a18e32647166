"""Where the e-mail provider says what became of our messages (C07)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anymail.signals import EventType, RejectReason
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.models import BlockReason
from notifications.services.delivery_report import MailEvent, record_mail_event
from rdv.common.email_webhook import TRACKING, events_of
from rdv.common.storable import text_of

if TYPE_CHECKING:
    from django.http import HttpRequest

LONGEST_ADDRESS = 254
_ARRIVED = {EventType.DELIVERED}
_LOST = {EventType.BOUNCED, EventType.REJECTED, EventType.FAILED}
_BLOCKS_BY_EVENT = {
    EventType.COMPLAINED: BlockReason.COMPLAINT,
    EventType.UNSUBSCRIBED: BlockReason.UNSUBSCRIBED,
}
_BLOCKS_BY_REASON = {
    RejectReason.INVALID: BlockReason.BOUNCE,
    RejectReason.BOUNCED: BlockReason.BOUNCE,
    RejectReason.BLOCKED: BlockReason.REFUSED,
    RejectReason.SPAM: BlockReason.COMPLAINT,
    RejectReason.UNSUBSCRIBED: BlockReason.UNSUBSCRIBED,
}
# anymail calls both kinds of bounce "bounced"; a full mailbox is not a wrong address.
_PASSING_KEYS = ("event", "Type", "type", "bounceType", "severity", "bounce_type")
_PASSING = ("soft", "temporary", "transient", "deferred")


@csrf_exempt
@login_not_required
@require_POST
def mail_events(request: HttpRequest, provider: str) -> HttpResponse:
    now = timezone.now()
    try:
        events = events_of(request, provider, TRACKING, _read)
    except ValueError:
        return HttpResponseBadRequest()
    for event in events:
        if event is not None:
            record_mail_event(event=event, now=now)
    return HttpResponse(status=204)


def _read(event: Any) -> MailEvent | None:
    """Return what the event says of a message or an address, None when it is a click or so."""
    kind, recipient = event.event_type, text_of(event.recipient)
    if kind not in _ARRIVED | _LOST | set(_BLOCKS_BY_EVENT):
        return None
    reason = _BLOCKS_BY_EVENT.get(kind)
    if kind in _LOST and not _is_passing(event):
        reason = _BLOCKS_BY_REASON.get(event.reject_reason)
    metadata = event.metadata if isinstance(event.metadata, dict) else {}
    return MailEvent(
        references=(text_of(metadata.get("message")), text_of(event.message_id)),
        # What is longer than an address is none of ours.
        recipient=recipient if len(recipient) <= LONGEST_ADDRESS else "",
        is_delivered=None if kind in _BLOCKS_BY_EVENT else kind in _ARRIVED,
        answer=f"{kind} {text_of(event.mta_response)}",
        block=reason,
    )


def _is_passing(event: Any) -> bool:
    raw = event.esp_event if isinstance(event.esp_event, dict) else {}
    words = " ".join(text_of(raw.get(key)) for key in _PASSING_KEYS).lower()
    return any(word in words for word in _PASSING)
