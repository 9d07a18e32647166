"""Sign-in by e-mail address, for one kind of account (docs/adr/0003)."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm


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
