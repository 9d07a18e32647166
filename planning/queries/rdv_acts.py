"""What an agent may do with a RDV from its page, now (E06): the buttons, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from agents.permissions import AgentActor, Permission, Role
from planning.policies import rdvs_for
from planning.rules.status import (
    CANCELLED,
    NOSHOW,
    SEEN,
    UNKNOWN,
    Moment,
    next_participation_statuses,
    next_statuses,
)
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from django.utils.functional import _StrPromise

    from agents.permissions import Actor
    from planning.models import Participation, Rdv


@dataclass(frozen=True)
class StatusAct:
    """A button: the status that it posts and what it says."""

    status: str
    label: str | _StrPromise
    icon: str
    is_primary: bool = False


@dataclass(frozen=True)
class RdvActs:
    statuses: tuple[StatusAct, ...]
    may_edit: bool
    may_move: bool
    may_cancel: bool
    may_remind: bool
    may_delete: bool

    @property
    def is_any(self) -> bool:
        return bool(self.statuses) or self.may_edit or self.may_cancel or self.may_delete


_SEEN = StatusAct(SEEN, _("Honoré"), "fr-icon-checkbox-circle-line", is_primary=True)
_HELD = StatusAct(SEEN, _("Atelier tenu"), "fr-icon-checkbox-circle-line", is_primary=True)
_NOSHOW = StatusAct(NOSHOW, _("Absence non excusée"), "fr-icon-close-line")
_RESTORE = StatusAct(UNKNOWN, _("Rétablir ce RDV"), "fr-icon-arrow-go-back-line", is_primary=True)
_RESET = StatusAct(UNKNOWN, _("Effacer le statut"), "fr-icon-arrow-go-back-line")
_PERSON = {
    SEEN: StatusAct(SEEN, _("Présent"), "fr-icon-check-line"),
    NOSHOW: StatusAct(NOSHOW, _("Absent"), "fr-icon-close-line"),
    "excused": StatusAct("excused", _("A annulé"), "fr-icon-close-circle-line"),
}
_BACK = StatusAct(UNKNOWN, _("Réinscrire"), "fr-icon-arrow-go-back-line")


def moment_of(rdv: Rdv, now: datetime) -> Moment:
    zone = rdv.organisation.territoire.zone
    return Moment(rdv.starts_at, local_day(rdv.starts_at, zone), now, local_day(now, zone))


def acts_of(rdv: Rdv, *, actor: Actor | None, now: datetime) -> RdvActs:
    """Return the acts, by the same policies and rules as the services: three statements."""

    def may(permission: Permission) -> bool:
        return rdvs_for(actor, permission).filter(pk=rdv.pk).exists()

    may_edit, may_cancel = may(Permission.RDV_EDIT), may(Permission.RDV_CANCEL)
    possible = next_statuses(
        rdv.status, moment=moment_of(rdv, now), is_collective=rdv.motif.is_collective
    )
    cancellable = may_cancel and any(status in CANCELLED for status in possible)
    is_coming = rdv.starts_at > now and not rdv.is_cancelled
    return RdvActs(
        statuses=tuple(_button(rdv, one) for one in possible if one not in CANCELLED)
        if may_edit
        else (),
        may_edit=may_edit,
        may_move=may_edit and rdv.status == UNKNOWN,
        may_cancel=cancellable,
        may_remind=may_edit and is_coming and rdv.motif.notifies_usagers,
        may_delete=may(Permission.RDV_DELETE),
    )


def _button(rdv: Rdv, status: str) -> StatusAct:
    if status == UNKNOWN:
        return _RESTORE if rdv.is_cancelled else _RESET
    if status == SEEN:
        return _HELD if rdv.motif.is_collective else _SEEN
    return _NOSHOW


def person_acts(
    rdv: Rdv, row: Participation, *, may_edit: bool, now: datetime
) -> tuple[StatusAct, ...]:
    """Return the buttons of one person; none when there is only one in an individual RDV."""
    people = rdv.participations.all()
    if not may_edit or (len(people) == 1 and not rdv.motif.is_collective):
        return ()
    possible = next_participation_statuses(
        row.status, rdv_status=rdv.status, moment=moment_of(rdv, now)
    )
    return tuple(
        (_BACK if row.is_cancelled else _RESET) if status == UNKNOWN else _PERSON[status]
        for status in possible
    )


def arrival_is_open(rdv: Rdv, row: Participation, *, may_edit: bool, now: datetime) -> bool:
    """Say whether « arrivé » may be written, or taken back, now."""
    moment = moment_of(rdv, now)
    return (
        may_edit
        and moment.day == moment.today
        and not rdv.is_cancelled
        and (row.status == UNKNOWN or row.arrived_at is not None)
    )


def may_open_visio(rdv: Rdv, actor: Actor | None) -> bool:
    """Say whether the agent starts the video call: those of the RDV, the secretariat (§6.10)."""
    if not isinstance(actor, AgentActor):
        return False
    is_secretary = actor.roles.get(rdv.organisation_id) is Role.SECRETARIAT
    return is_secretary or any(agent.pk == actor.agent_id for agent in rdv.agents.all())
