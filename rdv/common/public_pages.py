"""Where somebody may be sent back to: this site only, and for a citizen its public side."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.utils.http import url_has_allowed_host_and_scheme

# First words of the public side's addresses.
_PUBLIC = ("mes-rdv", "votre-compte", "rendez-vous", "votre-rdv")


LONGEST = 2_000


def own_path(asked: str) -> str:
    """Return `asked` when it is a path of this site, "" for anything else: no open redirect."""
    if len(asked) > LONGEST or not asked.startswith("/"):
        return ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def public_page_or(asked: str, default: str) -> str:
    """Return `asked` when it is a path of the public side, else `default`: no open redirect."""
    if not own_path(asked):
        return default
    parts = urlsplit(asked)
    words = parts.path.split("/")
    if len(words) < 2 or words[1] not in _PUBLIC or ".." in words:  # noqa: PLR2004
        return default
    return asked
