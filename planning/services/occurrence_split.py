"""What plages and indisponibilités share: one occurrence apart, a series cut in two.

Callers hold the lock of the row, have checked the rights, and save the row afterwards.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from planning.models import PlageOuverture
from planning.queries.occurrences import has_occurrence_before, occurrence_day
from planning.queries.schedules import rule_of
from planning.slots.recurrence import occurs_on
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from datetime import date

    from planning.models import Indisponibilite

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


def set_exception(row: Series, day: date, **columns: object) -> None:
    """Write what becomes of the occurrence of `day`: without columns, it is left out.

    Raises OccurrenceGone, or InvalidRow when the new hours make no sense.
    """
    require_occurrence(row, day)
    exception = row.exceptions.filter(day=day).first()
    if exception is None:
        exception = row.exceptions.model(day=day)
        setattr(exception, _link(row), row)
    for field in exception._meta.concrete_fields:
        if field.name.startswith("new_"):
            setattr(exception, field.name, columns.get(field.name))
    save_checked(exception)


def forget_exception(row: Series, day: date) -> None:
    """Let the occurrence of `day` follow the rule again. Raises OccurrenceGone."""
    if not row.exceptions.filter(day=day).delete()[0]:
        raise OccurrenceGone(_("Cette exception n’existe plus."))


def begins_at(row: Series, day: date) -> bool:
    """Say whether `day` is the first occurrence: « the following ones » are then all of them."""
    require_occurrence(row, day)
    return not has_occurrence_before(row, day)


def end_before(row: Series, day: date) -> None:
    """Make `row` end on the eve of `day`; its later exceptions are the caller's to move."""
    row.recurrence_ends_on = day - timedelta(days=1)
    row.ics_sequence += 1
    save_checked(row)


def move_exceptions(old: Series, new: Series, day: date) -> None:
    """Give `new` the exceptions of `old` from `day` on, as far as its rule still gives them."""
    rule = rule_of(new)
    for exception in old.exceptions.filter(day__gte=day):
        if occurs_on(rule, exception.day):
            setattr(exception, _link(old), new)
            exception.save()
        else:
            exception.delete()


def forget_lost_exceptions(row: Series) -> None:
    """Delete the exceptions on days that the rule, just changed, no longer gives."""
    rule = rule_of(row)
    kept = [e.pk for e in row.exceptions.all() if row.is_recurring and occurs_on(rule, e.day)]
    row.exceptions.exclude(pk__in=kept).delete()


def _link(row: Series) -> str:
    return "plage" if isinstance(row, PlageOuverture) else "indisponibilite"
