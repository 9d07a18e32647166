"""allauth's forms of the second factor, in our words."""

from __future__ import annotations

import hashlib
import json
from contextlib import contextmanager
from struct import error as StructError  # noqa: N812 - a class, whatever its name
from typing import TYPE_CHECKING, Any

from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import (
    AddWebAuthnForm,
    AuthenticateWebAuthnForm,
    EditWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm
from rdv.login.mfa import MfaAdapter

if TYPE_CHECKING:
    from collections.abc import Iterator

_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "autofocus": True}
# A code of the application is good for the half-minute before and after its own.
USED_SECONDS = 90
LONGEST_CODE = 20
LONGEST_NAME = 60


def _code(help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=_("Code"),
        help_text=help_text,
        max_length=LONGEST_CODE,
        widget=forms.TextInput(dict(_CODE)),
    )


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except (AttributeError, KeyError, TypeError, ValueError, StructError) as error:
        raise get_adapter().validation_error("incorrect_code") from error


class _OnceMixin:
    """A code that served is over, for as long as the clock would take it."""

    def clean_code(self) -> str:
        typed = "".join(self.cleaned_data["code"].split())  # type: ignore[attr-defined]
        digest = hashlib.sha256(f"{self.user.pk}:{typed}".encode()).hexdigest()  # type: ignore[attr-defined]
        name = f"mfa:used:{digest[:32]}"
        if cache.get(name):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        cache.set(name, "1", USED_SECONDS)
        return code


_ANY_CODE = _("Les 6 chiffres de votre application, ou l’un de vos codes de secours.")


class CodeForm(_OnceMixin, DsfrForm, AuthenticateForm):
    code = _code(_ANY_CODE)


class CodeAgainForm(_OnceMixin, DsfrForm, ReauthenticateForm):
    code = _code(_ANY_CODE)


class PasswordAgainForm(DsfrForm, PasswordForm):
    password = forms.CharField(
        label=_("Mot de passe actuel"),
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password", "autofocus": True}),
    )


class ApplicationForm(DsfrForm, ActivateTOTPForm):
    code = _code(_("Les 6 chiffres que l’application affiche maintenant."))


class _Decoder(json.JSONDecoder):
    """Numbers of 4,301 digits and ten thousand brackets are unreadable too, not a failure."""

    def decode(self, s: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().decode(s, *args, **kwargs)
        except (ValueError, RecursionError) as error:
            raise json.JSONDecodeError("unreadable", "", 0) from error


def _answer() -> forms.JSONField:
    wrong = {"invalid": MfaAdapter.error_messages["incorrect_code"]}
    return forms.JSONField(widget=forms.HiddenInput, decoder=_Decoder, error_messages=wrong)


class _AnswerMixin:
    """An answer that no browser gives is refused as a wrong one: the library stumbles over it."""

    def clean_credential(self) -> Any:
        with _refused():
            return super().clean_credential()  # type: ignore[misc]


class PasskeyStepForm(_AnswerMixin, AuthenticateWebAuthnForm):
    """The second step of a sign-in."""

    credential = _answer()


class PasskeyAgainForm(_AnswerMixin, ReauthenticateWebAuthnForm):
    """« Confirmez que c’est vous »."""

    credential = _answer()


class PasskeyLoginForm(_AnswerMixin, LoginWebAuthnForm):
    """A sign-in by the passkey alone."""

    credential = _answer()


class PasskeyForm(DsfrForm, AddWebAuthnForm):
    credential = _answer()
    name = forms.CharField(
        label=_("Nom de la clé"),
        help_text=_("Pour la reconnaître. Exemple : Ordinateur du bureau"),
        max_length=LONGEST_NAME,
        required=False,
    )
    passwordless = forms.BooleanField(
        label=_("Me connecter avec cette clé seule, sans mot de passe"),
        help_text=_("L’appareil demandera votre empreinte, votre visage ou son code."),
        initial=True,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        with _refused():
            return dict(super().clean() or {})


class PasskeyNameForm(DsfrForm, EditWebAuthnForm):
    name = forms.CharField(label=_("Nom de la clé"), max_length=LONGEST_NAME)
