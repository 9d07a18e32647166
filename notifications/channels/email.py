"""E-mails, by any SMTP server (Django's e-mail back end)."""

from __future__ import annotations

import smtplib
from email.charset import BASE64, Charset
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError

from notifications.channels.errors import ChannelError, PermanentChannelError

if TYPE_CHECKING:
    from notifications.models import OutboxMessage

PERMANENT = 500

# Text parts in base64: no relay rewrites them, and Outlook reads the calendar (it did not when the
# part was quoted-printable).
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = BASE64


def send(message: OutboxMessage) -> str:
    """Hand one message to the SMTP server and return its answer. Raises ChannelError."""
    connection = get_connection(timeout=settings.EMAIL_TIMEOUT)
    try:
        build(message, connection).send()
    except smtplib.SMTPRecipientsRefused as error:
        raise _refusal(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from error
    except (BadHeaderError, UnicodeError) as error:
        raise PermanentChannelError("adresse ou en-tête refusé") from error
    except smtplib.SMTPResponseException as error:
        # Greeting, login, sender: our own configuration, which somebody may repair.
        raise ChannelError(_answer(error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(f"serveur injoignable ({type(error).__name__})") from error
    return "accepté"


def build(message: OutboxMessage, connection: Any = None) -> EmailMultiAlternatives:
    """Return the mail: text, its HTML twin, its calendar part; the calendar attached once.

    The Message-ID follows from the row: a second sending is recognised as the same mail.
    """
    mail = EmailMultiAlternatives(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.recipient],
        reply_to=[message.reply_to] if message.reply_to else None,
        connection=connection,
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    mail.encoding = _UTF8
    if message.html:
        mail.attach_alternative(message.html, "text/html")
    if message.ics:
        mail.attach_alternative(message.ics, f"text/calendar; method={message.ics_method}")
        mail.attach("rdv.ics", message.ics.encode(), "application/ics")
    return mail


def message_id(message: OutboxMessage) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{message.uuid}@{host}>"


def _refusal(code: int, text: bytes | str) -> ChannelError:
    kind = PermanentChannelError if code >= PERMANENT else ChannelError
    return kind(_answer(code, text))


def _answer(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {words}"
