"""What FranceConnect certified of an account, kept for the fiches to come (A04)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount

from usagers.rules.certified_identity import read_stored

if TYPE_CHECKING:
    from rdv.accounts.models import Account
    from usagers.rules.certified_identity import CertifiedIdentity

FRANCECONNECT = "franceconnect"


def identity_of(account: Account) -> CertifiedIdentity | None:
    """Return what FranceConnect certified at the first login of `account`, or None."""
    rows = SocialAccount.objects.filter(user=account, provider=FRANCECONNECT)
    kept = rows.values_list("extra_data", flat=True).first()
    return None if kept is None else read_stored(kept)
