"""The only reader of the environment: every variable, typed, with its meaning.

`docs/environment.md` is generated from this table.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

if TYPE_CHECKING:
    from pathlib import Path


class MissingSettingError(Exception):
    """A variable without which the product must not start."""


@dataclass(frozen=True)
class Variable:
    name: str
    meaning: str
    default: str | None = None


VARIABLES: dict[str, Variable] = {
    v.name: v
    for v in (
        Variable("DATABASE_URL", "PostgreSQL ≥ 15, `postgres://user:password@host:port/name`."),
        Variable("REDIS_URL", "Redis or Valkey, `redis://host:port/0` or `redis+socket:///path`."),
        Variable("SECRET_KEY", "Django's signing key, 50 random characters; production only."),
        Variable("ALLOWED_HOSTS", "Host names of the site, separated by commas."),
        Variable("SITE_URL", "Public address of the site, used in every message.", ""),
        Variable("SITE_NAME", "Name of the brand, in pages and messages.", "RDV Service Public"),
        Variable(
            "EMAIL_URL",
            "SMTP server, `smtp://user:password@host:587?tls=1`, or a provider's API, "
            "`brevo://api?api_key=…` (docs/deployment.md).",
        ),
        Variable("DEFAULT_FROM_EMAIL", "Sender of the e-mails.", "RDV <rdv@localhost>"),
        Variable(
            "SUPPORT_EMAIL",
            "Who reads the replies that belong to no RDV; empty: they are dropped.",
            "",
        ),
        Variable(
            "ANYMAIL_WEBHOOK_SECRET",
            "`user:password` by which the e-mail provider calls us; empty: its calls are refused.",
            "",
        ),
        Variable(
            "INBOUND_EMAIL_DOMAIN",
            "Domain whose mail the provider hands to us: usagers answer to the agents of the RDV; "
            "empty: they answer to the organisation's address.",
            "",
        ),
        Variable(
            "SMS_GATEWAY",
            "SMS gateway of territoires that chose none: `console`, `file`, `brevo`, `smsmode`.",
            "console",
        ),
        Variable("SMS_API_KEY", "Key of that gateway.", ""),
        Variable("SMS_SENDER", "Who signs the SMS: 3 to 11 letters or digits.", "RDV"),
        Variable(
            "FIELD_ENCRYPTION_KEYS",
            "Keys of the secrets in the database, newest first, separated by commas; production "
            "refuses to start without one, elsewhere it follows from `SECRET_KEY`.",
            "",
        ),
        Variable(
            "TRUSTED_PROXY_COUNT",
            "Proxies in front of the site that add to X-Forwarded-For; limits by IP rest on it.",
            "0",
        ),
        Variable(
            "VISIO_URL",
            "Web-conference server of the RDVs by video; each RDV has a room of its own there.",
            "https://webconf.numerique.gouv.fr",
        ),
        Variable(
            "ADDRESS_API_URL",
            "The national address service (docs/adr/0020); empty: a commune is chosen in a list.",
            "https://data.geopf.fr/geocodage/search",
        ),
        Variable(
            "ADDRESS_API_PRIVATE",
            "`1` when `ADDRESS_API_URL` is on your own network: its host alone may then have a "
            "private address.",
            "0",
        ),
        Variable(
            "FRANCECONNECT_ISSUER",
            "FranceConnect v2, `https://oidc.franceconnect.gouv.fr/api/v2`; no button when empty.",
            "",
        ),
        Variable("FRANCECONNECT_CLIENT_ID", "The site's identifier at FranceConnect.", ""),
        Variable("FRANCECONNECT_CLIENT_SECRET", "The site's secret at FranceConnect.", ""),
        Variable(
            "PROCONNECT_ISSUER",
            "ProConnect, `https://auth.agentconnect.gouv.fr/api/v2`; no button for agents when "
            "empty.",
            "",
        ),
        Variable("PROCONNECT_CLIENT_ID", "The site's identifier at ProConnect.", ""),
        Variable("PROCONNECT_CLIENT_SECRET", "The site's secret at ProConnect.", ""),
        Variable(
            "EXPORT_STORAGE",
            "Where the files of exports are kept: a folder that web and workers share, "
            "`file:///srv/exports`, or a private bucket, "
            "`s3://key:secret@host/bucket?region=fr-par` (docs/deployment.md); "
            "empty: `.local/exports` of the application.",
            "",
        ),
        Variable(
            "EXPORTS_AT_ONCE",
            "Exports made at the same time; keep a process of the workers for the messages.",
            "1",
        ),
        Variable("LOG_LEVEL", "Least level written to the logs.", "INFO"),
        Variable(
            "SECURE_SSL_REDIRECT",
            "`0` when the site is reached without TLS (a trial on one machine).",
            "1",
        ),
    )
}


def text(name: str) -> str:
    """Return the variable or its default. Raises MissingSettingError when there is neither."""
    variable = VARIABLES[name]
    value = os.environ.get(name) or variable.default
    if value is None:
        raise MissingSettingError(f"{name} is not set: {variable.meaning}")
    return value


def optional(name: str) -> str | None:
    return os.environ.get(name) or VARIABLES[name].default


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def flag(name: str) -> bool:
    return text(name).lower() in {"1", "true", "yes", "on"}


def provider(prefix: str) -> tuple[str, str, str]:
    """Return issuer, identifier and secret of a provider: all of them, or three empty texts."""
    names = [f"{prefix}_{last}" for last in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET")]
    issuer, client_id, secret = (text(name) for name in names)
    given = [bool(value) for value in (issuer, client_id, secret)]
    if any(given) and not all(given):
        raise MissingSettingError(f"{', '.join(names)} go together: set all of them, or none.")
    return issuer.rstrip("/"), client_id, secret


def origins(*urls: str) -> list[str]:
    """Return `https://host` of each address that is set, for the security policy of the pages."""
    parts = [urlsplit(url) for url in urls if url]
    return [f"{part.scheme}://{part.netloc}" for part in parts]


def database(url: str) -> dict[str, object]:
    """Turn `postgres://user:password@host:port/name?host=/socket/folder` into Django's shape.

    A socket folder goes into the query (`?host=`), as libpq does. The slot search's statements
    (`planning.queries.availability_rows`) are prepared once a connection, from their first use:
    planning them takes as long as running them. Their plan is made once too, not five times: they
    take arrays, whose values do not change it. The ORM binds on the client side, so that nothing
    else is prepared.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise MissingSettingError("DATABASE_URL must begin with postgres://: no other server fits.")
    query = dict(parse_qsl(parts.query))
    options = f"-c plan_cache_mode=force_generic_plan {query.pop('options', '')}".strip()
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"prepare_threshold": 0, "options": options, **query},
    }


def email(url: str) -> dict[str, object]:
    """Turn `smtp://user:password@host:587?tls=1` into Django's e-mail settings.

    `brevo://api?api_key=…` is a provider's API: any scheme that anymail has a back end for, its
    settings in the query (`mailjet://api?api_key=…&secret_key=…`).
    """
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if parts.scheme != "smtp":
        provider = parts.scheme.replace("-", "_")
        if not provider or find_spec(f"anymail.backends.{provider}") is None:
            raise MissingSettingError("EMAIL_URL: begin with smtp:// or a provider's name.")
        options = {f"{provider}_{name}".upper(): value for name, value in query.items()}
        return {
            "EMAIL_BACKEND": f"anymail.backends.{provider}.EmailBackend",
            "EMAIL_PROVIDER": provider,
            # What a provider has no word for (metadata at Scaleway's) is left out, not refused.
            "ANYMAIL": {"IGNORE_UNSUPPORTED_FEATURES": True, **options},
        }
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname or "localhost",
        "EMAIL_PORT": parts.port or 25,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": query.get("tls") == "1",
        "EMAIL_USE_SSL": query.get("ssl") == "1",
    }


def export_storage(url: str, *, folder: Path) -> dict[str, object]:
    """Turn `file:///folder` or `s3://key:secret@host/bucket?region=…` into an entry of STORAGES.

    `folder` when `url` is empty. Nobody but the process's user reads the files of a folder. `tls=0`
    reaches the object storage without TLS, `prefix=` keeps the files under a name.
    """
    parts = urlsplit(url)
    if parts.scheme in {"", "file"}:
        options = {
            "location": unquote(parts.path) or str(folder),
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        }
        return {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": options}
    bucket = parts.path.strip("/")
    if parts.scheme != "s3" or not (parts.hostname and parts.username and bucket):
        raise MissingSettingError("EXPORT_STORAGE: file:///folder or s3://key:secret@host/bucket.")
    query = dict(parse_qsl(parts.query))
    host = parts.netloc.rpartition("@")[2]
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "access_key": unquote(parts.username),
            "secret_key": unquote(parts.password or ""),
            "endpoint_url": f"{'http' if query.get('tls') == '0' else 'https'}://{host}",
            "bucket_name": bucket,
            "region_name": query.get("region", "us-east-1"),
            "location": query.get("prefix", ""),
            "client_config": _s3_client(),
            "default_acl": None,
            "max_memory_size": 5 * 1024 * 1024,
            "file_overwrite": True,
        },
    }


def _s3_client() -> object:
    """Return what any object storage understands: paths, signature 4, no checksum of Amazon's."""
    from botocore.config import Config

    return Config(
        s3={"addressing_style": "path"},
        signature_version="s3v4",
        connect_timeout=10,
        read_timeout=60,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )


def document() -> str:
    """Return docs/environment.md."""
    lines = [
        "# Environment variables",
        "",
        "Printed from `rdv/settings/env.py` by `make docs`; a test fails when it is stale.",
        "`DJANGO_SETTINGS_MODULE` chooses the settings: `rdv.settings.prod` in production,",
        "`rdv.settings.dev` for `make run`, `rdv.settings.test` for `make test`.",
        "",
        "| Variable | Meaning | Default |",
        "|---|---|---|",
    ]
    for variable in VARIABLES.values():
        default = "none" if variable.default is None else f"`{variable.default}`"
        if variable.default == "":
            default = "empty"
        lines.append(f"| `{variable.name}` | {variable.meaning} | {default} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
