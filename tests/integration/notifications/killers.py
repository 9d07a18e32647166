"""An SMTP back end that kills its own process, -9, at the point that a test chose."""

import os
import signal

from celery.signals import task_postrun
from django.core.mail.backends.smtp import EmailBackend

POINT = os.environ.get("RDV_TEST_KILL_AT", "")


def die_at(point: str) -> None:
    if point == POINT:
        os.kill(os.getpid(), signal.SIGKILL)


class KillingBackend(EmailBackend):
    def send_messages(self, email_messages):
        die_at("before the provider call")
        sent = super().send_messages(email_messages)
        die_at("between acceptance and record")
        return sent


@task_postrun.connect
def after_the_task(**_kwargs):
    """The task has returned: its record is committed."""
    die_at("after the record")
