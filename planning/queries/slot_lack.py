"""Why a search finds no créneau in six months: computed from the rows, never guessed (E04)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from agents.models import AgentService
from motifs.models import Availability
from planning.models import AgentRdv, Indisponibilite, PlageOuverture
from planning.queries.schedules import indisponibilite_schedule, plage_schedule
from planning.rules.slot_lack import Lack, Reason
from planning.slots.engine import AGENT_HORIZON_MONTHS, add_months, next_slot
from planning.slots.holidays import holidays_between
from planning.slots.types import Absence, Audience, Busy, Interval, Opening, SlotRequest
from rdv.common.timezones import day_bounds
from usagers.queries.referents import unfollowed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from planning.queries.slot_search import Wanted

SLACK = timedelta(days=2)


def reasons_of(wanted: Wanted) -> list[Reason]:
    """Return why `wanted` finds nothing: one reason, or one for each fate of the agents."""
    if wanted.agents is not None and not wanted.agents:
        return [Reason(Lack.NOBODY_CHOSEN)]
    if wanted.lieux is not None and not wanted.lieux:
        return [Reason(Lack.LIEU_CLOSED, _chosen_lieux(wanted))]
    lack = _referents_lack(wanted)
    if lack:
        return [lack]
    plages = list(
        PlageOuverture.objects.filter(motifs=wanted.motif, agent__in=wanted.visible)
        .select_related("lieu")
        .prefetch_related("exceptions")
        .order_by("created_at", "pk")
    )
    if not plages and wanted.referents:
        return [Reason(Lack.REFERENTS_WITHOUT_PLAGE, _names(wanted, wanted.visible))]
    if not plages:
        return [Reason(Lack.NO_PLAGE if _has_agent(wanted) else Lack.NO_AGENT)]
    return _narrowed(wanted, plages)


def _referents_lack(wanted: Wanted) -> Reason | None:
    """Return why no référent can be asked: there is none, none in sight, or others were chosen."""
    if wanted.referents is None:
        return None
    if not wanted.referents:
        people = unfollowed(wanted.usagers)
        names = tuple(person.full_name for person in people)
        return Reason(Lack.NO_REFERENT if names else Lack.NO_COMMON_REFERENT, names)
    if not wanted.visible:
        return Reason(Lack.REFERENTS_UNSEEN)
    if wanted.agents is not None and not wanted.agents & wanted.visible:
        return Reason(Lack.OTHERS_CHOSEN, _names(wanted, wanted.visible))
    return None


def _narrowed(wanted: Wanted, plages: list[PlageOuverture]) -> list[Reason]:
    """Drop what each criterion drops: the first that leaves nothing is the reason."""
    by_lieu = wanted.motif.requires_lieu
    if by_lieu:
        shut = {str(plage.lieu) for plage in plages if plage.lieu}
        plages = [p for p in plages if p.lieu and p.lieu.availability == Availability.OPEN]
        if not plages:
            return [Reason(Lack.LIEU_CLOSED, tuple(sorted(shut)))]
    first, last = wanted.criteria.day, horizon(wanted)
    current = [plage for plage in plages if _meets(plage, first, last)]
    if not current:
        return [_out_of_time(plages, first)]
    if wanted.agents is not None:
        current = [plage for plage in current if plage.agent_id in wanted.agents]
        if not current:
            names = _names(wanted, wanted.agents)
            return [Reason(Lack.AGENTS_WITHOUT_PLAGE, names)]
    if wanted.lieux is not None:
        current = [plage for plage in current if plage.lieu_id in wanted.lieux]
        if not current:
            return [Reason(Lack.LIEUX_WITHOUT_PLAGE, _chosen_lieux(wanted))]
    return _fates(wanted, current)


def horizon(wanted: Wanted) -> date:
    return add_months(wanted.criteria.day, AGENT_HORIZON_MONTHS)


def _meets(plage: PlageOuverture, first: date, last: date) -> bool:
    if any(e.new_day and first <= e.new_day <= last for e in plage.exceptions.all()):
        return True
    return plage.first_day <= last and (_last_day(plage) or last) >= first


def _last_day(plage: PlageOuverture) -> date | None:
    return plage.recurrence_ends_on if plage.is_recurring else plage.first_day


def _out_of_time(plages: list[PlageOuverture], day: date) -> Reason:
    coming = [plage.first_day for plage in plages if plage.first_day > day]
    if coming:
        return Reason(Lack.PLAGES_LATER, day=min(coming))
    return Reason(Lack.PLAGES_OVER, day=max(filter(None, map(_last_day, plages))))


def _chosen_lieux(wanted: Wanted) -> tuple[str, ...]:
    chosen = wanted.criteria.lieux
    return tuple(lieu.name for lieu in wanted.choices.lieux if str(lieu.uuid) in chosen)


def _names(wanted: Wanted, agents: Iterable[int]) -> tuple[str, ...]:
    keys = set(agents)
    return tuple(agent.full_name for agent in wanted.choices.agents if agent.pk in keys)


def _has_agent(wanted: Wanted) -> bool:
    """Say whether somebody whom the actor sees has the service of the motif."""
    return AgentService.objects.filter(
        agent__in=wanted.visible,
        service=wanted.motif.service_id,
        territoire=wanted.motif.organisation.territoire_id,
    ).exists()


def _fates(wanted: Wanted, plages: list[PlageOuverture]) -> list[Reason]:
    """Say of each agent what closes their plages, and gather those of the same fate."""
    own: defaultdict[int, list[PlageOuverture]] = defaultdict(list)
    for plage in plages:
        own[plage.agent_id].append(plage)
    absences, busy = _absences(own), _busy(own, wanted)
    together: defaultdict[Lack, list[int]] = defaultdict(list)
    for agent, rows in own.items():
        request = _request(wanted, rows)
        away = replace(request, absences=absences.get(agent, ()))
        taken = replace(request, busy=busy.get(agent, ()))
        together[_fate(request, away, taken)].append(agent)
    return [
        Reason(lack, _names(wanted, together[lack]), _over_on(lack, plages))
        for lack in Lack
        if lack in together
    ]


def _over_on(lack: Lack, plages: list[PlageOuverture]) -> date | None:
    if lack is not Lack.PLAGES_OVER:
        return None
    return max((day for plage in plages if (day := _last_day(plage))), default=None)


def _fate(request: SlotRequest, away: SlotRequest, taken: SlotRequest) -> Lack:
    """Look again without what may close: the first look that finds nothing tells.

    When none of the two alone closes everything, nor both together, a daily maximum or a pause
    between RDVs does, which is being full too.
    """
    if next_slot(request) is None:
        return _without_opening(request)
    if next_slot(away) is None:
        return Lack.ABSENT
    if next_slot(taken) is None:
        return Lack.FULL
    both = replace(away, busy=taken.busy)
    return Lack.ABSENT_OR_FULL if next_slot(both) is None else Lack.FULL


def _without_opening(request: SlotRequest) -> Lack:
    if next_slot(replace(request, holidays=frozenset())) is not None:
        return Lack.HOLIDAYS
    shortest = replace(request, duration=timedelta(minutes=1), holidays=frozenset())
    return Lack.PLAGES_OVER if next_slot(shortest) is None else Lack.TOO_SHORT


def _request(wanted: Wanted, plages: list[PlageOuverture]) -> SlotRequest:
    territoire = wanted.motif.organisation.territoire
    first, last = wanted.criteria.day, horizon(wanted)
    return SlotRequest(
        zone=territoire.zone,
        now=wanted.now,
        first=first,
        last=last,
        audience=Audience.AGENT,
        motif=wanted.motif.pk,
        duration=timedelta(minutes=wanted.duration_minutes),
        openings=tuple(_opening(order, plage, wanted) for order, plage in enumerate(plages)),
        holidays=holidays_between(territoire.holiday_zone, first - SLACK, last + SLACK),
    )


def _opening(order: int, plage: PlageOuverture, wanted: Wanted) -> Opening:
    return Opening(
        id=plage.pk,
        agent=plage.agent_id,
        schedule=plage_schedule(plage),
        order=order,
        motifs=frozenset({wanted.motif.pk}),
        open_on_holidays=plage.opens_on_holidays,
    )


def _absences(agents: Iterable[int]) -> dict[int, tuple[Absence, ...]]:
    rows = Indisponibilite.objects.filter(agent__in=list(agents)).prefetch_related("exceptions")
    found: defaultdict[int, list[Absence]] = defaultdict(list)
    for row in rows:
        found[row.agent_id].append(Absence(row.agent_id, indisponibilite_schedule(row)))
    return {agent: tuple(absences) for agent, absences in found.items()}


def _busy(agents: Iterable[int], wanted: Wanted) -> dict[int, tuple[Busy, ...]]:
    zone = wanted.motif.organisation.territoire.zone
    since = day_bounds(wanted.criteria.day, zone)[0]
    until = day_bounds(horizon(wanted), zone)[1]
    rows = AgentRdv.objects.filter(
        agent__in=list(agents), holds_time=True, starts_at__lt=until, ends_at__gt=since
    ).values_list("agent_id", "starts_at", "ends_at")
    found: defaultdict[int, list[Busy]] = defaultdict(list)
    for agent, start, end in rows:
        found[agent].append(Busy(agent, Interval(start, end)))
    return {agent: tuple(taken) for agent, taken in found.items()}
