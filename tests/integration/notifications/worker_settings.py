"""Settings of the worker processes that test_kill_worker.py starts and kills."""

import os

from rdv.embedded_place import die_with_parent
from rdv.settings.test import *  # noqa: F403 - as every settings module

die_with_parent(9)

EMAIL_BACKEND = "tests.integration.notifications.killers.KillingBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = int(os.environ["RDV_TEST_SMTP_PORT"])
EMAIL_TIMEOUT = 30
OUTBOX_LEASE_SECONDS = 2
