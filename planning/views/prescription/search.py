"""« Élargir votre recherche »: what other organisations offer, where, and when (B04)."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from motifs.queries.sectors import any_sectorised
from planning.queries.prescription_search import offers_for, sessions_of, sites_of, suspended_of
from planning.queries.public_slots import first_time, week_times
from planning.views.prescription.place import instant_key, load_step
from rdv.common.french import period_text
from usagers.queries.usager_search import found_usager

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpResponse

    from planning.queries.prescription_search import Site
    from planning.queries.public_workshops import PublicWorkshop
    from planning.views.prescription.place import Step
    from rdv.common.http import Request

WEEK = timedelta(days=7)


@require_safe
def prescription_search(request: Request, organisation_uuid: UUID) -> HttpResponse:
    step = load_step(request, organisation_uuid)
    now = timezone.now()
    today = timezone.localdate(now)
    offers = offers_for(request.actor, step.organisation, today=today)
    offer = next((each for each in offers if each.key == step.params.get("motif")), None)
    if offer and step.asks_address(offer.motifs):
        return redirect(step.address_url)
    context: dict[str, Any] = {
        "organisation": step.organisation,
        "menu": "slot_search",
        "step": step,
        "offers": [(each, step.url("search", motif=each.key)) for each in offers],
        "offer": offer,
        "is_sectorised": bool(offer and any_sectorised(offer.motifs)),
        "person": found_usager(step.usager) if step.usager else None,
        "view": "offers",
    }
    if offer and offer.is_collective:
        found = sessions_of(offer, now=now, sector_ids=step.sector_ids)
        sessions = [(each, _session_url(step, each)) for each in found]
        context |= {
            "view": "sessions",
            "sessions": sessions,
            "suspended": suspended_of(offer, now=now, sector_ids=step.sector_ids),
        }
    elif offer and step.site:
        context |= _week(step, step.site, now)
    elif offer:
        sites = sites_of(offer, now=now, today=today, sector_ids=step.sector_ids)
        context |= {"view": "sites", "sites": [(site, _site_url(step, site)) for site in sites]}
    return render(request, "planning/prescription/search.html", context)


def _session_url(step: Step, session: PublicWorkshop) -> str:
    """Return where to go on, "" when the session is full."""
    if session.seats.is_full:
        return ""
    following = "confirm" if step.usager else "usager"
    return step.url(following, atelier=str(session.rdv.uuid))


def _site_url(step: Step, site: Site) -> str:
    lieu = str(site.lieu.uuid) if site.lieu else ""
    return step.url("search", chez=str(site.motif.uuid), lieu=lieu, date="", creneau="")


def _week(step: Step, site: Site, now: datetime) -> dict[str, Any]:
    """Return the week that is asked for, that of the next availability unless one is."""
    today = timezone.localdate(now)
    first = _first_day(step, today)
    if first is None:
        soonest = first_time(site.motif, site.lieu, now=now, sector_ids=step.sector_ids)
        first = timezone.localdate(soonest) if soonest else today
    times = week_times(site.motif, site.lieu, first_day=first, now=now, sector_ids=step.sector_ids)
    following = None
    if not times:
        following = first_time(
            site.motif, site.lieu, now=now, sector_ids=step.sector_ids, from_day=first + WEEK
        )
    days = groupby(times, key=timezone.localdate)
    before = max(first - WEEK, today)
    return {
        "view": "week",
        "site": site,
        "period": period_text(first, first + WEEK - timedelta(days=1)),
        "days": [(day, [(at, _slot_url(step, at)) for at in group]) for day, group in days],
        "following": following,
        "following_url": _day_url(step, timezone.localdate(following)) if following else "",
        "before_url": _day_url(step, before) if first > today else "",
        "after_url": _day_url(step, first + WEEK),
    }


def _first_day(step: Step, today: date) -> date | None:
    """Return the day of the URL, two years ahead at most; None when there is none."""
    try:
        asked = date.fromisoformat(step.params.get("date", ""))
    except ValueError:
        return None
    return min(max(asked, today), today + timedelta(days=730))


def _day_url(step: Step, day: date) -> str:
    return step.url("search", date=day.isoformat(), creneau="")


def _slot_url(step: Step, at: datetime) -> str:
    return step.url("confirm" if step.usager else "usager", creneau=instant_key(at))
