"""Who must have a second factor: admins of a territoire that requires it (G08)."""

from __future__ import annotations

from agents.models import DroitTerritoire


def must_have_second_factor(account_id: int) -> bool:
    return DroitTerritoire.objects.filter(
        agent__account_id=account_id, is_admin=True, territoire__requires_two_factor=True
    ).exists()
