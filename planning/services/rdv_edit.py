"""Change a RDV: time, place, agents, people, notes (planning §6.3; decisions 10 and 29)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from planning.models import Action
from planning.services.agenda_lock import lock_agendas
from planning.services.rdv_announce import Before, RdvChange, announce_changed
from planning.services.rdv_edit_parts import (
    Agents,
    OneOffLieu,
    People,
    Switches,
    agents_of_edit,
    change_lieu,
    change_notes,
    check_times,
    lock_newcomers,
    move_agendas,
    people_of_edit,
    write_people,
)
from planning.services.rdv_history import record
from planning.services.rdv_lock import (
    AgendaBusy,
    RdvRefused,
    agenda_refusals,
    agents_of,
    busy_agents,
    lock_rdv,
)
from rdv.common.errors import RetryLaterError
from usagers.services.access_token_issue import extend_access_tokens

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from typing import Any

    from agents.permissions import Actor
    from notifications.messages.rdv import Gathering
    from planning.models import Rdv

__all__ = [
    "AgendaBusy",
    "OneOffLieu",
    "RdvFields",
    "RdvRefused",
    "Switches",
    "edit_rdv",
    "move_rdv",
]


@dataclass(frozen=True)
class RdvFields:
    """What to change. None, or nothing, leaves as it is; keys are database keys.

    `agent_ids` is the complete list; people are named one by one, so that nobody who left in the
    meantime comes back. `switches` maps an usager to theirs. `seen_version` refuses the edit when
    the RDV is no longer the one that was on the screen.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    lieu_id: int | None = None
    one_off_lieu: OneOffLieu | None = None
    agent_ids: frozenset[int] | None = None
    usagers_in: frozenset[int] = frozenset()
    usagers_out: frozenset[int] = frozenset()
    switches: Mapping[int, Switches] = field(default_factory=dict)
    title: str | None = None
    context: str | None = None
    seats_total: int | None = None
    is_unlimited: bool = False
    seen_version: int | None = None


def edit_rdv(
    *,
    rdv_id: int,
    fields: RdvFields,
    actor: Actor,
    now: datetime,
    notifies: bool = True,
    accepts_overlap: bool = False,
    gathering: Gathering | None = None,
) -> Rdv:
    """Write what changed, keep the history, tell those who must know (decision 29).

    `gathering`: for what is said of several RDVs at once (`announce_changed`).

    Raises AgendaBusy when the time is taken and `accepts_overlap` is false, RdvRefused, InvalidRow
    (a one-off lieu without a name), RetryLaterError; then nothing is written.
    """
    with agenda_refusals(), transaction.atomic():
        newcomers = lock_newcomers(fields.usagers_in)
        held = agents_of(rdv_id) | (fields.agent_ids or frozenset())
        lock_agendas(held)
        rdv = lock_rdv(rdv_id, actor=actor, permission=Permission.RDV_EDIT)
        if fields.seen_version not in {None, rdv.version}:
            raise RdvRefused(
                _("Ce RDV vient d’être modifié par quelqu’un d’autre. Relisez-le et recommencez.")
            )
        agents = agents_of_edit(rdv, fields.agent_ids, actor)
        if not agents.before <= held:
            raise RetryLaterError(_("Ce RDV vient de changer d’agent. Réessayez."))
        people = people_of_edit(rdv, fields, newcomers, actor)
        return _edit(
            _Edit(rdv, fields, agents, people, actor, now, Before.of(rdv), gathering),
            notifies=notifies,
            accepts_overlap=accepts_overlap,
        )


def move_rdv(
    *,
    rdv_id: int,
    starts_at: datetime,
    ends_at: datetime,
    actor: Actor,
    now: datetime,
    agent_from_to: tuple[int, int] | None = None,
    notifies: bool = True,
    accepts_overlap: bool = False,
) -> Rdv:
    """Give the RDV another time, and the second agent of `agent_from_to` in place of the first.

    Raises as `edit_rdv`.
    """
    with agenda_refusals(), transaction.atomic():
        agent_ids = None
        if agent_from_to and agent_from_to[0] != agent_from_to[1]:
            leaving, joining = agent_from_to
            lock_agendas(agents_of(rdv_id) | {joining})
            present = agents_of(rdv_id)
            if leaving not in present:
                raise RdvRefused(_("Cet agent n’est plus sur ce RDV."))
            agent_ids = present - {leaving} | {joining}
        fields = RdvFields(starts_at=starts_at, ends_at=ends_at, agent_ids=agent_ids)
        return edit_rdv(
            rdv_id=rdv_id,
            fields=fields,
            actor=actor,
            now=now,
            notifies=notifies,
            accepts_overlap=accepts_overlap,
        )


@dataclass(frozen=True)
class _Edit:
    rdv: Rdv
    fields: RdvFields
    agents: Agents
    people: People
    actor: Actor
    now: datetime
    before: Before
    gathering: Gathering | None


def _edit(edit: _Edit, *, notifies: bool, accepts_overlap: bool) -> Rdv:
    """Write rows, history and messages; the RDV and the agendas are held."""
    rdv, fields, actor, now = edit.rdv, edit.fields, edit.actor, edit.now
    rdv.starts_at = fields.starts_at or rdv.starts_at
    rdv.ends_at = fields.ends_at or rdv.ends_at
    changes: dict[str, tuple[Any, Any]] = {}
    for name in ("starts_at", "ends_at"):
        was, becomes = getattr(edit.before, name), getattr(rdv, name)
        if was != becomes:
            changes[name] = (was, becomes)
    is_moved = bool(changes)
    changes |= change_lieu(rdv, fields.lieu_id, fields.one_off_lieu)
    changes |= edit.agents.changes()
    touched = bool(changes) or edit.people.is_changed
    check_times(rdv, edit.before, is_touched=touched, is_moved=is_moved, now=now)
    changes |= change_notes(rdv, fields)
    busy = _busy(edit, is_moved=is_moved, accepts_overlap=accepts_overlap)
    change = RdvChange(
        edit.before, edit.agents.joining, edit.agents.leaving, frozenset(), edit.people.leaving
    )
    joined, people_changes = write_people(rdv, edit.people, fields.switches, actor=actor, now=now)
    changes |= people_changes
    change = replace(change, people_in=joined)
    if not changes:
        return rdv
    if change.counts(rdv):
        rdv.version += 1  # the row is locked
    move_agendas(rdv, edit.agents, busy, is_moved=is_moved)
    if rdv.ends_at > edit.before.ends_at:
        extend_access_tokens(rdv_id=rdv.pk, ends_at=rdv.ends_at)
    action = Action.MOVED if "starts_at" in changes else Action.EDITED
    record(rdv, action=action, actor=actor, at=now, changes=changes)
    announce_changed(rdv, change, actor=actor, now=now, notifies=notifies, gathering=edit.gathering)
    return rdv


def _busy(edit: _Edit, *, is_moved: bool, accepts_overlap: bool) -> frozenset[int]:
    """Return whose time is taken and accepted, among those whose time this edit takes."""
    asked = edit.agents.after if is_moved else edit.agents.joining
    return busy_agents(
        edit.rdv,
        agent_ids=asked,
        starts_at=edit.rdv.starts_at,
        ends_at=edit.rdv.ends_at,
        actor=edit.actor,
        accepts_overlap=accepts_overlap,
    )
