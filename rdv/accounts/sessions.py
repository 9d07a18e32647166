"""The open sessions of an account: noted, shown, ended (G08)."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

from django.contrib.sessions.models import Session
from django.db import IntegrityError
from django.utils.translation import gettext as _

from rdv.accounts.models import AccountSession

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from rdv.accounts.models import Account

LONGEST_USER_AGENT = 300
# The first that fits: a browser calls itself by the names of the others too.
_BROWSERS = (
    (re.compile(r"Edg(e|A|iOS)?/"), "Edge"),
    (re.compile(r"OPR/|Opera"), "Opera"),
    (re.compile(r"Firefox/|FxiOS/"), "Firefox"),
    (re.compile(r"Chrome/|CriOS/|Chromium/"), "Chrome"),
    (re.compile(r"Safari/"), "Safari"),
)
_SYSTEMS = (
    (re.compile(r"iPhone"), "iPhone"),
    (re.compile(r"iPad"), "iPad"),
    (re.compile(r"Android"), "Android"),
    (re.compile(r"Windows"), "Windows"),
    (re.compile(r"Mac OS X|Macintosh"), "macOS"),
    (re.compile(r"CrOS"), "ChromeOS"),
    (re.compile(r"Linux|X11"), "Linux"),
)


def note_session(
    *, account: Account, session_key: str, user_agent: str, began: datetime, now: datetime
) -> None:
    """Write that this session was used, in one statement. A session ended meanwhile is left out."""
    row = AccountSession(
        account=account,
        session_id=session_key,
        user_agent=user_agent[:LONGEST_USER_AGENT],
        created_at=began,
        seen_at=now,
    )
    with suppress(IntegrityError):
        AccountSession.objects.bulk_create(
            [row],
            update_conflicts=True,
            unique_fields=["session"],
            update_fields=["seen_at", "user_agent"],
        )


def own_sessions(account: Account, *, now: datetime) -> QuerySet[AccountSession]:
    """Return those that still open pages, the latest first."""
    alive = AccountSession.objects.filter(account=account, session__expire_date__gt=now)
    return alive.order_by("-seen_at", "pk")


def end_session(account: Account, session_uuid: UUID) -> bool:
    """End one session of `account`; say whether there was one."""
    rows = Session.objects.filter(
        account_session__account=account, account_session__uuid=session_uuid
    )
    return bool(rows.delete()[0])


def end_other_sessions(account: Account, *, keep: str | None) -> None:
    """End all the sessions of `account` but that of the key `keep`; None ends them all."""
    Session.objects.filter(account_session__account=account).exclude(session_key=keep).delete()


def device_of(user_agent: str) -> str:
    """Return « Firefox sur Windows » from what a browser says of itself."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s sur %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Appareil inconnu")


def _first(names: tuple[tuple[re.Pattern[str], str], ...], text: str) -> str:
    return next((name for pattern, name in names if pattern.search(text)), "")
