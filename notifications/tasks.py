"""Background work of the messages; names are those of rdv.common.aftercommit.Task."""

from celery import shared_task
from django.utils import timezone

from notifications.delivery import deliver, sweep
from rdv.common.aftercommit import Task


@shared_task(name=str(Task.DELIVER_MESSAGE))
def deliver_message(message_id: int) -> None:
    deliver(message_id=message_id, now=timezone.now())


@shared_task(name=str(Task.SWEEP_OUTBOX))
def sweep_outbox() -> None:
    sweep(now=timezone.now())
