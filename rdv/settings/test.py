"""Tests: real PostgreSQL, real Valkey; fast passwords; no WhiteNoise (82 s against 3.6 s)."""

from rdv.settings.base import *
from rdv.settings.base import MIDDLEWARE, TEMPLATES
from rdv.settings.servers import server_settings

_servers = server_settings()
_servers["DATABASES"]["default"]["CONN_MAX_AGE"] = 0
globals().update(_servers)

DEBUG = False
SECRET_KEY = "test-only-key"  # noqa: S105
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
SITE_URL = "http://testserver"
# Tests look for texts as they are typed; tests/unit/common/test_typography.py has the spaces.
_LEFT_OUT = ("whitenoise.", "rdv.middleware.FrenchSpaces")
MIDDLEWARE = [m for m in MIDDLEWARE if not m.startswith(_LEFT_OUT)]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {**STORAGES, "exports": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}
# An undefined variable in a template is a mistake: tests/conftest.py fails on this mark.
TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = "‽UNDEFINED %s‽"
DEMO_OUTBOX = False
EMBEDDING_ALLOWS_LOCAL = True
# The providers of the tests are servers of their own on this machine.
HTTP_CLIENT_ALLOWS_PRIVATE = True
# Nothing is asked of the national address service, but by the tests that play it.
ADDRESS_API_URL = ""
