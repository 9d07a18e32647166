"""Sign-in and sign-out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import (
    LoginView,
    LogoutView,
    PasswordChangeView,
    PasswordResetDoneView,
    PasswordResetFromKeyDoneView,
    PasswordResetFromKeyView,
    PasswordResetView,
)
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from notifications.messages.security import Change
from rdv.accounts.models import Kind
from rdv.accounts.sessions import end_other_sessions
from rdv.common.provider_session import SESSION_ID_TOKEN
from rdv.common.public_pages import public_page_or
from rdv.login.changes import tell_change
from rdv.login.forms import (
    AgentPasswordChangeForm,
    AgentPasswordKeyForm,
    AgentPasswordResetForm,
    KindLoginForm,
)
from rdv.login.franceconnect import end_at_provider
from rdv.login.proconnect import SESSION_PROCONNECT, end_at_proconnect, is_down

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class UnprocessableMixin:
    """An answer with errors has status 422."""

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)  # type: ignore[misc]
        response.status_code = 422
        return response


class AgentLoginView(UnprocessableMixin, LoginView):
    """Agents only: an usager's account is unknown here, even with the same e-mail (G08)."""

    template_name = "account/agent_login.html"
    kind = Kind.AGENT

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        # Not in dispatch(): a subclass that overrides it loses allauth's @login_not_required.
        request.login_kind = self.kind  # type: ignore[attr-defined]
        super().setup(request, *args, **kwargs)

    def get_form_class(self) -> type[KindLoginForm]:
        return KindLoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        next_path = self.request.POST.get("next") or self.request.GET.get("next", "")
        found = super().get_context_data(**kwargs)
        return {**found, "next": next_path, "proconnect_is_down": is_down()}


class UsagerLoginView(AgentLoginView):
    """The optional password of the usagers; it never opens an agent's space (G08)."""

    template_name = "account/usager_login.html"
    kind = Kind.USAGER

    def get_success_url(self) -> str:
        asked = self.request.POST.get("next") or self.request.GET.get("next", "")
        return public_page_or(asked, reverse("usagers:rdv_list"))

    get_authenticated_redirect_url = get_success_url

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "next": self.get_success_url()}


class SuperadminLoginView(AgentLoginView):
    """The technical administration: an account of its own, never an agent's or an usager's."""

    template_name = "account/superadmin_login.html"
    kind = Kind.SUPERADMIN

    def get_success_url(self) -> str:
        return reverse("technical_home")


class AgentPasswordChangeView(UnprocessableMixin, PasswordChangeView):
    template_name = "account/agent_password_change.html"
    success_url = reverse_lazy("account_change_password")

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        # Anonymous visitors go on to allauth's own redirection.
        if getattr(request.user, "kind", Kind.AGENT) != Kind.AGENT:
            raise PermissionDenied

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated and not request.user.has_usable_password():
            messages.info(
                request,
                _(
                    "Votre compte n’a pas encore de mot de passe : demandez le lien pour en "
                    "choisir un."
                ),
            )
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def get_form_class(self) -> type[AgentPasswordChangeForm]:
        return AgentPasswordChangeForm

    def form_valid(self, form: Any) -> HttpResponse:
        # Their session hash is over already; this takes them off « Appareils connectés » too.
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            tell_change(self.request, Change.CHOSEN_AGAIN)
        account, key = self.request.user, self.request.session.session_key
        end_other_sessions(account, keep=key)
        self.request.session.pop("seen_at", None)  # its key is a new one: to be noted again
        return answer

    def get_default_success_url(self) -> str:
        return str(self.success_url)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "organisation": None, "menu": "password"}


class AgentPasswordResetView(UnprocessableMixin, PasswordResetView):
    template_name = "account/agent_password_reset.html"

    def get_form_class(self) -> type[AgentPasswordResetForm]:
        return AgentPasswordResetForm


class AgentPasswordKeyView(UnprocessableMixin, PasswordResetFromKeyView):
    """allauth moves the key of the link to the session, so that it leaves the address bar."""

    template_name = "account/agent_password_key.html"

    def get_form_class(self) -> type[AgentPasswordKeyForm]:
        return AgentPasswordKeyForm

    def form_valid(self, form: Any) -> HttpResponse:
        end_other_sessions(self.reset_user, keep=self.request.session.session_key)
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            tell_change(self.request, Change.CHOSEN_AGAIN, account_id=self.reset_user.pk)
        return answer

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {"token_fail": False, **super().get_context_data(**kwargs)}


class SignOutView(LogoutView):
    """Ends our session in any case, then the provider's, if one opened it."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        # Read before: the end of the session empties it.
        id_token = self.request.session.get(SESSION_ID_TOKEN, "")
        pro_token = self.request.session.get(SESSION_PROCONNECT, "")
        answer: HttpResponse = super().post(*args, **kwargs)
        url = end_at_provider(self.request, id_token)
        template = "login/franceconnect_sign_out.html"
        if not url:
            url = end_at_proconnect(self.request, pro_token)
            template = "account/proconnect_sign_out.html"
        if not url:
            return answer
        # Not a redirection: browsers hold those that follow a form to the policy of its page, and
        # the provider leads through others that we cannot name.
        return render(self.request, template, {"provider_url": url})


agent_login = AgentLoginView.as_view()
usager_login = UsagerLoginView.as_view()
superadmin_login = SuperadminLoginView.as_view()
# A GET never signs anybody out.
sign_out = login_not_required(require_POST(SignOutView.as_view()))
change_password = AgentPasswordChangeView.as_view()
reset_password = AgentPasswordResetView.as_view()
reset_password_done = PasswordResetDoneView.as_view(
    template_name="account/agent_password_reset_done.html"
)
reset_password_from_key = AgentPasswordKeyView.as_view()
reset_password_from_key_done = PasswordResetFromKeyDoneView.as_view(
    template_name="account/agent_password_key_done.html"
)
