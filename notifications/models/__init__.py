"""What is said, and how it leaves the house."""

from notifications.models.outbox_message import (
    TOPIC,
    Channel,
    DeliveryAttempt,
    OutboxMessage,
    OutboxMessageQuerySet,
    State,
)

__all__ = [
    "TOPIC",
    "Channel",
    "DeliveryAttempt",
    "OutboxMessage",
    "OutboxMessageQuerySet",
    "State",
]
