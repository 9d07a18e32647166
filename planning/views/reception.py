"""« Accueil »: who comes today, who is there, who waits (E11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.services.audit_look import record_looks
from planning.forms.agenda_state import parse_day
from planning.queries.reception import desk_lieux, desk_of, desks_for
from planning.views.agent_space import open_organisation
from rdv.common.access import get_or_deny

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from django.http import HttpResponse

    from motifs.models import Lieu
    from rdv.common.http import Request

STEP = timedelta(minutes=5)  # a walk-in begins on the next five minutes


@require_safe
def reception(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """The lieu and the day stand in the URL; without them, every lieu, today."""
    organisation = open_organisation(request, organisation_uuid, Permission.ORGANISATION_READ)
    get_or_deny(desks_for, request.actor, Permission.RDV_EDIT, pk=organisation.pk)
    now = timezone.now()
    today = timezone.localdate(now)
    day = parse_day(request.GET.get("jour", "")) or today
    lieux = list(desk_lieux(request.actor, organisation))
    lieu = _chosen(lieux, request.GET.get("lieu"))
    record_looks(
        action="reception_seen",
        object_kind="organisation",
        object_uuid=organisation.uuid,
        organisation_ids=[organisation.pk],
        actor=request.actor,
        now=now,
    )
    context = {
        "organisation": organisation,
        "menu": "reception",
        "lieux": lieux,
        "lieu": lieu,
        "day": day,
        "is_today": day == today,
        "desk": desk_of(request.actor, organisation, lieu=lieu, day=day, now=now),
        "now": now,
        "links": _links(lieu, day, today),
        "walk_in": _rounded(now),
    }
    return render(request, "planning/reception.html", context)


def _chosen(lieux: list[Lieu], asked: str | None) -> Lieu | None:
    """Return the lieu asked for, or the only one; None is all of them (`lieu=tous`)."""
    found = next((lieu for lieu in lieux if str(lieu.uuid) == asked), None)
    return lieux[0] if found is None and len(lieux) == 1 and asked != "tous" else found


def _links(lieu: Lieu | None, day: date, today: date) -> dict[str, str]:
    def to(target: date) -> str:
        where = {"lieu": str(lieu.uuid) if lieu else "tous"}
        return urlencode(where if target == today else where | {"jour": target.isoformat()})

    one = timedelta(days=1)
    return {"previous": to(day - one), "today": to(today), "next": to(day + one)}


def _rounded(now: datetime) -> str:
    """Return the next five minutes, in ISO 8601: when a RDV for who just came begins."""
    seconds = int(now.timestamp())
    late = -seconds % int(STEP.total_seconds())
    start = now.replace(microsecond=0) + timedelta(seconds=late)
    return timezone.localtime(start).isoformat()
