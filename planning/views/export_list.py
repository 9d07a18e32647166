from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planning.queries.export_list import export_lines
from planning.views.agent_space import require_agent

if TYPE_CHECKING:
    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def export_list(request: Request) -> HttpResponse:
    """The page asks for itself again every two seconds while a file is being made."""
    exports = export_lines(require_agent(request), now=timezone.now())
    context = {"organisation": None, "menu": "exports", "exports": exports}
    return render(request, "planning/export_list.html", context)
