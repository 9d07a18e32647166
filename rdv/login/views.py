"""Sign-in and sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import LoginView, LogoutView
from django.contrib.auth.decorators import login_not_required
from django.views.decorators.http import require_POST

from rdv.accounts.models import Kind
from rdv.login.forms import KindLoginForm

if TYPE_CHECKING:
    from django.http import HttpRequest


class AgentLoginView(LoginView):
    """Agents only: an usager's account is unknown here, even with the same e-mail (G08)."""

    template_name = "account/agent_login.html"
    kind = Kind.AGENT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # Not in dispatch(): a subclass that overrides it loses allauth's @login_not_required.
        request.login_kind = self.kind  # type: ignore[attr-defined]
        super().setup(request, *args, **kwargs)

    def get_form_class(self) -> type[KindLoginForm]:
        return KindLoginForm

    def form_invalid(self, form: KindLoginForm) -> Any:
        response = super().form_invalid(form)
        response.status_code = 422
        return response


agent_login = AgentLoginView.as_view()
# A GET never signs anybody out.
sign_out = login_not_required(require_POST(LogoutView.as_view()))
