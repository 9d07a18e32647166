"""Create, change and delete a plage d'ouverture."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import colleagues_in
from planning.models import PlageMotif, PlageOuverture
from planning.policies import plages_for
from planning.queries.plage_choices import lieux_for_plage, motifs_for_plage
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from datetime import date, datetime, time

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Motif


class PlageRefused(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """The agent may not do that to the plage any more."""


@dataclass(frozen=True)
class PlageFields:
    """What a person chooses; the columns of the recurrence have the names of the model."""

    motif_ids: tuple[int, ...]
    lieu_id: int | None
    first_day: date
    start_time: time
    end_time: time
    title: str = ""
    frequency: str = "none"
    interval: int = 1
    weekdays: tuple[int, ...] | list[int] = ()
    month_rank: int | None = None
    recurrence_ends_on: date | None = None
    opens_on_holidays: bool = False


@transaction.atomic
def create_plage(
    *,
    organisation: Organisation,
    agent: Agent,
    fields: PlageFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (every service has it; the mail to the agent will use it)
) -> PlageOuverture:
    """Open a plage for `agent`. Raises PlageRefused, or InvalidRow with the fields at fault."""
    mine = colleagues_in(actor, Permission.PLAGE_EDIT, organisation)
    if not mine.filter(pk=agent.pk).exists():
        raise PlageRefused(_("Vous ne pouvez plus ouvrir de plage pour cet agent."))
    plage = PlageOuverture(organisation=organisation, agent=agent)
    _write(plage, fields, actor)
    return plage


@transaction.atomic
def update_plage(
    *,
    plage_id: int,
    fields: PlageFields,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (see create_plage)
) -> PlageOuverture:
    """Change a plage; RDVs already booked in it stay as they are. Raises like `create_plage`."""
    plage = _lock(plage_id, actor)
    plage.ics_sequence += 1
    _write(plage, fields, actor)
    return plage


@transaction.atomic
def delete_plage(
    *,
    plage_id: int,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (see create_plage)
) -> None:
    """Delete a plage; RDVs already booked in it stay. Raises PlageRefused."""
    _lock(plage_id, actor).delete()


def _lock(plage_id: int, actor: Actor | None) -> PlageOuverture:
    rows = plages_for(actor, Permission.PLAGE_EDIT).select_for_update(of=("self",))
    plage = rows.filter(pk=plage_id).first()
    if plage is None:
        raise PlageRefused(_("Cette plage n’existe plus, ou vous ne pouvez plus la modifier."))
    return plage


def _write(plage: PlageOuverture, fields: PlageFields, actor: Actor | None) -> None:
    values = asdict(fields)
    motif_ids = set(values.pop("motif_ids"))
    for name, value in values.items():
        setattr(plage, name, value)
    plage.weekdays = list(fields.weekdays)
    motifs = _motifs(plage, motif_ids, actor)
    _check_lieu(plage, motifs, actor)
    save_checked(plage)
    plage.plage_motifs.exclude(motif__in=motifs).delete()
    held = set(plage.plage_motifs.values_list("motif_id", flat=True))
    PlageMotif.objects.bulk_create(
        PlageMotif(plage=plage, motif=motif) for motif in motifs if motif.pk not in held
    )


def _motifs(plage: PlageOuverture, motif_ids: set[int], actor: Actor | None) -> list[Motif]:
    allowed = motifs_for_plage(
        actor,
        organisation=plage.organisation,
        agent=plage.agent,
        plage=plage if plage.pk else None,
    )
    motifs = list(allowed.filter(pk__in=motif_ids))
    if not motifs:
        raise InvalidRow({"motifs": [_("Cochez au moins un motif.")]})
    if len(motifs) != len(motif_ids):
        raise InvalidRow({"motifs": [_("Un des motifs n’est plus disponible. Rechargez la page.")]})
    return motifs


def _check_lieu(plage: PlageOuverture, motifs: list[Motif], actor: Actor | None) -> None:
    if not any(motif.requires_lieu for motif in motifs):
        plage.lieu = None
        return
    # Locked against somebody closing the place at the same moment.
    open_lieux = lieux_for_plage(actor, plage.organisation).select_for_update(of=("self",))
    if plage.lieu_id is None or open_lieux.filter(pk=plage.lieu_id).first() is None:
        raise InvalidRow({"lieu": [_("Choisissez un lieu ouvert de l’organisation.")]})
