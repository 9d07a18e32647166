"""The link that takes an address off the list: opening it asks, its button removes (A09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from planning.queries.waiting_list import entry_of_link
from planning.services.waiting_list_join import leave_waiting_list
from rdv.common.languages import speak

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def waiting_list_remove(request: HttpRequest, secret: str) -> HttpResponse:
    """Never the address: the link may have been forwarded."""
    entry = entry_of_link(secret)
    if entry is None:
        return render(request, "usagers/waiting_list/over.html", status=404)
    speak(request, entry.language)
    if request.method == "POST" and entry.ended_at is None:
        leave_waiting_list(entry_id=entry.pk, now=timezone.now())
    is_over = request.method == "POST" or entry.ended_at is not None
    context = {"organisation": entry.motif.organisation, "is_over": is_over}
    return render(request, "usagers/waiting_list/remove.html", context)
