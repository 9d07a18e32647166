"""E-mails, by any SMTP server or by a provider's API (django-anymail)."""

from __future__ import annotations

import smtplib
from email.charset import BASE64, Charset
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from anymail.exceptions import AnymailError, AnymailInvalidAddress, AnymailRecipientsRefused
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.message import BadHeaderError

from notifications.branding import email_sender
from notifications.channels.acceptance import Acceptance
from notifications.channels.email_refusals import refused_by_api, refused_recipient, smtp_answer
from notifications.channels.errors import ChannelError, PermanentChannelError
from notifications.models import BlockReason, Failure
from notifications.signatures import grouped_reply_address, reply_address
from rdv.common.typography import unbroken_page, unbroken_text

if TYPE_CHECKING:
    from notifications.models import OutboxMessage

# Text parts in base64: no relay rewrites them, and Outlook reads the calendar (it did not when the
# part was quoted-printable).
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = BASE64


def send(message: OutboxMessage) -> Acceptance:
    """Hand one message to the server and return its answer. Raises ChannelError."""
    mail = build(message, get_connection(timeout=settings.EMAIL_TIMEOUT))
    if not settings.EMAIL_PROVIDER:
        _send_by_smtp(mail)
        return Acceptance("accepté", "smtp", reference=message_id(message).strip("<>"))
    _send_by_api(mail)
    reference = str(getattr(mail, "anymail_status").message_id or "")  # noqa: B009 (anymail adds it)
    return Acceptance("accepté", settings.EMAIL_PROVIDER, reference=reference.strip("<>")[:120])


def build(message: OutboxMessage, connection: Any = None) -> EmailMultiAlternatives:
    """Return the mail: text, its HTML twin, its calendar part; the calendar attached once.

    The Message-ID follows from the row: a second sending is recognised as the same mail. The APIs
    of providers know no third part: there the attachment says what the calendar asks. French spaces
    are put here, never in the calendar: the row keeps what was typed, for the pages and the SMS.
    """
    mail = EmailMultiAlternatives(
        subject=unbroken_text(message.subject),
        body=unbroken_text(message.body),
        from_email=email_sender(message.organisation),
        to=[message.recipient],
        reply_to=[reply_to] if (reply_to := reply_to_of(message)) else None,
        connection=connection,
        headers={"Message-ID": message_id(message), "Auto-Submitted": "auto-generated"},
    )
    mail.encoding = _UTF8
    if message.html:
        mail.attach_alternative(unbroken_page(message.html), "text/html")
    calendar = f"text/calendar; method={message.ics_method}"
    if settings.EMAIL_PROVIDER:
        mail.metadata = {"message": str(message.uuid)}  # type: ignore[attr-defined]
    elif message.ics:
        mail.attach_alternative(message.ics, calendar)
    if message.ics:
        kind = "text/calendar" if settings.EMAIL_PROVIDER else "application/ics"
        mail.attach("rdv.ics", message.ics.encode(), kind)
    return mail


def message_id(message: OutboxMessage) -> str:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    return f"<{message.uuid}@{host}>"


def reply_to_of(message: OutboxMessage) -> str:
    """Return where an usager's answer goes: to us, for the agents, when a domain is set.

    They are those of the RDV, or of each RDV of a grouped message. Agents' mails keep theirs:
    nobody answers them.
    """
    domain = settings.INBOUND_EMAIL_DOMAIN
    if domain and message.participation_id and message.rdv:
        return reply_address(message.rdv.uuid, domain)
    if domain and message.pk and not message.rdv_id and message.parts.exists():
        return grouped_reply_address(message.uuid, domain)
    return message.reply_to


def _send_by_smtp(mail: EmailMultiAlternatives) -> None:
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        raise refused_recipient(*next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise refused_recipient(error.smtp_code, error.smtp_error, of_text=True) from error
    except (BadHeaderError, UnicodeError) as error:
        raise PermanentChannelError("adresse ou en-tête refusé", Failure.INVALID) from error
    except smtplib.SMTPResponseException as error:
        # Greeting, login, sender: our own configuration, which somebody may repair.
        answer = smtp_answer(error.smtp_code, error.smtp_error)
        raise ChannelError(answer, Failure.CREDENTIALS) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(f"serveur injoignable ({type(error).__name__})") from error


def _send_by_api(mail: EmailMultiAlternatives) -> None:
    try:
        mail.send()
    except AnymailRecipientsRefused as error:
        answer = "destinataire refusé par le fournisseur"
        raise PermanentChannelError(answer, Failure.INVALID, BlockReason.REFUSED) from error
    except (AnymailInvalidAddress, BadHeaderError, UnicodeError) as error:
        raise PermanentChannelError("adresse ou en-tête refusé", Failure.INVALID) from error
    except AnymailError as error:
        raise refused_by_api(error) from error
    except OSError as error:
        raise ChannelError(f"fournisseur injoignable ({type(error).__name__})") from error
