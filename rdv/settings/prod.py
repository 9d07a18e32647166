"""Production: refuses to start without its secrets."""

from rdv.settings import env
from rdv.settings.base import *
from rdv.settings.servers import server_settings

globals().update(server_settings())

DEBUG = False
SECRET_KEY = env.text("SECRET_KEY")
if len(SECRET_KEY) < 50:  # noqa: PLR2004
    raise env.MissingSettingError("SECRET_KEY is too short: 50 random characters at least.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS")
if not SITE_URL:
    raise env.MissingSettingError("SITE_URL is not set: every message holds a link to the site.")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
if not FIELD_ENCRYPTION_KEYS:
    raise env.MissingSettingError("FIELD_ENCRYPTION_KEYS is not set: see docs/deployment.md.")
globals().update(env.email(env.text("EMAIL_URL")))

# A new dictionary: that of base is shared by whoever imports it in the same process.
STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "rdv.static_files.StaticFilesStorage"},
}

SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_SSL_REDIRECT else 0
SESSION_COOKIE_SECURE = SECURE_SSL_REDIRECT
LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT
CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
