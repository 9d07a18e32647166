"""Brevo, transactional SMS (docs/adr/0012 names the pages that this follows)."""

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

# "invalid_parameter" is said of any field: the message says which.
_NUMBER_WORDS = ("recipient", "telephone", "phone", "mobile number")
_LOST = {"soft_bounce", "rejected"}
_NO_NUMBER = {"hard_bounce"}
_REFUSED = {"blacklisted", "unsubscribe", "unsubscribed"}
_UNDER_WAY = {"sent", "accepted"}


class BrevoGateway:
    name = "brevo"
    needs_account = True
    base_url = "https://api.brevo.com/v3"

    def send(self, message: OutboxMessage, account: SmsAccount) -> Acceptance:
        body = {
            "sender": account.sender,
            "recipient": message.recipient.removeprefix("+"),
            "content": message.body,
            "type": "transactional",
            "unicodeEnabled": False,
            "tag": str(message.uuid),
            "webUrl": report_url(self.name, message),
        }
        url = f"{self.base_url}/transactionalSMS/send"
        answer = ask(url, body, {"api-key": account.api_key, "accept": "application/json"})
        data = as_dict(answer.data)
        if answer.status != CREATED:
            raise self._refusal(answer.status, data)
        return Acceptance(
            "accepté par Brevo",
            self.name,
            reference=str(data.get("messageId", ""))[:120],
            segments=as_count(data.get("smsCount")),
        )

    @staticmethod
    def _refusal(status: int, data: Mapping[str, Any]) -> ChannelError:
        message = str(data.get("message", ""))
        about_number = any(word in message.lower() for word in _NUMBER_WORDS)
        return refusal(
            status, f"{data.get('code', '')} {message}".strip(), about_number=about_number
        )

    def read_report(self, data: Mapping[str, Any]) -> Report | None:
        status = (text_of(data.get("msg_status")) or text_of(data.get("event"))).lower()
        segments = as_count(data.get("sms_count"))
        answer = without_personal_data(f"{status} {text_of(data.get('description'))}")
        if status == "delivered":
            return Report(True, answer, segments=segments)
        if status in _NO_NUMBER:
            return Report(False, answer, BlockReason.NUMBER, segments)
        if status in _REFUSED:
            return Report(False, answer, BlockReason.UNSUBSCRIBED, segments)
        if status in _LOST:
            return Report(False, answer, segments=segments)
        return Report(None, answer, segments=segments) if status in _UNDER_WAY else None
