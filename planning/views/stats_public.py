"""« Statistiques » for everybody: the site, and each territoire (H02)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from agents.queries.public_directory import find_territoires, public_territoire
from planning.queries.stats_public import (
    Published,
    first_day,
    public_months,
    public_tables,
    published,
    together,
)

if TYPE_CHECKING:
    from datetime import date, datetime

    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
def stats_public(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    known, at = published(today)
    territoires = [(row, known.get(row.pk, Published())) for row in find_territoires()]
    context = _context(together(known.values()), at, today)
    context |= {"territoire": None, "territoires": territoires}
    return render(request, "planning/stats_public.html", context)


@login_not_required
@require_safe
def stats_public_territoire(request: HttpRequest, slug: str) -> HttpResponse:
    territoire = public_territoire(slug)
    if territoire is None:
        raise Http404
    timezone.activate(territoire.zone)
    today = timezone.localdate()
    known, at = published(today)
    context = _context(known.get(territoire.pk, Published()), at, today)
    context |= {"territoire": territoire, "territoires": []}
    return render(request, "planning/stats_public.html", context)


def _context(shown: Published, at: datetime | None, today: date) -> dict[str, Any]:
    chart, months = public_months(shown, today)
    return {
        "shown": shown,
        "counted_at": at,
        "first": first_day(today),
        "last": today,
        "chart": chart,
        "months": months,
        "has_months": bool(shown.tables.get("months")),
        "tables": public_tables(shown),
    }
