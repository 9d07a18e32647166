"""« Boîte d'envoi de démonstration »: what has left, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from notifications.policies import demo_messages

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE_SIZE = 50


@login_not_required
@require_safe
def message_list(request: HttpRequest) -> HttpResponse:
    messages = demo_messages().order_by("-created_at", "-pk")
    page = Paginator(messages, PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "notifications/message_list.html", {"page": page})
