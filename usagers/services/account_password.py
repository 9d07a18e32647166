"""The optional password of an usager (decision 20)."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError


class WrongPassword(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Not the present password."""


@transaction.atomic
def change_password(
    *, account_id: int, new: str | None, current: str = "", is_proved: bool = False
) -> Account:
    """Set the password of an usager's account, or remove it (None); other sessions end.

    `current` is asked for when there is one, unless `is_proved`: the person has just read a code in
    their mailbox. The rules of passwords are the form's. Raises WrongPassword.
    """
    accounts = Account.objects.select_for_update(no_key=True).filter(kind=Kind.USAGER)
    account = accounts.get(pk=account_id)
    if account.has_usable_password() and not is_proved and not account.check_password(current):
        raise WrongPassword(_("Ce n’est pas votre mot de passe actuel."))
    if new is None:
        account.set_unusable_password()
    else:
        account.set_password(new)
    account.save(update_fields=["password"])
    return account
