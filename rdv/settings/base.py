"""Settings shared by every environment. Reads nothing but `env`."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from rdv.settings import env
from rdv.settings.logging import logging_settings

BASE_DIR = Path(__file__).resolve().parent.parent.parent

INSTALLED_APPS = [
    "rdv",
    "rdv.accounts",
    "rdv.common",
    "rdv.login",
    "rdv.demo",
    "agents",
    "motifs",
    "usagers",
    "planning",
    "notifications",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
    "widget_tweaks",
    "dsfr",
    "django_htmx",
    "phonenumber_field",
    "csp",
]

MIDDLEWARE = [
    "rdv.middleware.RequestIdMiddleware",
    "rdv.middleware.NoCookieMiddleware",
    "rdv.middleware.PublicLanguageMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "rdv.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "rdv.middleware.UnreadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "rdv.middleware.SessionLimitMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "rdv.login.impersonation.ImpersonationMiddleware",
    "rdv.middleware.ActorMiddleware",
    "rdv.login.doors.ClosedAccountMiddleware",
    "rdv.login.doors.SecondFactorMiddleware",
    "rdv.middleware.FrenchSpacesMiddleware",
    "rdv.middleware.TooManyMiddleware",
]

ROOT_URLCONF = "rdv.urls"
WSGI_APPLICATION = "rdv.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "rdv.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The owner of a transaction is the service: nothing network-bound runs inside one by accident.
ATOMIC_REQUESTS = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "rdv.accounts.passwords.CommonFrenchValidator"},
    {"NAME": "rdv.accounts.passwords.MaximumLengthValidator"},
    {"NAME": "rdv.accounts.passwords.CharacterKindsValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "agents:home"

# allauth signs in by `login` = "kind:email": docs/adr/0003.
ACCOUNT_ADAPTER = "rdv.login.adapters.AccountAdapter"
ACCOUNT_UNIQUE_EMAIL = False
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
# An account only ever exists for an address that was proven: an agent accepts an invitation, an
# usager follows the link of their booking. There is nothing left to verify at sign-in.
ACCOUNT_EMAIL_VERIFICATION = "none"
ALLAUTH_TRUSTED_PROXY_COUNT = int(env.text("TRUSTED_PROXY_COUNT"))
# G08: 5 failures close an account's door for 15 minutes; an address (a town hall shares one) has
# more tries, spread over all its people.
ACCOUNT_RATE_LIMITS = {"login_failed": "30/15m/ip,5/15m/key"}
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
# An unknown address is told nothing, not even by e-mail.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "user_token": "rdv.login.forms.AgentTokenForm",
    "reauthenticate": "rdv.login.mfa_forms.PasswordAgainForm",
}
ACCOUNT_SESSION_REMEMBER = True
# FranceConnect (docs/adr/0014): on when the three are set. Our own services find the account; an
# address alone never does.
SOCIALACCOUNT_ADAPTER = "rdv.login.adapters.SocialAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
FRANCECONNECT_ISSUER, FRANCECONNECT_CLIENT_ID, FRANCECONNECT_CLIENT_SECRET = env.provider(
    "FRANCECONNECT"
)
# ProConnect, for agents (docs/adr/0017).
PROCONNECT_ISSUER, PROCONNECT_CLIENT_ID, PROCONNECT_CLIENT_SECRET = env.provider("PROCONNECT")
# Second factor of the agents (docs/adr/0017).
MFA_ADAPTER = "rdv.login.mfa.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RATE_LIMITS = {"webauthn_login": "30/15m/ip"}
# A telephone's clock is seldom exact; a code still serves once (rdv/login/mfa_forms.py).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "rdv.login.mfa_forms.CodeForm",
    "reauthenticate": "rdv.login.mfa_forms.CodeAgainForm",
    "activate_totp": "rdv.login.mfa_forms.ApplicationForm",
    "add_webauthn": "rdv.login.mfa_forms.PasskeyForm",
    "authenticate_webauthn": "rdv.login.mfa_forms.PasskeyStepForm",
    "reauthenticate_webauthn": "rdv.login.mfa_forms.PasskeyAgainForm",
    "login_webauthn": "rdv.login.mfa_forms.PasskeyLoginForm",
    "edit_webauthn": "rdv.login.mfa_forms.PasskeyNameForm",
}
SILENCED_SYSTEM_CHECKS = ["account.W001"]

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("Français")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
PHONENUMBER_DEFAULT_REGION = "FR"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("event-calendar", BASE_DIR / "node_modules/@event-calendar/build/dist"),
]
# Private: served by a view that asks who reads, never by an address of their own.
_EXPORTS = env.export_storage(env.text("EXPORT_STORAGE"), folder=BASE_DIR / ".local" / "exports")
STORAGES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "exports": _EXPORTS,
}
EXPORTS_AT_ONCE = int(env.text("EXPORTS_AT_ONCE"))
# django-dsfr prints the hashes of the original files; the manifest storage rewrites them, and the
# browser would then refuse both style sheets in production.
DSFR_USE_INTEGRITY_CHECKSUMS = False

SESSION_COOKIE_AGE = 7 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
# Decision 34: (idle, in all), seconds, by kind of account.
SESSION_LIMITS = {
    "usager": (30 * 60, 8 * 3600),
    "agent": (8 * 3600, 7 * 24 * 3600),
    "superadmin": (30 * 60, 8 * 3600),
}
CSRF_FAILURE_VIEW = "rdv.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# Whether a page of this machine may show the journey in a frame, in http: development and tests.
EMBEDDING_ALLOWS_LOCAL = False
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        # A form that leads to the provider's page is a form towards it, for browsers.
        "form-action": [SELF, *env.origins(FRANCECONNECT_ISSUER, PROCONNECT_ISSUER)],
        "frame-ancestors": [NONE],
    }
}

SITE_NAME = env.text("SITE_NAME")
SITE_URL = env.text("SITE_URL").rstrip("/")
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL")
SMS_GATEWAY = env.text("SMS_GATEWAY")
SMS_API_KEY = env.text("SMS_API_KEY")
SMS_SENDER = env.text("SMS_SENDER")
SMS_FILE_PATH = BASE_DIR / ".local" / "sms"
FIELD_ENCRYPTION_KEYS = env.words("FIELD_ENCRYPTION_KEYS")
SUPPORT_EMAIL = env.text("SUPPORT_EMAIL")
INBOUND_EMAIL_DOMAIN = env.text("INBOUND_EMAIL_DOMAIN")
# Without a secret nobody may tell us of bounces or replies: the addresses answer 404.
ANYMAIL_WEBHOOK_SECRET = env.text("ANYMAIL_WEBHOOK_SECRET")
# The provider whose API sends the e-mails, which is also the one that calls us; "" for SMTP.
EMAIL_PROVIDER = ""
HTTP_CLIENT_ALLOWS_PRIVATE = False
VISIO_URL = env.text("VISIO_URL")
ADDRESS_API_URL = env.text("ADDRESS_API_URL")
ADDRESS_API_PRIVATE = env.flag("ADDRESS_API_PRIVATE")
# A provider that does not answer is given up after this. The lease of a message under way is
# longer, so that one worker at a time speaks to the provider (docs/adr/0007).
EMAIL_TIMEOUT = SMS_TIMEOUT = 15
OUTBOX_LEASE_SECONDS = 600

CELERY_TASK_DEFAULT_QUEUE = "rdv"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = "Europe/Paris"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# A Celery message is only a nudge (docs/adr/0007): publishing must never hold a request.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "max_retries": 0,
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOGGING = logging_settings(env.text("LOG_LEVEL"))

# Messages that people may read without SMTP: development only.
DEMO_OUTBOX = False
