"""Where the e-mail provider hands over what usagers answer."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

from anymail.signals import EventType
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django.utils.html import strip_tags
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from planning.services.reply_receive import IncomingMail, receive_reply
from rdv.common.email_webhook import INBOUND, events_of
from rdv.common.storable import storable

if TYPE_CHECKING:
    from django.http import HttpRequest

_ADDRESS = re.compile(r"[^\s<>,;:\"()]+@[^\s<>,;:\"()]+")


@csrf_exempt
@login_not_required
@require_POST
def mail_replies(request: HttpRequest, provider: str) -> HttpResponse:
    """Take each mail of the call; it is told again by the provider unless we answer a success."""
    if not settings.INBOUND_EMAIL_DOMAIN:
        raise Http404
    now = timezone.now()
    try:
        events = events_of(request, provider, INBOUND)
    except ValueError:
        return HttpResponseBadRequest()
    for event in events:
        if event.event_type == EventType.INBOUND:
            receive_reply(_read(event.message), now=now)
    return HttpResponse(status=204)


def _read(message: Any) -> IncomingMail:
    senders = _addresses(message, "From")
    recipients = [*_addresses(message, "To", "Cc"), message.envelope_recipient or ""]
    return IncomingMail(
        sender=storable(senders[-1] if senders else message.envelope_sender or ""),
        recipients=tuple(dict.fromkeys(storable(one) for one in recipients)),
        text=storable(
            message.stripped_text or message.text or unescape(strip_tags(message.html or ""))
        ),
        headers={name.lower(): storable(str(value)) for name, value in message.items()},
        attachments=tuple(storable(part.get_filename() or "") for part in message.attachments),
    )


def _addresses(message: Any, *names: str) -> list[str]:
    """Return what looks like an address: parsers refuse all of a header for one odd name."""
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return [address for value in values for address in _ADDRESS.findall(value)]
