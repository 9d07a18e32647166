"""Take the agents' agendas before their time is used (docs/adr/0006)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext as _

from agents.models import Agent

if TYPE_CHECKING:
    from collections.abc import Iterable

PATIENCE = "3s"


def limit_waiting() -> None:
    """Wait for no lock longer than three seconds, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")


def lock_agendas(agent_ids: Iterable[int]) -> None:
    """Hold these agents' rows until the transaction ends.

    In the order of their keys, so that two bookings never wait for each other. After three seconds
    PostgreSQL raises OperationalError (LockNotAvailable): the caller answers RetryLaterError with
    `busy_message`.
    """
    limit_waiting()
    rows = Agent.objects.filter(pk__in=set(agent_ids)).order_by("pk")
    list(rows.select_for_update(of=("self",), no_key=True).values_list("pk"))


def busy_message() -> str:
    return _("L’agenda est très demandé en ce moment. Réessayez dans un instant.")
