"""« Double authentification » of « Mon compte », and the second step of a sign-in (G08).

allauth's views, for agents only, in our pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.utils import is_mfa_enabled
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache

from agents.queries.second_factor import must_have_second_factor
from notifications.messages.security import Change
from rdv.accounts.models import Kind
from rdv.accounts.second_factor import Type, has_second_factor
from rdv.accounts.sessions import end_other_sessions
from rdv.login.changes import tell_change

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase


class AgentPageMixin:
    """A page of « Mon compte »: an usager's sign-in never opens it; errors answer 422."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.kind != Kind.AGENT:  # type: ignore[union-attr]
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)  # type: ignore[misc]
        return {**found, "organisation": None, "menu": "two_factor"}

    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)  # type: ignore[misc]
        if response.status_code == 200:  # noqa: PLR2004 - else it leads elsewhere
            response.status_code = 422
        return response


class ToldMixin:
    """Its agent is told of the change by e-mail, in the transaction of the change."""

    change: Change

    def form_valid(self, form: Any) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
            tell_change(self.request, self.change)  # type: ignore[attr-defined]
        return answer


class FirstFactorMixin:
    """The first second factor ends the sessions that were opened without it."""

    def form_valid(self, form: Any) -> HttpResponse:
        request = self.request  # type: ignore[attr-defined]
        was_without = not has_second_factor(request.user.pk)
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        if was_without:
            end_other_sessions(request.user, keep=request.session.session_key)
        return answer


class OverviewView(AgentPageMixin, base.IndexView):
    template_name = "account/two_factor/overview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        factors = found["authenticators"]
        return {
            **found,
            "application": factors.get("totp"),
            "passkeys": factors.get("webauthn", []),
            "codes": factors.get("recovery_codes"),
            "is_on": bool(factors.get("totp") or factors.get("webauthn")),
            "is_required": must_have_second_factor(self.request.user.pk),
        }


class ApplicationView(FirstFactorMixin, AgentPageMixin, ToldMixin, totp.ActivateTOTPView):
    change = Change.APPLICATION_ADDED
    template_name = "account/two_factor/application.html"


class ApplicationRemoveView(AgentPageMixin, ToldMixin, totp.DeactivateTOTPView):
    change = Change.APPLICATION_REMOVED
    template_name = "account/two_factor/application_remove.html"


class CodesView(AgentPageMixin, codes.ViewRecoveryCodesView):
    template_name = "account/two_factor/codes.html"


class CodesDownloadView(AgentPageMixin, codes.DownloadRecoveryCodesView):
    template_name = "account/two_factor/codes.txt"


class CodesRenewView(AgentPageMixin, ToldMixin, codes.GenerateRecoveryCodesView):
    change = Change.CODES_RENEWED
    template_name = "account/two_factor/codes_renew.html"


class PasskeyView(FirstFactorMixin, AgentPageMixin, ToldMixin, webauthn.AddWebAuthnView):
    change = Change.PASSKEY_ADDED
    template_name = "account/two_factor/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own forgets the form that has errors.
        return {**super().get_context_data(**kwargs), **kwargs}


class PasskeyEditView(AgentPageMixin, webauthn.EditWebAuthnView):
    template_name = "account/two_factor/passkey_edit.html"
    success_url = reverse_lazy("mfa_index")


class PasskeyRemoveView(AgentPageMixin, ToldMixin, webauthn.RemoveWebAuthnView):
    change = Change.PASSKEY_REMOVED
    template_name = "account/two_factor/passkey_remove.html"
    success_url = reverse_lazy("mfa_index")

    def form_valid(self, form: Any) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.get_object()):
            refusal = str(adapter.error_messages["cannot_delete_authenticator"])
            messages.error(self.request, refusal)
            return redirect("mfa_index")
        return super().form_valid(form)


class AgainMixin(AgentPageMixin):
    """« Confirmez que c’est vous », before a second factor changes."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = super().get_context_data(**kwargs)
        others = {one["id"]: one["url"] for one in found["reauthentication_alternatives"]}
        return {
            **found,
            **kwargs,
            "by_password": others.get("reauthenticate"),
            "by_code": others.get("mfa_reauthenticate"),
            "by_passkey": others.get("mfa_reauthenticate:webauthn"),
        }


class PasswordAgainView(AgainMixin, ReauthenticateView):
    template_name = "account/two_factor/again.html"


class CodeAgainView(AgainMixin, base.ReauthenticateView):
    template_name = "account/two_factor/again.html"


class PasskeyAgainView(AgainMixin, webauthn.ReauthenticateWebAuthnView):
    template_name = "account/two_factor/again_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # allauth's own says nothing of the other ways.
        alternatives = self.get_reauthentication_alternatives()
        found = super().get_context_data(**kwargs, reauthentication_alternatives=alternatives)
        return {"form": self.get_form(), **found}


class SecondStepView(base.AuthenticateView):
    template_name = "account/two_factor/second_step.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        response = super().form_invalid(form)
        response.status_code = 422
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        has_passkey = is_mfa_enabled(self.stage.login.user, [Type.WEBAUTHN])
        return {**super().get_context_data(**kwargs), "has_passkey": has_passkey}


overview = OverviewView.as_view()
application = ApplicationView.as_view()
application_remove = ApplicationRemoveView.as_view()
view_codes = never_cache(CodesView.as_view())
download_codes = CodesDownloadView.as_view()
renew_codes = CodesRenewView.as_view()
passkey = PasskeyView.as_view()
passkey_edit = PasskeyEditView.as_view()
passkey_remove = PasskeyRemoveView.as_view()
password_again = PasswordAgainView.as_view()
code_again = CodeAgainView.as_view()
passkey_again = PasskeyAgainView.as_view()
second_step = SecondStepView.as_view()
passkey_login = login_not_required(webauthn.login_webauthn)
