"""Whom an agent may invite to their own space (usagers-notifications §1.5). Pure."""

from __future__ import annotations


def refusal_to_invite(*, email: str | None, has_account: bool, is_proche: bool) -> str | None:
    """Return why no invitation can be sent, in French, or None."""
    if is_proche:
        return "L’espace personnel est celui du responsable : invitez-le depuis sa fiche."
    if has_account:
        return "Cette personne a déjà un compte."
    if not email:
        return "Il faut d’abord une adresse e-mail sur la fiche."
    return None
