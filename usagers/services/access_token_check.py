"""The letters of a link: five wrong tries lock it for 15 minutes (decision 11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from rdv.common.errors import DomainError
from rdv.common.text_keys import letters
from usagers.models import AccessToken
from usagers.rules.token_letters import opens

if TYPE_CHECKING:
    from datetime import datetime

WRONG_TRIES = 5
LOCKED_FOR = timedelta(minutes=15)


class LinkOver(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The link is too old, or was never ours."""


class LinkLocked(DomainError):  # noqa: N818
    """Too many wrong tries on this link."""


class WrongLetters(DomainError):  # noqa: N818
    """These are not the letters of the name."""


def check_letters(*, token_id: int, typed: str, now: datetime) -> None:
    """Return when the letters are right. Raises LinkOver, LinkLocked, WrongLetters.

    The row is locked: simultaneous tries are counted one by one. While the link is locked, right
    letters are refused too.
    """
    refusal = _judge(token_id, typed, now)
    # Raised out of the transaction: the count of wrong tries must stay.
    if refusal is not None:
        raise refusal


@transaction.atomic
def _judge(token_id: int, typed: str, now: datetime) -> DomainError | None:
    tokens = AccessToken.objects.select_for_update(of=("self",)).select_related("recipient")
    token = tokens.filter(pk=token_id, expires_at__gt=now).first()
    if token is None:
        return LinkOver(_("Ce lien n’est plus valable."))
    if token.locked_until is not None and token.locked_until > now:
        return _locked()
    recipient = token.recipient
    if opens(typed, (recipient.last_name, recipient.birth_name), letters):
        token.wrong_tries, token.locked_until = 0, None
        token.save(update_fields=["wrong_tries", "locked_until"])
        return None
    token.wrong_tries += 1
    if token.wrong_tries >= WRONG_TRIES:
        token.wrong_tries, token.locked_until = 0, now + LOCKED_FOR
    token.save(update_fields=["wrong_tries", "locked_until"])
    if token.locked_until is not None:
        return _locked()
    return WrongLetters(
        _("Ce ne sont pas les lettres attendues. Écrivez le début de votre nom de famille.")
    )


def _locked() -> LinkLocked:
    return LinkLocked(
        _("Trop d’essais : ce lien est bloqué pendant 15 minutes. Réessayez plus tard.")
    )
