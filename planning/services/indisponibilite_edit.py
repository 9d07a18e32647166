"""Create, change and delete an indisponibilité, or what follows a day of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import colleagues_in
from planning.models import Indisponibilite
from planning.policies import indisponibilites_for
from planning.services.occurrence_split import (
    begins_at,
    check_version,
    end_before,
    forget_exceptions,
    forget_lost_exceptions,
    move_exceptions,
)
from planning.services.planning_announce import Change, announce_indisponibilites
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime, time

    from agents.models import Agent, Organisation
    from agents.permissions import Actor


class IndisponibiliteRefused(DomainError):  # noqa: N818 (named for what it refuses)
    """The agent may not do that to the indisponibilité any more."""


@dataclass(frozen=True)
class IndisponibiliteFields:
    """Columns of the model. A whole day ends at 0 h of the day after."""

    title: str
    first_day: date
    end_day: date
    start_time: time
    end_time: time
    frequency: str = "none"
    interval: int = 1
    weekdays: tuple[int, ...] | list[int] = ()
    month_rank: int | None = None
    recurrence_ends_on: date | None = None


def create_indisponibilite(
    *,
    organisation: Organisation,
    agent: Agent,
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,
) -> Indisponibilite:
    """Close the agenda of `agent`, in every organisation; civil times are the territoire's.

    Raises IndisponibiliteRefused, or InvalidRow with the fields at fault.
    """
    (row,) = create_indisponibilites(
        organisation=organisation, agents=[agent], fields=fields, actor=actor, now=now
    )
    return row


@transaction.atomic
def create_indisponibilites(
    *,
    organisation: Organisation,
    agents: Sequence[Agent],
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,
) -> list[Indisponibilite]:
    """Close the agendas of several colleagues: all of them, or none (E14). Raises as above."""
    mine = set(
        colleagues_in(actor, Permission.INDISPONIBILITE_EDIT, organisation).values_list(
            "pk", flat=True
        )
    )
    rows = []
    for agent in agents:
        if agent.pk not in mine:
            raise IndisponibiliteRefused(_("Vous ne pouvez plus modifier l’agenda de cet agent."))
        row = Indisponibilite(agent=agent, territoire=organisation.territoire)
        _write(row, fields)
        announce_indisponibilites(Change.CREATED, [row], actor=actor, now=now)
        rows.append(row)
    return rows


@transaction.atomic
def update_indisponibilite(
    *,
    indisponibilite_id: int,
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> Indisponibilite:
    """Change it, every time; exceptions stay on the days that the rule still gives.

    `version`: the `ics_sequence` that the person saw. Raises like `create_indisponibilite`, or
    ChangedMeanwhile.
    """
    row = lock_indisponibilite(indisponibilite_id, actor)
    check_version(row, version)
    row.ics_sequence += 1
    _write(row, fields)
    forget_lost_exceptions(row, actor=actor, now=now)
    announce_indisponibilites(Change.CHANGED, [row], actor=actor, now=now)
    return row


@transaction.atomic
def split_indisponibilite(
    *,
    indisponibilite_id: int,
    day: date,
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> Indisponibilite:
    """Change the occurrence of `day` and the following ones; return the row that holds them.

    The old one ends on the eve; the new one takes the later exceptions. From the first occurrence
    on, the whole row changes. Raises like `update_indisponibilite`, or OccurrenceGone.
    """
    row = lock_indisponibilite(indisponibilite_id, actor)
    check_version(row, version)
    if begins_at(row, day):
        return update_indisponibilite(
            indisponibilite_id=indisponibilite_id, fields=fields, actor=actor, now=now
        )
    following = Indisponibilite(agent=row.agent, territoire=row.territoire)
    _write(following, fields)
    move_exceptions(row, following, day, actor=actor, now=now)
    end_before(row, day)
    announce_indisponibilites(Change.CHANGED, [row, following], actor=actor, now=now)
    return following


@transaction.atomic
def delete_indisponibilite(*, indisponibilite_id: int, actor: Actor | None, now: datetime) -> None:
    """Delete it and all its occurrences. Raises IndisponibiliteRefused."""
    row = lock_indisponibilite(indisponibilite_id, actor)
    row.ics_sequence += 1
    announce_indisponibilites(Change.DELETED, [row], actor=actor, now=now)
    row.delete()


@transaction.atomic
def end_indisponibilite(
    *, indisponibilite_id: int, day: date, actor: Actor | None, now: datetime
) -> None:
    """Delete the occurrence of `day` and the following ones. Raises as when splitting."""
    row = lock_indisponibilite(indisponibilite_id, actor)
    if begins_at(row, day):
        delete_indisponibilite(indisponibilite_id=indisponibilite_id, actor=actor, now=now)
        return
    forget_exceptions(row.exceptions.filter(day__gte=day), actor=actor, now=now)
    end_before(row, day)
    announce_indisponibilites(Change.CHANGED, [row], actor=actor, now=now)


def lock_indisponibilite(indisponibilite_id: int, actor: Actor | None) -> Indisponibilite:
    """Return the row that `actor` may edit, locked. Raises IndisponibiliteRefused."""
    rows = indisponibilites_for(actor, Permission.INDISPONIBILITE_EDIT)
    row = rows.select_for_update(of=("self",)).filter(pk=indisponibilite_id).first()
    if row is None:
        raise IndisponibiliteRefused(
            _("Cette indisponibilité n’existe plus, ou vous ne pouvez plus la modifier.")
        )
    return row


def _write(row: Indisponibilite, fields: IndisponibiliteFields) -> None:
    for name, value in asdict(fields).items():
        setattr(row, name, value)
    row.weekdays = list(fields.weekdays)
    save_checked(row)
