"""What may not change in a motif, and when it may go online."""

from __future__ import annotations


def refusal_to_change_kind(
    *, has_rdv: bool, old: tuple[str, bool], new: tuple[str, bool]
) -> str | None:
    """Return why the pair (type, collectif) may not change, in French, or None (planning §2.1)."""
    if has_rdv and old != new:
        return (
            "Le type ne peut plus changer : des RDV ont déjà été pris. "
            "Archivez ce motif et créez-en un autre."
        )
    return None


def refusal_to_go_online(*, is_open_online: bool, has_contact: bool) -> str | None:
    """Return why a motif may not be open online, in French, or None (G12)."""
    if is_open_online and not has_contact:
        return (
            "Avant d’ouvrir un motif en ligne, donnez à l’organisation un téléphone "
            "ou une adresse e-mail : les usagers doivent pouvoir la joindre."
        )
    return None
