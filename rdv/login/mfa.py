"""How allauth's two-factor authentication behaves here (G08): agents only, secrets sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from agents.queries.second_factor import must_have_second_factor
from rdv.accounts.models import Kind
from rdv.accounts.second_factor import is_last_main
from rdv.common.encryption import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("Ce code n’est pas le bon, ou il a déjà servi."),
        "cannot_delete_authenticator": _(
            "Votre territoire exige la double authentification : ajoutez un autre moyen avant de "
            "retirer celui-ci."
        ),
        "cannot_generate_recovery_codes": _(
            "Les codes de secours viennent après une application ou une clé d’accès."
        ),
    }

    def encrypt(self, text: str) -> str:
        return Secret.seal(text).token

    def decrypt(self, encrypted_text: str) -> str:
        """Open a secret. Raises UnreadableSecretError: a wrong guess must never stand in for it."""
        return Secret(encrypted_text).reveal()

    def is_mfa_enabled(self, user: Any, types: Sequence[str] | None = None) -> bool:
        is_agent = getattr(user, "kind", None) == Kind.AGENT
        return is_agent and super().is_mfa_enabled(user, types)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        account_id = authenticator.user_id
        return not (is_last_main(authenticator) and must_have_second_factor(account_id))

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return translate("Clé d’accès %(number)s") % {"number": number}

    def get_totp_issuer(self) -> str:
        return str(settings.SITE_NAME)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site by its own address, whatever host was asked."""
        return {"id": urlsplit(settings.SITE_URL).hostname or "", "name": settings.SITE_NAME}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        found = super().get_public_key_credential_user_entity(user)
        return {**found, "display_name": user.agent.full_name}
