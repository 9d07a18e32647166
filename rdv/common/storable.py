"""What comes from providers and mails, as PostgreSQL can hold it."""

from __future__ import annotations

import re

# A NUL; half of a pair, which JSON may write and which Python makes of a mail's unreadable bytes.
_REFUSED = re.compile("[\0\ud800-\udfff]")


def storable(text: str) -> str:
    """Return `text` without what PostgreSQL refuses: a report is not lost for one odd sign."""
    return _REFUSED.sub("", text)


def text_of(value: object) -> str:
    """Return what a provider says where a text or a number stands, "" for any other kind."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return storable(str(value)) if is_number or isinstance(value, str) else ""
