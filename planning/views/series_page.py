"""What the pages of plages and of indisponibilités share: what their addresses ask."""

from __future__ import annotations

from datetime import date, time
from typing import TYPE_CHECKING, Any

from django.http import Http404

from planning.queries.occurrences import occurrence_day

if TYPE_CHECKING:
    from django.http import QueryDict

    from planning.models import Indisponibilite, PlageOuverture
    from rdv.common.http import Request

THIS, FOLLOWING, ALL = "cette-fois", "suivantes", "toutes"


def asked_times(query: QueryDict) -> dict[str, Any]:
    """Return what `?jour=&debut=&fin=` fills of a creation form; what is not valid is ignored."""
    found = {
        "first_day": _parsed(date.fromisoformat, query.get("jour", "")),
        "start_time": _parsed(time.fromisoformat, query.get("debut", "")),
        "end_time": _parsed(time.fromisoformat, query.get("fin", "")),
    }
    return {
        name: value.replace(tzinfo=None) if isinstance(value, time) else value
        for name, value in found.items()
        if value is not None
    }


def asked_occurrence(request: Request, row: PlageOuverture | Indisponibilite) -> date | None:
    """Return the occurrence that `?occurrence=` names, or None when there is no such day."""
    day = _parsed(date.fromisoformat, request.GET.get("occurrence", ""))
    return occurrence_day(row, day) if day else None


def no_such_day(request: Request, row: PlageOuverture | Indisponibilite | None) -> bool:
    """Say whether a day was asked on which the series does not happen."""
    is_asked = row is not None and row.is_recurring and bool(request.GET.get("occurrence"))
    return row is not None and is_asked and asked_occurrence(request, row) is None


def occurrence_or_404(row: PlageOuverture | Indisponibilite, text: str) -> date:
    day = _parsed(date.fromisoformat, text)
    found = occurrence_day(row, day) if day else None
    if found is None:
        raise Http404
    return found


def _parsed(parse: Any, text: str) -> Any:
    try:
        return parse(text) if text else None
    except ValueError:
        return None
