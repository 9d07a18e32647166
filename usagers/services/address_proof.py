"""An address is proven when somebody opens a link, or types a code, that was sent to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount

if TYPE_CHECKING:
    from rdv.accounts.models import Account


def prove_address(account: Account) -> None:
    """Note that the mailbox of `account` was just read. The caller holds the row.

    An account that FranceConnect opened has an address that nobody had proven: its reader takes it
    over, and the identity that had claimed it is dropped, with its open sessions. Else whoever
    declares the address of somebody else to FranceConnect would read what they book later. The
    identity comes back by its own click (decision 20).
    """
    if account.email_is_proven:
        return
    SocialAccount.objects.filter(user=account).delete()
    account.email_is_proven = True
    account.set_unusable_password()  # a new one: the hash of every open session is over
    account.save(update_fields=["email_is_proven", "password"])
