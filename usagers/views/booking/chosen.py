"""When a créneau was chosen: a signed field of the form, since the URL can be reloaded for ever."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core import signing

from usagers.services.booking_draft_save import Choice

_SALT = "booking-choice"


def sign_choice(choice: Choice) -> str:
    """Return the hidden field: the créneau, and since when this visitor has it before them."""
    return signing.dumps([*_slot(choice), int(choice.chosen_at.timestamp())], salt=_SALT)


def read_choice(signed: str) -> Choice | None:
    """Return the créneau of a field of ours, or None for anything else."""
    try:
        read = signing.loads(signed, salt=_SALT)
        motif_id, lieu_id, starts, persons, workshop, sectors, chosen = read
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return Choice(
        motif_id,
        lieu_id,
        datetime.fromtimestamp(starts, UTC),
        datetime.fromtimestamp(chosen, UTC),
        persons,
        workshop,
        tuple(sectors),
    )


def since(signed: str, choice: Choice) -> Choice:
    """Return `choice` as of when this very créneau was shown, if the field says so (decision 18).

    Anything else, a forged field included, counts from now: never to the visitor's advantage.
    """
    read = read_choice(signed)
    return read if read is not None and _slot(read) == _slot(choice) else choice


def _slot(choice: Choice) -> list[object]:
    starts = int(choice.starts_at.timestamp())
    what = [choice.motif_id, choice.lieu_id, starts, choice.persons, choice.workshop_id]
    return [*what, list(choice.sector_ids)]
