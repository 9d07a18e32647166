"""SMS, by the gateway of the territoire, else by that of the settings (C05)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from notifications.branding import sms_sender
from notifications.channels.errors import ChannelError
from notifications.channels.gateways import GATEWAYS
from notifications.channels.gateways.base import SmsAccount
from notifications.models import Failure
from rdv.common.encryption import UnreadableSecretError, reveal

if TYPE_CHECKING:
    from notifications.channels.acceptance import Acceptance
    from notifications.models import OutboxMessage


def send(message: OutboxMessage) -> Acceptance:
    """Hand one message to its gateway and return its answer. Raises ChannelError.

    What is missing in the settings may be repaired by somebody: worth another try.
    """
    name, account = _choice(message)
    gateway = GATEWAYS.get(name)
    if gateway is None:
        raise ChannelError("passerelle SMS inconnue", Failure.CREDENTIALS)
    if gateway.needs_account and not account.api_key:
        raise ChannelError("aucune clé pour la passerelle SMS", Failure.CREDENTIALS)
    return gateway.send(message, account)


def _choice(message: OutboxMessage) -> tuple[str, SmsAccount]:
    """Return the gateway and its account: those of the territoire together, or the instance's."""
    territoire = message.organisation.territoire if message.organisation else None
    sender = sms_sender(message.organisation)
    if territoire is None or not territoire.sms_gateway:
        return settings.SMS_GATEWAY, SmsAccount(sender, settings.SMS_API_KEY)
    try:
        key = reveal(territoire.sms_credentials)
    except UnreadableSecretError as error:
        raise ChannelError("clé de la passerelle illisible", Failure.CREDENTIALS) from error
    return territoire.sms_gateway, SmsAccount(sender, key)
