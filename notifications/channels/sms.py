"""SMS, by the gateway that the settings name. A gateway is one function of this registry."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from django.conf import settings

from notifications.channels.errors import ChannelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from notifications.models import OutboxMessage

logger = logging.getLogger(__name__)


def send_to_console(message: OutboxMessage) -> str:
    """Accept and send nothing: in development the text is read in the « boîte d'envoi »."""
    logger.info("sms %s: %s segment(s), console", message.uuid, message.sms_segments)
    return f"console, {message.sms_segments} segment(s)"


# name of the setting SMS_GATEWAY -> what sends one message and returns the provider's answer.
GATEWAYS: dict[str, Callable[[OutboxMessage], str]] = {"console": send_to_console}


def send(message: OutboxMessage) -> str:
    """Hand one message to the gateway and return its answer. Raises ChannelError."""
    gateway = GATEWAYS.get(settings.SMS_GATEWAY)
    if gateway is None:  # somebody may repair the setting: worth another try
        raise ChannelError("passerelle SMS inconnue")
    return gateway(message)
