"""Ending one's account: what stands in the way (decision 26)."""

from __future__ import annotations

CALL_FIRST = (
    "Un rendez-vous à venir ne peut plus être annulé en ligne. Appelez le service, ou attendez "
    "qu’il soit passé : vous pourrez ensuite supprimer votre compte."
)
CANCEL_FIRST = "Vous avez des rendez-vous à venir. Dites si vous voulez les annuler."


def refusal_to_end(*, coming: int, cancellable: int, accepts_cancelling: bool) -> str | None:
    """Return why the account cannot end now, in French, or None when it can."""
    if coming > cancellable:
        return CALL_FIRST
    if coming and not accepts_cancelling:
        return CANCEL_FIRST
    return None
