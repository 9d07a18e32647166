"""What is said, how it leaves the house, and the addresses that refuse it."""

from notifications.models.blocked_address import BlockedAddress
from notifications.models.failure import ADVICE, BlockReason, Failure
from notifications.models.outbox_message import (
    TOPIC,
    Channel,
    DeliveryAttempt,
    OutboxMessage,
    OutboxMessageQuerySet,
    State,
)

__all__ = [
    "ADVICE",
    "TOPIC",
    "BlockReason",
    "BlockedAddress",
    "Channel",
    "DeliveryAttempt",
    "Failure",
    "OutboxMessage",
    "OutboxMessageQuerySet",
    "State",
]
