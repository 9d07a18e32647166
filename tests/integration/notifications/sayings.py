"""Words that the tests of messages share."""

from notifications.models import OutboxMessage
from planning.services.rdv_announce import announce_cancelled, announce_created
from tests.factories.planning import NOW

USAGER_KINDS = ["rdv_created", "rdv_cancelled"]


def told(kind=None):
    """(kind, channel, recipient) of each message, in order."""
    rows = OutboxMessage.objects.order_by("pk")
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.values_list("kind", "channel", "recipient"))


def announce_both(rdv, actor, now=NOW):
    announce_created(rdv, actor=actor, now=now)
    announce_cancelled(rdv, actor=actor, now=now)


def reload(rdv):
    return type(rdv).objects.get(pk=rdv.pk)
