"""What a RDV and its history say of people is erased with time (decision 5)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection

from agents.services.retention_report import in_batches
from planning.models import Participation, Rdv, RdvEvent

if TYPE_CHECKING:
    from datetime import datetime

KEPT = timedelta(days=731)
AUTHORS_KEPT = timedelta(days=367)
# Fields of a change that hold what was written about people, or their names.
PERSONAL_CHANGES = ("context", "usagers", "participants")


def purge_rdvs(*, now: datetime) -> int:
    """Erase context and needs two years after the RDV; return how many rows.

    Title, times, places, statuses stay: the statistics are made of them.
    """
    limit = now - KEPT
    contexts = Rdv.objects.filter(ends_at__lt=limit).exclude(context="")
    needs = Participation.objects.filter(rdv__ends_at__lt=limit).exclude(needs=[], needs_details="")
    erased = in_batches(contexts, lambda keys: Rdv.objects.filter(pk__in=keys).update(context=""))
    return erased + in_batches(needs, forget_needs)


def forget_needs(keys: list[int]) -> None:
    Participation.objects.filter(pk__in=keys).update(needs=[], needs_details="")


def purge_history_values(*, now: datetime) -> int:
    """Take what was written about people out of the history of RDVs that are two years old."""
    old = RdvEvent.objects.filter(rdv__ends_at__lt=now - KEPT, at__lt=now - AUTHORS_KEPT)
    told = old.filter(changes__has_any_keys=list(PERSONAL_CHANGES))
    return in_batches(told, forget_changes, erases=True)


def purge_authors(*, now: datetime) -> int:
    """Erase the names of authors a year after what they did; return how many lines."""
    named = RdvEvent.objects.filter(at__lt=now - AUTHORS_KEPT).exclude(author_name="")
    return in_batches(named, forget_authors, erases=True)


def forget_authors(keys: list[int]) -> None:
    RdvEvent.objects.filter(pk__in=keys).update(author_name="")


def forget_changes(keys: list[int]) -> None:
    """The caller has said `allow_erasing`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE planning_rdvevent SET changes = changes - %s::text[] WHERE id = ANY(%s)",
            [list(PERSONAL_CHANGES), keys],
        )
