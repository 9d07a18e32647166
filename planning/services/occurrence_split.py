"""What plages and indisponibilités share: one occurrence apart, a series cut in two.

Callers hold the lock of the row, have checked the rights, and save the row afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from planning.models import PlageException, PlageOuverture
from planning.queries.occurrences import has_occurrence_before, occurrence_day
from planning.queries.schedules import rule_of
from planning.services.planning_announce import Change, announce_plages
from planning.slots.recurrence import occurs_on
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor
    from planning.models import Indisponibilite, IndisponibiliteException

    Exceptions = QuerySet[PlageException] | QuerySet[IndisponibiliteException]
    Series = PlageOuverture | Indisponibilite


class ChangedMeanwhile(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Somebody changed the row after the page was shown: nothing was saved."""


class OccurrenceGone(DomainError):  # noqa: N818 (see above)
    """The series does not happen that day any more."""


def check_version(row: Series, version: int | None) -> None:
    """Refuse to overwrite a change that the person has not seen (None: they saw none)."""
    if version is not None and version != row.ics_sequence:
        raise ChangedMeanwhile(
            _(
                "Quelqu’un a changé ces horaires pendant que vous les modifiiez : rien n’est "
                "enregistré. Vérifiez, puis enregistrez à nouveau pour remplacer ce changement."
            )
        )


def require_occurrence(row: Series, day: date) -> None:
    if occurrence_day(row, day) != day:
        raise OccurrenceGone(_("Ces horaires ne tombent plus ce jour-là. Rechargez la page."))


def set_exception(
    row: Series, day: date, *, actor: Actor | None, now: datetime, **columns: object
) -> None:
    """Write what becomes of the occurrence of `day`: without columns, it is left out.

    Raises OccurrenceGone, or InvalidRow when the new hours make no sense.
    """
    require_occurrence(row, day)
    withdraw_replacements(row.exceptions.filter(day=day), actor=actor, now=now)
    exception = exception_of(row, day)
    for field in exception._meta.concrete_fields:
        if field.name.startswith("new_"):
            setattr(exception, field.name, columns.get(field.name))
    save_checked(exception)


def exception_of(row: Series, day: date) -> Any:
    """Return the exception of `day`, or a new one that is not saved."""
    exception = row.exceptions.filter(day=day).first()
    return exception or row.exceptions.model(**{_link(row): row, "day": day})


def forget_exception(row: Series, day: date, *, actor: Actor | None, now: datetime) -> None:
    """Let the occurrence of `day` follow the rule again. Raises OccurrenceGone."""
    if not forget_exceptions(row.exceptions.filter(day=day), actor=actor, now=now):
        raise OccurrenceGone(_("Cette exception n’existe plus."))


def forget_exceptions(exceptions: Exceptions, *, actor: Actor | None, now: datetime) -> int:
    """Delete them, with the plages that replace their dates; return how many there were."""
    withdraw_replacements(exceptions, actor=actor, now=now)
    _all, by_model = exceptions.delete()
    return by_model.get(exceptions.model._meta.label, 0)


def withdraw_replacements(exceptions: Exceptions, *, actor: Actor | None, now: datetime) -> None:
    """Delete the plages that take the place of these dates, and tell their agent."""
    if exceptions.model is not PlageException:
        return
    rows = PlageOuverture.objects.filter(replaces__in=exceptions).order_by("pk")
    plages = list(rows.select_for_update(of=("self",)))
    for plage in plages:
        plage.ics_sequence += 1
    announce_plages(Change.DELETED, plages, actor=actor, now=now)
    PlageOuverture.objects.filter(pk__in=[plage.pk for plage in plages]).delete()


def begins_at(row: Series, day: date) -> bool:
    """Say whether `day` is the first occurrence: « the following ones » are then all of them."""
    require_occurrence(row, day)
    return not has_occurrence_before(row, day)


def end_before(row: Series, day: date) -> None:
    """Make `row` end on the eve of `day`; its later exceptions are the caller's to move."""
    row.recurrence_ends_on = day - timedelta(days=1)
    row.ics_sequence += 1
    save_checked(row)


def move_exceptions(
    old: Series, new: Series, day: date, *, actor: Actor | None, now: datetime
) -> None:
    """Give `new` the exceptions of `old` from `day` on, as far as its rule still gives them."""
    later = old.exceptions.filter(day__gte=day)
    kept = _still_given(new, later)
    forget_exceptions(later.exclude(pk__in=kept), actor=actor, now=now)
    later.update(**{_link(old): new})


def forget_lost_exceptions(row: Series, *, actor: Actor | None, now: datetime) -> None:
    """Delete the exceptions on days that the rule, just changed, no longer gives."""
    kept = _still_given(row, row.exceptions.all())
    forget_exceptions(row.exceptions.exclude(pk__in=kept), actor=actor, now=now)


def _still_given(row: Series, exceptions: Exceptions) -> list[int]:
    rule = rule_of(row)
    return [e.pk for e in exceptions if row.is_recurring and occurs_on(rule, e.day)]


def _link(row: Series) -> str:
    return "plage" if isinstance(row, PlageOuverture) else "indisponibilite"
