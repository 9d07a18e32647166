"""A process that sends reminders two RDVs at a time and dies, -9, where its argument says."""

import os
import signal
import sys
from datetime import datetime

import django

from rdv.embedded_place import die_with_parent

die_with_parent(9)
django.setup()

from planning.services import reminder_send  # noqa: E402 - needs the settings

POINT, NOW = sys.argv[1], datetime.fromisoformat(sys.argv[2])
together = reminder_send._send_together
announce = reminder_send.announce_reminder
said = []


def send_together(ids, now):
    sent = together(ids, now)
    if POINT == "between two batches":
        os.kill(os.getpid(), signal.SIGKILL)
    return sent


def announce_reminder(rdv, **values):
    announce(rdv, **values)
    said.append(rdv.pk)
    if POINT == "inside the second batch" and len(said) == 3:
        os.kill(os.getpid(), signal.SIGKILL)


reminder_send.BATCH = 2
reminder_send._send_together = send_together
reminder_send.announce_reminder = announce_reminder
reminder_send.send_due_reminders(now=NOW)
