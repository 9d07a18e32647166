"""Sign-in by e-mail address, for one kind of account (docs/adr/0003)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import (
    ChangePasswordForm,
    LoginForm,
    ResetPasswordForm,
    ResetPasswordKeyForm,
    UserTokenForm,
)
from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.accounts.models import Account, Kind
from rdv.common.forms import DsfrForm

_RULES = _("12 caractères au moins, dont un chiffre, une majuscule et un signe de ponctuation.")


class KindLoginForm(DsfrForm, LoginForm):
    """allauth's form, with an e-mail instead of a login; `request.login_kind` says the kind."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"] = forms.EmailField(
            label=_("Adresse e-mail"),
            widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
        )
        self.fields["password"].label = _("Mot de passe")
        self.fields["password"].help_text = ""
        self.fields["password"].widget = forms.PasswordInput(
            attrs={"autocomplete": "current-password"}
        )
        self.fields.pop("remember", None)
        self.order_fields(["login", "password"])

    def user_credentials(self) -> dict[str, str]:
        email = self.cleaned_data["login"].strip().lower()
        kind = self.request.login_kind
        return {"username": f"{kind}:{email}", "password": self.cleaned_data["password"]}


def _password(label: Any, *, is_new: bool = True, help_text: Any = "") -> forms.CharField:
    kind = "new-password" if is_new else "current-password"
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": kind}),
    )


def _dress_new_passwords(form: forms.Form) -> None:
    """Keep allauth's fields, which check the rules; give them our words."""
    form.fields["password1"].label = _("Nouveau mot de passe")
    form.fields["password1"].help_text = _RULES
    form.fields["password2"].label = _("Nouveau mot de passe, une seconde fois")
    for name in ("password1", "password2"):
        form.fields[name].widget = forms.PasswordInput({"autocomplete": "new-password"})


class AgentPasswordChangeForm(DsfrForm, ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["oldpassword"] = _password(_("Mot de passe actuel"), is_new=False)
        _dress_new_passwords(self)


class AgentPasswordResetForm(DsfrForm, ResetPasswordForm):
    """Writes to agents only; the page says the same whether or not the address is known."""

    email = forms.EmailField(
        label=_("Adresse e-mail"), widget=forms.EmailInput({"autocomplete": "username"})
    )

    def clean_email(self) -> str:
        email = super().clean_email().strip().lower()
        found: list[Account] = vars(self)["users"]
        self.users = [
            user for user in found if user.kind == Kind.AGENT and user.agent.deactivated_at is None
        ]
        return email


class AgentPasswordKeyForm(DsfrForm, ResetPasswordKeyForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _dress_new_passwords(self)


class AgentTokenForm(UserTokenForm):
    """Accepts the key of an agent's account only."""

    def _get_user(self, uidb36: str) -> Account | None:
        user = super()._get_user(uidb36)
        return user if user is not None and user.kind == Kind.AGENT and user.is_active else None
