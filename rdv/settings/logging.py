"""JSON logs on standard error; never a name, phone, e-mail or token."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime

# From the beginning of a word only: a long word is read once, not once for each letter.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]++@[\w-]+\.[\w.-]+")
_PHONE = re.compile(r"(?<!\d)(?:\+\d{2,3}|0)[1-9](?:[ .-]?\d{2}){4}(?!\d)")
_TOKEN = re.compile(r"(?<=/)[A-Za-z0-9_-]{11,}(?=[/?\s\"']|\.ics|$)")
# The routes whose next part opens something by itself; a test compares with the URL tables.
_ROUTES = (
    "r",
    "l",
    "calendrier",
    "rendez-vous/confirmer",
    "franceconnect/adresse",
    "agents/mot-de-passe/cle",
    r"fournisseurs/sms/[^/\s]+/[^/\s]+",
)
_SECRET = re.compile(rf"(/(?:{'|'.join(_ROUTES)})/)[^/?#\s\"']+")
# Anything else that looks drawn at random: our words and slugs have no capital letter.
_RANDOM = re.compile(r"(?<=/)(?=[\w-]*[A-Z])(?=[\w-]*[a-z0-9])[\w-]{16,}(?=[/?#\s\"'.]|$)")
_QUERY = re.compile(r"\?[^#\s\"']*")


def scrub(text: str) -> str:
    """Blank what names a person: a last line of defence, not a permission to log it."""
    text = scrub_person(text)
    return _TOKEN.sub(lambda m: m[0] if _is_uuid(m[0]) else "[token]", text)


def mask_address(text: str) -> str:
    """Blank in an address what opens something: the part of a personal link, any query string."""
    text = _QUERY.sub("?[…]", _SECRET.sub(r"\1[secret]", text))
    return scrub_person(_RANDOM.sub("[secret]", text))


def scrub_person(text: str) -> str:
    return _PHONE.sub("[phone]", _EMAIL.sub("[email]", text))


def _is_uuid(text: str) -> bool:
    return re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) is not None


class JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": scrub(record.getMessage()),
        }
        for name in ("request_id", "actor"):
            if (value := getattr(record, name, None)) is not None:
                line[name] = value
        if record.exc_info:
            line["exception"] = scrub(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def logging_settings(level: str) -> dict[str, object]:
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "rdv.settings.logging.JsonFormatter"}},
        "filters": {"request": {"()": "rdv.common.request_context.RequestContextFilter"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "json",
                "filters": ["request"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"level": level},
            # At INFO it writes the whole address of what it asks: what somebody typed.
            "httpx": {"level": "WARNING"},
            "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }
