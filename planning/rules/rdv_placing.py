"""What a RDV placed by an agent must hold, whoever the agent is (planning §2.5, §6.9). Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

TELEPHONE, VISIO = "telephone", "visio"
LONGEST = timedelta(hours=24)
EARLIEST = datetime(2018, 1, 1, tzinfo=UTC)
FARTHEST = timedelta(days=5 * 366)


def refusal_of_hours(*, starts_at: datetime, ends_at: datetime, now: datetime) -> str:
    """Return why these hours are impossible, or "". A start in the past is possible."""
    if ends_at <= starts_at:
        return "La fin du RDV est après son début."
    if ends_at - starts_at > LONGEST:
        return "Un RDV dure 24 heures au plus."
    if not EARLIEST <= starts_at <= now + FARTHEST:
        return "Un RDV se place entre 2018 et dans cinq ans."
    return ""


def refusal_of_people(
    *, location_type: str, is_collective: bool, people: int, phones: int, reached: int
) -> str:
    """Return why this RDV cannot be held with these people, or "".

    `phones`: how many have a phone, their own or their responsable's; `reached`: how many have an
    e-mail or a mobile. A workshop may be empty.
    """
    if not people:
        return "" if is_collective else "Choisissez au moins une personne."
    if location_type == TELEPHONE and not phones:
        return "Pour un RDV par téléphone, il faut le numéro d’au moins une personne."
    if location_type == VISIO and not reached:
        return (
            "Pour un RDV en visioconférence, il faut l’adresse e-mail d’au moins une personne, "
            "ou son téléphone mobile."
        )
    return ""
