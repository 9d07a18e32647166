"""What a SMS gateway is, and what those that speak HTTP share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.urls import reverse

from notifications.channels.errors import ChannelError, PermanentChannelError
from notifications.models import BlockReason, Failure
from notifications.signatures import report_signature
from rdv.common.http_client import Answer, UnreachableError, post_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.channels.acceptance import Acceptance
    from notifications.models import OutboxMessage

BAD_REQUEST, UNAUTHORIZED, PAYMENT_REQUIRED, FORBIDDEN = 400, 401, 402, 403
NOT_FOUND, CONFLICT, TOO_MANY, SERVER_ERROR = 404, 409, 429, 500
REQUEST_TIMEOUT, TOO_EARLY = 408, 425
CREATED = 201


@dataclass(frozen=True)
class SmsAccount:
    """Who pays and who signs. `api_key` is in no repr."""

    sender: str = ""
    api_key: str = field(default="", repr=False)


@dataclass(frozen=True)
class Report:
    """What a provider says of a message that it took. `is_delivered` None: still on its way."""

    is_delivered: bool | None
    answer: str
    block: BlockReason | None = None
    segments: int | None = None


class Gateway(Protocol):
    """`needs_account`: without an API key nothing can leave."""

    name: str
    needs_account: bool

    def send(self, message: OutboxMessage, account: SmsAccount) -> Acceptance:
        """Hand the message over. Raises ChannelError."""

    def read_report(self, data: Mapping[str, Any]) -> Report | None:
        """Return what a delivery report says, None when it says nothing that we know."""


def report_url(gateway: str, message: OutboxMessage) -> str:
    """Return where the provider reports on this message: signed, and of this message alone."""
    path = reverse(
        "notifications:sms_report", args=[gateway, message.uuid, report_signature(message.uuid)]
    )
    return f"{settings.SITE_URL}{path}"


def ask(url: str, body: object, headers: Mapping[str, str]) -> Answer:
    """Send the request. Raises ChannelError when nobody answers."""
    try:
        return post_json(url, body, headers=headers, timeout=settings.SMS_TIMEOUT)
    except UnreachableError as error:
        raise ChannelError(f"passerelle injoignable ({error})") from error


def refusal(status: int, words: str, *, about_number: bool) -> ChannelError:
    """Return the error of an answer that is not a success.

    An account without credit, a refused key, too many requests: somebody may repair it, another
    try makes sense. What is wrong in the request itself stays wrong.
    """
    text = f"{status} {words}".strip()
    if status == PAYMENT_REQUIRED:
        return ChannelError(text, Failure.CREDIT)
    if status in {UNAUTHORIZED, FORBIDDEN}:
        return ChannelError(text, Failure.CREDENTIALS)
    if status in {REQUEST_TIMEOUT, TOO_EARLY, TOO_MANY} or not (
        BAD_REQUEST <= status < SERVER_ERROR
    ):
        return ChannelError(text)
    if about_number:
        return PermanentChannelError(text, Failure.INVALID, BlockReason.NUMBER)
    return PermanentChannelError(text)


def as_dict(data: object) -> dict[str, Any]:
    return data if isinstance(data, dict) else {}


def as_count(value: object) -> int | None:
    """Return a number of segments, None for anything else."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 100  # noqa: PLR2004
    return int(value) if is_count else None  # type: ignore[call-overload]
