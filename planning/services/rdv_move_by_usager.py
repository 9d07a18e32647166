"""The person who comes moves their RDV to another créneau (A08, C03, decision 2).

Locks in the order of every booking: fiches (for a motif de suivi), agendas, then the RDV. The
créneau is looked at again once the agendas are held; the exclusion constraint is the second line of
defence (docs/adr/0006).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import Permission
from planning.models import Action, Rdv
from planning.policies import rdvs_for
from planning.queries.availability import bookable
from planning.queries.rdv_move_by_usager import refusal_to_move, search_of, usagers_of
from planning.services.agenda_lock import limit_waiting, lock_agendas
from planning.services.opening_lock import hold_opening
from planning.services.rdv_announce import Before, RdvChange, announce_changed
from planning.services.rdv_book import SlotTaken, refusals_in_french, taken_message
from planning.services.rdv_edit_parts import Agents, change_lieu, move_agendas
from planning.services.rdv_history import record
from planning.services.rdv_lock import RdvRefused, agents_of
from planning.services.slot_hold import release_hold
from rdv.common.errors import DomainError, RetryLaterError
from usagers.models import Usager
from usagers.queries.referents import heads_of
from usagers.services.access_token_issue import extend_access_tokens

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import TokenActor, UsagerActor


class RdvNotMovable(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The rule's reason, in French."""


def move_rdv_by_usager(
    *,
    rdv_id: int,
    lieu_id: int | None,
    starts_at: datetime,
    actor: UsagerActor | TokenActor,
    now: datetime,
    chosen_at: datetime | None = None,
    visitor: str = "",
) -> Rdv:
    """Give the RDV that créneau, its length kept, with its agent if free, else the first who is.

    The agent who leaves is told that it is cancelled, the one who comes that it is created, in the
    transaction of the move. Already there (a second click): nothing is written nor said.
    `chosen_at` and `visitor` as for `book_rdv`: what they hold is freed. Raises RdvNotMovable,
    SlotTaken, RetryLaterError: then the RDV is as it was.
    """
    with refusals_in_french(), transaction.atomic():
        limit_waiting()
        seen = _visible(rdv_id, actor)
        _hold_people_and_opening(seen, lieu_id)
        before = agents_of(rdv_id)
        search = search_of(seen, now=now, visitor=visitor)
        free = bookable(search, starts_at, lieu_id, chosen_at)
        held = before | {agent for agent, _plage in free}
        lock_agendas(held)
        rdv = _lock(rdv_id, actor)
        if (rdv.starts_at, rdv.lieu_id) == (starts_at, lieu_id) and not rdv.is_cancelled:
            release_hold(visitor=visitor)
            return rdv
        if refusal := refusal_to_move(rdv, actor=actor, now=now):
            raise RdvNotMovable(refusal)
        _refuse_changed(rdv, seen, agents=before, people=search.usager_ids)
        # Somebody may have been faster: look again, at those whose agenda we hold.
        kept = held if search.agent_ids is None else search.agent_ids & held
        search = replace(search, agent_ids=kept)
        able = [agent for agent, _plage in bookable(search, starts_at, lieu_id, chosen_at)]
        agents = _agents(before, able)
        release_hold(visitor=visitor)
        return _write(rdv, lieu_id, starts_at, agents, actor=actor, now=now)


def _visible(rdv_id: int, actor: UsagerActor | TokenActor) -> Rdv:
    rows = rdvs_for(actor, Permission.RDV_EDIT).select_related("motif")
    rdv = rows.filter(pk=rdv_id).first()
    if rdv is None:
        raise RdvNotMovable(_("Ce rendez-vous n’existe plus."))
    return rdv


def _hold_people_and_opening(rdv: Rdv, lieu_id: int | None) -> None:
    """Nobody names nor removes a référent while a follow-up moves: that holds the fiche too.

    Nobody closes the motif nor the lieu either; what is closed already is refused afterwards.
    """
    if rdv.motif.is_follow_up:
        heads = heads_of(usagers_of(rdv))
        held = Usager.objects.filter(pk__in=heads).order_by("pk")
        list(held.select_for_update(no_key=True).values_list("pk", flat=True))
    hold_opening(motif_id=rdv.motif_id, lieu_id=lieu_id)


def _lock(rdv_id: int, actor: UsagerActor | TokenActor) -> Rdv:
    rows = rdvs_for(actor, Permission.RDV_EDIT).select_for_update(of=("self",))
    rdv = rows.select_related("motif", "lieu", "organisation__territoire").filter(pk=rdv_id).first()
    if rdv is None:
        raise RdvNotMovable(_("Ce rendez-vous n’existe plus."))
    return rdv


def _refuse_changed(rdv: Rdv, seen: Rdv, *, agents: frozenset[int], people: frozenset[int]) -> None:
    """Raise RetryLaterError when what the créneaux were looked for with is not so any more."""
    if (
        agents_of(rdv.pk) != agents
        or frozenset(usagers_of(rdv)) != people
        or rdv.duration_minutes != seen.duration_minutes
    ):
        raise RetryLaterError(_("Ce rendez-vous vient de changer. Réessayez."))


def _agents(before: frozenset[int], able: list[int]) -> Agents:
    """Return who receives from now on: the same if able, else the first. Raises SlotTaken."""
    if not able:
        raise SlotTaken(taken_message())
    after = frozenset({next((agent for agent in able if agent in before), able[0])})
    names: dict[int, str] = {}
    if after != before:
        rows = Agent.objects.filter(pk__in=before | after).select_related("account")
        names = {agent.pk: agent.full_name for agent in rows}
    return Agents(before, after, names)


def _write(
    rdv: Rdv,
    lieu_id: int | None,
    starts_at: datetime,
    agents: Agents,
    *,
    actor: UsagerActor | TokenActor,
    now: datetime,
) -> Rdv:
    """Write rows, history and messages; the RDV and the agendas are held."""
    before = Before.of(rdv)
    rdv.starts_at, rdv.ends_at = starts_at, starts_at + (rdv.ends_at - rdv.starts_at)
    changes = {
        name: (getattr(before, name), getattr(rdv, name))
        for name in ("starts_at", "ends_at")
        if getattr(before, name) != getattr(rdv, name)
    }
    is_moved = bool(changes)
    try:
        changes |= change_lieu(rdv, lieu_id, None)
    except RdvRefused:
        raise SlotTaken(taken_message()) from None
    changes |= agents.changes()
    rdv.version += 1  # the row is locked
    move_agendas(rdv, agents, (), is_moved=is_moved)
    if rdv.ends_at > before.ends_at:
        extend_access_tokens(rdv_id=rdv.pk, ends_at=rdv.ends_at)
    action = Action.MOVED if is_moved else Action.EDITED
    record(rdv, action=action, actor=actor, at=now, changes=changes)
    announce_changed(rdv, RdvChange(before, agents.joining, agents.leaving), actor=actor, now=now)
    return rdv
