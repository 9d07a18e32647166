"""smsmode, REST API v1 (docs/adr/0012 names the documents that this follows)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from notifications.channels.acceptance import Acceptance
from notifications.channels.errors import ChannelError, without_personal_data
from notifications.channels.gateways.base import (
    CREATED,
    Report,
    as_count,
    as_dict,
    ask,
    refusal,
    report_url,
)
from notifications.models import BlockReason
from rdv.common.storable import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.channels.gateways.base import SmsAccount
    from notifications.models import OutboxMessage

_NUMBER_WORDS = ("recipient", "phone", "msisdn")
_LOST = {"UNDELIVERABLE", "UNDELIVERED"}
_UNDER_WAY = {"SCHEDULED", "ENROUTE"}
_BLOCKS = {
    "INVALID_PHONE_NUMBER": BlockReason.NUMBER,
    "BLACKLISTED": BlockReason.UNSUBSCRIBED,
}


class SmsmodeGateway:
    """The message's uuid is the `refClient`, which comes back in every report."""

    name = "smsmode"
    needs_account = True
    base_url = "https://rest.smsmode.com"

    def send(self, message: OutboxMessage, account: SmsAccount) -> Acceptance:
        body = {
            "recipient": {"to": message.recipient.removeprefix("+")},
            "body": {"text": message.body},
            "refClient": str(message.uuid),
            "callbackUrlStatus": report_url(self.name, message),
        }
        if account.sender:
            body["from"] = account.sender
        headers = {"X-Api-Key": account.api_key, "Accept": "application/json"}
        answer = ask(f"{self.base_url}/sms/v1/messages", body, headers)
        data = as_dict(answer.data)
        if answer.status != CREATED:
            raise self._refusal(answer.status, data)
        return Acceptance(
            "accepté par smsmode",
            self.name,
            reference=str(data.get("messageId", ""))[:120],
            segments=as_count(as_dict(data.get("body")).get("messagePartCount")),
        )

    @staticmethod
    def _refusal(status: int, data: Mapping[str, Any]) -> ChannelError:
        words = [str(data.get(name, "")) for name in ("errorCode", "message", "detail")]
        text = " ".join(word for word in words if word)
        about_number = any(word in text.lower() for word in _NUMBER_WORDS)
        return refusal(status, text, about_number=about_number)

    def read_report(self, data: Mapping[str, Any]) -> Report | None:
        status = as_dict(data.get("status"))
        value, detail = text_of(status.get("value")).upper(), text_of(status.get("detail"))
        segments = as_count(as_dict(data.get("body")).get("messagePartCount"))
        answer = without_personal_data(f"{value} {detail}")
        if value == "DELIVERED":
            return Report(True, answer, segments=segments)
        if value in _LOST:
            return Report(False, answer, _BLOCKS.get(detail.upper()), segments)
        # A status that the documents do not name is never taken for a failure.
        return Report(None, answer, segments=segments) if value in _UNDER_WAY else None
