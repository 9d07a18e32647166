"""Calls of the e-mail provider, read and checked by anymail (docs/adr/0012).

anymail's own views tell what they read through a signal; we ask them directly instead, so that
what happens is in sight. They check the secret, and the signature of those that sign.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, TypeVar

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from anymail.inbound import AnymailInboundMessage
from anymail.urls import urlpatterns
from django.conf import settings
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

Read = TypeVar("Read")

logger = logging.getLogger(__name__)
TRACKING, INBOUND = "tracking", "inbound"


def events_of(
    request: HttpRequest, provider: str, kind: str, read: Callable[[Any], Read]
) -> list[Read]:
    """Return what `read` makes of each of anymail's events of the call.

    Raises Http404 unless this provider is ours and a secret is set; PermissionDenied when the
    secret or the signature is wrong; ValueError when the call, or one event of it, cannot be read.
    """
    view_class = _view_class(provider, kind)
    # By SMTP, any provider that relays our mails may report on them, with the secret.
    is_ours = settings.EMAIL_PROVIDER in {"", provider}
    if view_class is None or not is_ours or not settings.ANYMAIL_WEBHOOK_SECRET:
        raise Http404
    try:
        view = _asked(view_class, request)
        return [read(event) for event in view.parse_events(request)]
    except (Http404, PermissionDenied, SuspiciousOperation):  # Django answers
        raise
    except Exception as error:  # anymail and the mail parser fail in all manners
        logger.warning("a call of %s cannot be read: %s", provider, type(error).__name__)
        raise ValueError(type(error).__name__) from error


def _asked(view_class: Any, request: HttpRequest) -> Any:
    """Return anymail's view, once it knows who calls."""
    try:
        view = view_class()
        view.run_validators(request)
    except AnymailConfigurationError as error:  # a key that this provider signs with is not set
        raise Http404 from error
    except AnymailWebhookValidationFailure as error:
        raise PermissionDenied from error
    if hasattr(view, "_fetch_attachment"):
        view._fetch_attachment = _name_only
    return view


def _name_only(attachment: dict[str, Any]) -> Any:
    """In place of a download: we name attachments, and never hold them."""
    return AnymailInboundMessage.construct_attachment(
        content_type="application/octet-stream", content=b"", filename=attachment.get("Name")
    )


def _view_class(provider: str, kind: str) -> Any:
    for entry in urlpatterns:
        if entry.name == f"{provider}_{kind}_webhook":
            return entry.callback.view_class
    return None
