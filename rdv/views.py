"""Home, health and error pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from agents.permissions import AgentActor, UsagerActor
from agents.queries.public_directory import find_territoires
from rdv.accounts.models import Kind
from rdv.common.languages import chosen_language
from usagers.services.usager_language import remember_language

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from rdv.common.http import Request


@login_not_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the site is, and where to book: the territoires, found by name."""
    typed = request.GET.get("q", "").strip()[:80]
    context = {"typed": typed, "territoires": find_territoires(typed)}
    return render(request, "home.html", context)


@require_safe
def technical_home(request: Request) -> HttpResponse:
    """The pages of super-administrators; nobody else learns that they exist."""
    if request.user.kind != Kind.SUPERADMIN:
        raise Http404
    return render(request, "technical_home.html")


@login_not_required
@require_POST
def language(request: Request) -> HttpResponse:
    """Keep the language chosen by a citizen: in this browser, and for their messages (A11)."""
    actor = request.actor
    if isinstance(actor, UsagerActor):
        remember_language(actor=actor, language=request.POST.get("language", ""))
    return set_language(request)


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "400.html", status=400)


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return render(request, "403.html", status=403)


@login_not_required
def not_found(request: Request, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    if request.resolver_match is None and not isinstance(request.actor, AgentActor):
        # No view was reached, so nobody has said yet which language the page is in.
        translation.activate(chosen_language(request) or settings.LANGUAGE_CODE)
    return render(request, "404.html", status=404)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "500.html", status=500)


@login_not_required
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    return render(request, "csrf.html", status=403)
