"""Gateways that send nothing: to read the texts while developing."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from notifications.channels.acceptance import Acceptance

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notifications.channels.gateways.base import Report, SmsAccount
    from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)


class ConsoleGateway:
    """Says that a SMS would have left; its text is in the « boîte d'envoi »."""

    name = "console"
    needs_account = False

    def send(self, message: OutboxMessage, _account: SmsAccount) -> Acceptance:
        logger.info("sms %s: %s segment(s), console", message.uuid, message.sms_segments)
        return Acceptance(f"console, {message.sms_segments} segment(s)", self.name)

    def read_report(self, _data: Mapping[str, Any]) -> Report | None:
        return None


class FileGateway(ConsoleGateway):
    """Writes each SMS into a file of SMS_FILE_PATH, as Django does with e-mails."""

    name = "file"

    def send(self, message: OutboxMessage, account: SmsAccount) -> Acceptance:
        folder = Path(settings.SMS_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        text = f"De : {account.sender}\nÀ : {message.recipient}\n\n{message.body}\n"
        (folder / f"{message.uuid}.txt").write_text(text, encoding="utf-8")
        return Acceptance(f"fichier, {message.sms_segments} segment(s)", self.name)
