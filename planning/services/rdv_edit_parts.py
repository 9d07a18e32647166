"""The parts of an edit: agents, people, place, notes. Each says what it changed.

Called by `rdv_edit` only, with the RDV and the agendas held.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agents.models import Agent
from agents.permissions import AgentActor, Permission
from agents.policies import colleagues_in
from motifs.models import Availability, Lieu
from planning.models import AgentRdv, Participation, Rdv, Status
from planning.rules import rdv_edition as rule
from planning.rules.rdv_placing import refusal_of_hours
from planning.services.opening_lock import hold_opening
from planning.services.rdv_create import attach_people
from planning.services.rdv_lock import RdvRefused
from rdv.common.saving import save_checked
from usagers.models import Usager
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from agents.permissions import Actor
    from planning.services.rdv_announce import Before
    from planning.services.rdv_edit import RdvFields

Changes = dict[str, tuple[Any, Any]]


@dataclass(frozen=True)
class OneOffLieu:
    """A place for this RDV only (planning §6.11)."""

    name: str
    address: str


@dataclass(frozen=True)
class Switches:
    notifies_changes: bool
    notifies_reminder: bool


@dataclass(frozen=True)
class Agents:
    """Keys of the agents before and after; `names` of all of them."""

    before: frozenset[int]
    after: frozenset[int]
    names: Mapping[int, str]

    @property
    def joining(self) -> frozenset[int]:
        return self.after - self.before

    @property
    def leaving(self) -> frozenset[int]:
        return self.before - self.after

    def changes(self) -> Changes:
        if self.before == self.after:
            return {}
        return {"agents": (self._names(self.before), self._names(self.after))}

    def _names(self, keys: Collection[int]) -> list[str]:
        return sorted(self.names[key] for key in keys)


@dataclass(frozen=True)
class People:
    """Who comes into the RDV (fiches), comes back and leaves (participations)."""

    newcomers: tuple[Usager, ...]
    returning: tuple[Participation, ...]
    going: tuple[Participation, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.newcomers or self.returning or self.going)

    @property
    def leaving(self) -> frozenset[int]:
        return frozenset(row.pk for row in self.going)


def lock_newcomers(usager_ids: Collection[int]) -> list[Usager]:
    """Hold the fiches of those who come in. Before the agendas, always. Raises RdvRefused."""
    rows = Usager.objects.living().filter(pk__in=usager_ids).order_by("pk")
    found = list(rows.select_for_update(of=("self",), no_key=True)) if usager_ids else []
    if len(found) != len(set(usager_ids)):
        raise RdvRefused(_("Cette fiche n’existe plus."))
    return found


def agents_of_edit(rdv: Rdv, wanted: frozenset[int] | None, actor: Actor) -> Agents:
    """Return who is on the RDV and who shall be.

    Only in an agenda that the actor may see (decision 9). Raises RdvRefused.
    """
    before = frozenset(rdv.agent_rdvs.values_list("agent", flat=True))
    after = before if wanted is None else wanted
    joining = after - before
    reachable = colleagues_in(actor, Permission.AGENDA_READ, rdv.organisation)
    if joining and reachable.filter(pk__in=joining).count() != len(joining):
        raise RdvRefused(_("Vous ne pouvez pas placer de RDV dans l’agenda de cet agent."))
    refusal = rule.refusal_of_agents(len(after))
    if refusal:
        raise RdvRefused(refusal)
    names: dict[int, str] = {}
    if before != after:
        rows = Agent.objects.filter(pk__in=before | after).select_related("account")
        names = {agent.pk: agent.full_name for agent in rows}
    return Agents(before, after, names)


def people_of_edit(rdv: Rdv, fields: RdvFields, newcomers: list[Usager], actor: Actor) -> People:
    """Return who comes and who goes. Raises RdvRefused: unknown to the actor, or nobody left."""
    rows = {row.usager_id: row for row in rdv.participations.select_related("usager")}
    new = tuple(usager for usager in newcomers if usager.pk not in rows)
    returning = tuple(
        rows[usager.pk]
        for usager in newcomers
        if usager.pk in rows and rows[usager.pk].is_cancelled
    )
    going = tuple(
        row
        for pk, row in rows.items()
        if pk in fields.usagers_out and pk not in fields.usagers_in and not row.is_cancelled
    )
    if new:
        _check_known(rdv, new, list(rows), actor)
    if new or returning or going:
        active = sum(not row.is_cancelled for row in rows.values())
        refusal = rule.refusal_of_people(
            active=active + len(new) + len(returning) - len(going),
            is_collective=rdv.motif.is_collective,
        )
        if refusal:
            raise RdvRefused(refusal)
    return People(new, returning, going)


def _check_known(rdv: Rdv, new: Collection[Usager], present: Collection[int], actor: Actor) -> None:
    """Fiches that the actor may book for, and the families of those who are already there."""
    keys = [usager.pk for usager in new]
    family = Q(responsable__in=present) | Q(proches__in=present)
    relatives = Usager.objects.living().filter(
        family, pk__in=keys, territoire=rdv.organisation.territoire_id
    )
    bookable = usagers_bookable(actor, rdv.organisation).filter(pk__in=keys)
    known = set(bookable.values_list("pk", flat=True)) | set(relatives.values_list("pk", flat=True))
    if any(usager.pk not in known for usager in new):
        raise RdvRefused(_("Cette personne n’est pas connue de votre organisation."))


def check_times(
    rdv: Rdv, before: Before, *, is_touched: bool, is_moved: bool, now: datetime
) -> None:
    """Raises RdvRefused when what changed may not change, or not to that time."""
    refusal = None
    if is_touched:
        refusal = rule.refusal_to_change(
            status=rdv.status, starts_at=before.starts_at, new_start=rdv.starts_at, now=now
        )
    if is_moved and refusal is None:
        refusal = refusal_of_hours(starts_at=rdv.starts_at, ends_at=rdv.ends_at, now=now)
    if refusal:
        raise RdvRefused(refusal)


def change_lieu(rdv: Rdv, lieu_id: int | None, one_off: OneOffLieu | None) -> Changes:
    """Give another lieu: an open one of the organisation, or one for this RDV only.

    Raises RdvRefused, InvalidRow.
    """
    before = rdv.lieu
    if one_off is None and lieu_id in {None, rdv.lieu_id}:
        return {}
    if not rdv.motif.requires_lieu:
        raise RdvRefused(_("Ce RDV n’a pas lieu sur place."))
    if one_off is not None:
        if before and (before.name, before.address) == (one_off.name, one_off.address):
            return {}
        # Always a new row: the messages already sent and the history speak of the old one.
        lieu = Lieu(
            organisation=rdv.organisation,
            name=one_off.name,
            address=one_off.address,
            availability=Availability.SINGLE_USE,
        )
        save_checked(lieu)
    else:
        hold_opening(motif_id=rdv.motif_id, lieu_id=lieu_id)  # nobody closes the lieu meanwhile
        lieux = Lieu.objects.filter(organisation=rdv.organisation, availability=Availability.OPEN)
        found = next((lieu for lieu in lieux if lieu.pk == lieu_id), None)
        if found is None:
            raise RdvRefused(_("Ce lieu n’est plus ouvert."))
        lieu = found
    rdv.lieu = lieu
    return {"lieu": (_lieu_text(before), _lieu_text(lieu))}


def _lieu_text(lieu: Lieu | None) -> str | None:
    return f"{lieu.name}, {lieu.address}" if lieu else None


def change_notes(rdv: Rdv, fields: RdvFields) -> Changes:
    """Change title, context and seats; nobody is told."""
    wanted: dict[str, Any] = {
        name: value
        for name in ("title", "context", "seats_total")
        if (value := getattr(fields, name)) is not None
    }
    if fields.is_unlimited:
        wanted["seats_total"] = None
    changes = {}
    for name, value in wanted.items():
        if value != getattr(rdv, name):
            changes[name] = (getattr(rdv, name), value)
            setattr(rdv, name, value)
    return changes


def write_people(
    rdv: Rdv,
    people: People,
    switches: Mapping[int, Switches],
    *,
    actor: Actor,
    now: datetime,
) -> tuple[frozenset[int], Changes]:
    """Write the participations; return those that come in or back, and the history."""
    changes: Changes = {}
    for row in (*people.returning, *people.going):
        before, is_going = row.status, row in people.going
        row.status = Status.REVOKED if is_going else Status.UNKNOWN
        row.cancelled_at = now if is_going else None
        row.save(update_fields=["status", "cancelled_at"])
        changes[f"participation:{row.pk}"] = (before, row.status)
    joined = [row.pk for row in people.returning]
    for usager in people.newcomers:
        row = _join(rdv, usager, actor=actor, now=now)
        joined.append(row.pk)
        changes[f"participation:{row.pk}"] = (None, row.status)
    return frozenset(joined), changes | _switch(rdv, switches)


def _join(rdv: Rdv, usager: Usager, *, actor: Actor, now: datetime) -> Participation:
    assert isinstance(actor, AgentActor)  # rdvs_for(actor, RDV_EDIT) gave the RDV
    attach_people(rdv, [usager], actor=actor, now=now)
    told = rdv.motif.notifies_usagers
    return Participation.objects.create(
        rdv=rdv,
        usager=usager,
        notifies_changes=told,
        notifies_reminder=told,
        created_by_agent_id=actor.agent_id,
        created_at=now,
    )


def _switch(rdv: Rdv, switches: Mapping[int, Switches]) -> Changes:
    changes: Changes = {}
    for row in rdv.participations.filter(usager__in=switches).order_by("pk"):
        wanted = switches[row.usager_id]
        for name in ("notifies_changes", "notifies_reminder"):
            before, after = getattr(row, name), getattr(wanted, name)
            if before != after:
                changes[f"participation:{row.pk}:{name}"] = (before, after)
                setattr(row, name, after)
        row.save(update_fields=["notifies_changes", "notifies_reminder"])
    return changes


def move_agendas(rdv: Rdv, agents: Agents, busy: Collection[int], *, is_moved: bool) -> None:
    """Write the RDV and its rows in the agendas.

    In this order, so that the exclusion constraint never sees a state that nobody asked for: out
    who leaves, accepted what is accepted, the new time, then the constraint back where it is free.
    """
    rows = AgentRdv.objects.filter(rdv=rdv)
    rows.filter(agent__in=agents.leaving).delete()
    if is_moved:
        rows.filter(agent__in=busy).update(overlap_accepted=True)
    rdv.save(
        update_fields=[
            "starts_at", "ends_at", "lieu", "title", "context", "seats_total", "version",
        ]
    )  # fmt: skip
    if is_moved:
        rows.exclude(agent__in=busy).update(overlap_accepted=False)
    for agent_id in sorted(agents.joining):
        AgentRdv.objects.create(rdv=rdv, agent_id=agent_id, overlap_accepted=agent_id in busy)
