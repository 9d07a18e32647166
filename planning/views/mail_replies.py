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
from rdv.common.storable import storable, text_of

if TYPE_CHECKING:
    from django.http import HttpRequest

# Far more than is handed over; the reader of HTML takes long over what somebody twisted.
MOST_LETTERS = 200_000
# From the beginning of a word only: a word of 100 000 letters is read once, not once for each.
_ADDRESS = re.compile(r"(?<![^\s<>,;:\"()])[^\s<>,;:\"()@]++@[^\s<>,;:\"()]+")


@csrf_exempt
@login_not_required
@require_POST
def mail_replies(request: HttpRequest, provider: str) -> HttpResponse:
    """Take each mail of the call; it is told again by the provider unless we answer a success."""
    if not settings.INBOUND_EMAIL_DOMAIN:
        raise Http404
    now = timezone.now()
    try:
        mails = events_of(request, provider, INBOUND, _read)
    except ValueError:
        return HttpResponseBadRequest()
    for mail in mails:
        if mail is not None:
            receive_reply(mail, now=now)
    return HttpResponse(status=204)


def _read(event: Any) -> IncomingMail | None:
    """Return the mail of the event, None for anything but a mail."""
    if event.event_type != EventType.INBOUND:
        return None
    message = event.message
    senders = _addresses(message, "From")
    recipients = [*_addresses(message, "To", "Cc"), text_of(message.envelope_recipient)]
    return IncomingMail(
        sender=storable(senders[-1]) if senders else text_of(message.envelope_sender),
        recipients=tuple(dict.fromkeys(storable(one) for one in recipients)),
        text=text_of(message.stripped_text)
        or _words(message, "text/plain")
        or unescape(strip_tags(_words(message, "text/html"))),
        headers={name.lower(): storable(str(value)) for name, value in message.items()},
        attachments=tuple(storable(part.get_filename() or "") for part in message.attachments),
    )


def _words(message: Any, content_type: str) -> str:
    """Return the first part of this kind, "" when there is none.

    Of a character set that nobody knows the plain letters are read: the words are not lost.
    """
    for part in message.walk():
        if part.get_content_type() == content_type and not part.is_attachment():
            try:
                words = part.get_content_text()
            except LookupError:
                words = part.get_content_text(charset="utf-8")
            return text_of(words)[:MOST_LETTERS]
    return ""


def _addresses(message: Any, *names: str) -> list[str]:
    """Return what looks like an address: parsers refuse all of a header for one odd name."""
    values = [str(value) for name in names for value in message.get_all(name, [])]
    return [address for value in values for address in _ADDRESS.findall(value)]
