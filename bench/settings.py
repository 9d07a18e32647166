"""Production settings, without static files to collect and without TLS."""

import os

_SITE = "http://127.0.0.1"
os.environ.update(
    SECRET_KEY="bench-only-key-bench-only-key-bench-only-key-bench-only-key",
    FIELD_ENCRYPTION_KEYS="b" * 43 + "=",
    ALLOWED_HOSTS="127.0.0.1,localhost",
    SITE_URL=_SITE,
    EMAIL_URL="smtp://127.0.0.1:1",
    SECURE_SSL_REDIRECT="0",
    LOG_LEVEL="WARNING",
)

from rdv.settings.prod import *  # noqa: E402, F403

# No worker of another site takes what the bookings nudge.
CELERY_TASK_DEFAULT_QUEUE = "rdv-bench"

STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
