"""Create, change and delete a plage d'ouverture, or what follows a day of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import RoleOrganisation
from agents.permissions import Permission
from agents.policies import colleagues_in
from planning.models import PlageMotif, PlageOuverture
from planning.policies import plages_for
from planning.queries.plage_choices import lieux_for_plage, motifs_for_plage
from planning.services.agenda_lock import lock_agendas
from planning.services.occurrence_split import (
    begins_at,
    check_version,
    end_before,
    forget_exceptions,
    forget_lost_exceptions,
    move_exceptions,
    withdraw_replacements,
)
from planning.services.planning_announce import Change, announce_plages
from planning.services.rdv_book import refusals_in_french
from rdv.common.errors import DomainError
from rdv.common.saving import InvalidRow, save_checked

if TYPE_CHECKING:
    from collections.abc import Sequence
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
    max_rdvs_per_day: int | None = None


def create_plage(
    *,
    organisation: Organisation,
    agent: Agent,
    fields: PlageFields,
    actor: Actor | None,
    now: datetime,
) -> PlageOuverture:
    """Open a plage for `agent`. Raises PlageRefused, or InvalidRow with the fields at fault."""
    (plage,) = create_plages(
        organisation=organisation, wanted=[(agent, fields)], actor=actor, now=now
    )
    return plage


@refusals_in_french()
@transaction.atomic
def create_plages(
    *,
    organisation: Organisation,
    wanted: Sequence[tuple[Agent, PlageFields]],
    actor: Actor | None,
    now: datetime,
) -> list[PlageOuverture]:
    """Open plages for several agents: all of them, or none (E14).

    Each agent must be the actor's to plan, and each motif one that the actor may open for that
    agent. Raises like `create_plage`, naming the agent when there are several, and RetryLaterError.
    One mail each.
    """
    mine = set(
        colleagues_in(actor, Permission.PLAGE_EDIT, organisation).values_list("pk", flat=True)
    )
    several = len({agent.pk for agent, _fields in wanted}) > 1
    created: dict[int, list[PlageOuverture]] = {}
    for agent, fields in wanted:
        if agent.pk not in mine:
            raise PlageRefused(_("Vous ne pouvez plus ouvrir de plage pour cet agent."))
        plage = PlageOuverture(organisation=organisation, agent=agent)
        try:
            write_plage(plage, fields, actor)
        except InvalidRow as refusal:
            raise _naming(agent, refusal) if several else refusal from None
        created.setdefault(agent.pk, []).append(plage)
    _keep_at_work(organisation, set(created))
    for plages in created.values():
        announce_plages(Change.CREATED, plages, actor=actor, now=now)
    return [plage for plages in created.values() for plage in plages]


@transaction.atomic
def update_plage(
    *,
    plage_id: int,
    fields: PlageFields,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> PlageOuverture:
    """Change a plage, every time; RDVs already booked in it stay as they are.

    Exceptions stay on the days that the rule still gives. `version`: the `ics_sequence` that the
    person saw. Raises like `create_plage`, or ChangedMeanwhile.
    """
    plage = lock_plage(plage_id, actor)
    check_version(plage, version)
    plage.ics_sequence += 1
    write_plage(plage, fields, actor)
    forget_lost_exceptions(plage, actor=actor, now=now)
    announce_plages(Change.CHANGED, [plage], actor=actor, now=now)
    return plage


@transaction.atomic
def split_plage(
    *,
    plage_id: int,
    day: date,
    fields: PlageFields,
    actor: Actor | None,
    now: datetime,
    version: int | None = None,
) -> PlageOuverture:
    """Change the occurrence of `day` and the following ones; return the plage that holds them.

    The old plage ends on the eve and keeps its identity in outside calendars; the new one takes the
    later exceptions. From the first occurrence on, it is the whole plage that changes.
    Raises like `update_plage`, or OccurrenceGone.
    """
    plage = lock_plage(plage_id, actor)
    check_version(plage, version)
    if begins_at(plage, day):
        return update_plage(plage_id=plage_id, fields=fields, actor=actor, now=now)
    following = PlageOuverture(organisation=plage.organisation, agent=plage.agent)
    write_plage(following, fields, actor, like=plage)
    move_exceptions(plage, following, day, actor=actor, now=now)
    end_before(plage, day)
    announce_plages(Change.CHANGED, [plage, following], actor=actor, now=now)
    return following


@transaction.atomic
def delete_plage(*, plage_id: int, actor: Actor | None, now: datetime) -> None:
    """Delete a plage; RDVs already booked in it stay. Raises PlageRefused.

    The plages that replace some of its dates go with it; without one of them, its date is left out.
    """
    plage = lock_plage(plage_id, actor)
    withdraw_replacements(plage.exceptions.all(), actor=actor, now=now)
    plage.ics_sequence += 1
    announce_plages(Change.DELETED, [plage], actor=actor, now=now)
    plage.delete()


@transaction.atomic
def end_plage(*, plage_id: int, day: date, actor: Actor | None, now: datetime) -> None:
    """Delete the occurrence of `day` and the following ones. Raises like `split_plage`."""
    plage = lock_plage(plage_id, actor)
    if begins_at(plage, day):
        delete_plage(plage_id=plage_id, actor=actor, now=now)
        return
    forget_exceptions(plage.exceptions.filter(day__gte=day), actor=actor, now=now)
    end_before(plage, day)
    announce_plages(Change.CHANGED, [plage], actor=actor, now=now)


def _keep_at_work(organisation: Organisation, agent_ids: set[int]) -> None:
    """Hold the agendas, after the lieux: nobody leaves with plages that nobody would delete."""
    lock_agendas(agent_ids)
    roles = RoleOrganisation.objects.filter(organisation=organisation, agent__in=agent_ids)
    if roles.count() != len(agent_ids):
        raise PlageRefused(_("Cet agent ne travaille plus dans cette organisation."))


def lock_plage(plage_id: int, actor: Actor | None) -> PlageOuverture:
    """Return the plage that `actor` may edit, locked until the end. Raises PlageRefused."""
    rows = plages_for(actor, Permission.PLAGE_EDIT).select_for_update(of=("self",))
    plage = rows.filter(pk=plage_id).first()
    if plage is None:
        raise PlageRefused(_("Cette plage n’existe plus, ou vous ne pouvez plus la modifier."))
    return plage


def _naming(agent: Agent, refusal: InvalidRow) -> InvalidRow:
    errors = {
        name: [f"{agent.full_name} : {message}" for message in messages]
        for name, messages in refusal.errors.items()
    }
    return InvalidRow(errors)


def write_plage(
    plage: PlageOuverture,
    fields: PlageFields,
    actor: Actor | None,
    *,
    like: PlageOuverture | None = None,
) -> None:
    """Save the plage with its motifs and its lieu, once checked; the caller tells the agent.

    `like`: the plage that this one continues, whose motifs may stay. Raises InvalidRow.
    """
    values = asdict(fields)
    motif_ids = set(values.pop("motif_ids"))
    for name, value in values.items():
        setattr(plage, name, value)
    plage.weekdays = list(fields.weekdays)
    motifs = _motifs(plage, motif_ids, actor, like or (plage if plage.pk else None))
    _check_lieu(plage, motifs, actor)
    save_checked(plage)
    plage.plage_motifs.exclude(motif__in=motifs).delete()
    held = set(plage.plage_motifs.values_list("motif_id", flat=True))
    PlageMotif.objects.bulk_create(
        PlageMotif(plage=plage, motif=motif) for motif in motifs if motif.pk not in held
    )


def _motifs(
    plage: PlageOuverture, motif_ids: set[int], actor: Actor | None, like: PlageOuverture | None
) -> list[Motif]:
    allowed = motifs_for_plage(
        actor, organisation=plage.organisation, agent=plage.agent, plage=like
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
    rows = lieux_for_plage(actor, plage.organisation)
    open_lieux = rows.select_for_update(of=("self",), no_key=True)  # bookings there go on
    if plage.lieu_id is None or open_lieux.filter(pk=plage.lieu_id).first() is None:
        raise InvalidRow({"lieu": [_("Choisissez un lieu ouvert de l’organisation.")]})
