"""The language of somebody's messages (A11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from usagers.models import Language, Usager

if TYPE_CHECKING:
    from agents.permissions import UsagerActor


def remember_language(*, actor: UsagerActor, language: str) -> None:
    """Write the language on the fiches of the account and of its relatives."""
    if language in Language.values:
        Usager.objects.filter(pk__in=actor.family_ids).update(language=language)
