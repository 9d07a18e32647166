"""May this person book this motif at all? Whether the time is free is the slot engine's answer."""

from planning.rules.marks import gettext_noop

# Values of motifs.models.BookingLevel, as the database stores them.
OPEN_TO_USAGERS = ("usagers",)
OPEN_TO_PRESCRIPTEURS = ("usagers", "prescripteurs")
OPEN_TO_AGENTS = ("usagers", "prescripteurs", "agents")


def refusal_to_book(
    *,
    booking_level: str,
    open_to: tuple[str, ...],
    persons: int,
    max_persons: int,
    needs_referent: bool = False,
) -> str | None:
    """Return why it may not be booked, in French, or None when it may.

    `open_to` is the line above of whoever books. `needs_referent`: a motif de suivi, for people
    whom no agent at work follows, or booked by a partner.
    """
    if needs_referent:
        return gettext_noop(
            "Ce rendez-vous est réservé aux personnes suivies. Contactez le service."
        )
    if booking_level not in open_to:
        return gettext_noop("Ce rendez-vous ne se prend pas en ligne. Contactez le service.")
    return refusal_of_persons(persons=persons, max_persons=max_persons)


def refusal_of_persons(*, persons: int, max_persons: int) -> str | None:
    """Return why so many cannot come together (decision 24), in French, or None."""
    if 1 <= persons <= max_persons:
        return None
    if max_persons == 1:
        return gettext_noop("Ce rendez-vous est prévu pour une seule personne.")
    return gettext_noop("Ce rendez-vous n’est pas prévu pour autant de personnes.")
