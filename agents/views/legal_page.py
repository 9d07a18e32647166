"""The legal pages, for everybody (I08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agents.models import LegalKind
from agents.queries.brand import all_brands, legal_text
from agents.rules.light_markup import blocks_of

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
def legal_page(request: HttpRequest, kind: str) -> HttpResponse:
    found = legal_text(all_brands().of(request.get_host()), kind)
    context = {
        "title": LegalKind(kind).label,
        "blocks": blocks_of(found.text),
        "updated_at": found.updated_at,
    }
    return render(request, "agents/legal_page.html", context)
