from __future__ import annotations

import factory
from factory.django import DjangoModelFactory

from notifications.models import BlockedAddress, BlockReason, Channel, OutboxMessage, State
from tests.factories.planning import NOW


class OutboxMessageFactory(DjangoModelFactory):
    """An e-mail in the queue, due at NOW. `sms=True` makes it a SMS."""

    class Meta:
        model = OutboxMessage

    class Params:
        sms = factory.Trait(
            channel=Channel.SMS,
            recipient="+33612345678",
            subject="",
            body="RDV mardi 24/11 à 10h30",
            sms_segments=1,
        )

    kind = "test"
    channel = Channel.EMAIL
    dedup_key = factory.Sequence(lambda n: f"test:{n}")
    recipient = "lea@exemple.fr"
    subject = "RDV confirmé"
    body = "Bonjour"
    state = State.QUEUED
    available_at = NOW
    created_at = NOW


class BlockedAddressFactory(DjangoModelFactory):
    """The address of OutboxMessageFactory's e-mails, blocked at NOW."""

    class Meta:
        model = BlockedAddress

    channel = Channel.EMAIL
    address = "lea@exemple.fr"
    reason = BlockReason.BOUNCE
    at = NOW
