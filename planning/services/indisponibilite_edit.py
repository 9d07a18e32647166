"""Create, change and delete an indisponibilité."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import colleagues_in
from planning.models import Indisponibilite
from planning.policies import indisponibilites_for
from rdv.common.errors import DomainError
from rdv.common.saving import save_checked

if TYPE_CHECKING:
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


@transaction.atomic
def create_indisponibilite(
    *,
    organisation: Organisation,
    agent: Agent,
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (every service has it; the mail to the agent will use it)
) -> Indisponibilite:
    """Close the agenda of `agent`, in every organisation; civil times are the territoire's.

    Raises IndisponibiliteRefused, or InvalidRow with the fields at fault.
    """
    mine = colleagues_in(actor, Permission.INDISPONIBILITE_EDIT, organisation)
    if not mine.filter(pk=agent.pk).exists():
        raise IndisponibiliteRefused(_("Vous ne pouvez plus modifier l’agenda de cet agent."))
    row = Indisponibilite(agent=agent, territoire=organisation.territoire)
    _write(row, fields)
    return row


@transaction.atomic
def update_indisponibilite(
    *,
    indisponibilite_id: int,
    fields: IndisponibiliteFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (see create_indisponibilite)
) -> Indisponibilite:
    """Change it; raises like `create_indisponibilite`."""
    row = _lock(indisponibilite_id, actor)
    row.ics_sequence += 1
    _write(row, fields)
    return row


@transaction.atomic
def delete_indisponibilite(
    *,
    indisponibilite_id: int,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (see create_indisponibilite)
) -> None:
    """Delete it and all its occurrences. Raises IndisponibiliteRefused."""
    _lock(indisponibilite_id, actor).delete()


def _lock(indisponibilite_id: int, actor: Actor | None) -> Indisponibilite:
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
