"""One message of the « boîte d'envoi de démonstration »."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from notifications.policies import demo_messages

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse


@login_not_required
@require_safe
def message_detail(request: HttpRequest, message_uuid: UUID) -> HttpResponse:
    message = get_object_or_404(demo_messages(), uuid=message_uuid)
    return render(
        request,
        "notifications/message_detail.html",
        {"message": message, "tries": message.tries.all()},
    )
