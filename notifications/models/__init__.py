"""What is said, and how it leaves the house."""

from notifications.models.outbox_message import (
    Channel,
    DeliveryAttempt,
    OutboxMessage,
    OutboxMessageQuerySet,
    State,
)

__all__ = ["Channel", "DeliveryAttempt", "OutboxMessage", "OutboxMessageQuerySet", "State"]
