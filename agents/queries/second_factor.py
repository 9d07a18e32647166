"""Who must have a second factor: admins of a territoire that requires it (G08)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agents.models import Agent, DroitTerritoire
from rdv.accounts.second_factor import accounts_with_second_factor

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from agents.models import Territoire


def must_have_second_factor(account_id: int) -> bool:
    return DroitTerritoire.objects.filter(
        agent__account_id=account_id, is_admin=True, territoire__requires_two_factor=True
    ).exists()


def admins_without_second_factor(territoire: Territoire) -> QuerySet[Agent]:
    """Return the admins who are, or would be, shut out until they set one up."""
    admins = Agent.objects.active().filter(
        droits__territoire=territoire, droits__is_admin=True, account__isnull=False
    )
    without = admins.exclude(account_id__in=accounts_with_second_factor())
    return without.select_related("account")
