"""Whether ProConnect answers for who an agent is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount

if TYPE_CHECKING:
    from rdv.accounts.models import Account


def is_linked_to_proconnect(account: Account) -> bool:
    """Say whether names come from the provider: then they are not for the profile to change."""
    return SocialAccount.objects.filter(user=account).exists()
