"""Development: `make run`. Messages are read in the browser, nothing leaves the machine."""

from rdv.settings.base import *
from rdv.settings.base import BASE_DIR, SITE_URL, SMS_GATEWAY
from rdv.settings.servers import server_settings

globals().update(server_settings())

DEBUG = True
SECRET_KEY = "development-only-key-never-used-in-production"  # noqa: S105
ALLOWED_HOSTS = ["*"]
SITE_URL = SITE_URL or "http://localhost:8000"
EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
EMAIL_FILE_PATH = BASE_DIR / ".local" / "mail"
if SMS_GATEWAY == "console":
    SMS_GATEWAY = "file"  # .local/sms, beside the e-mails
DEMO_OUTBOX = True
EMBEDDING_ALLOWS_LOCAL = True
