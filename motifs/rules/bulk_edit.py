"""What changing several motifs at once may not do, and what it does that should be known (G07)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from motifs.rules.edition import refusal_to_change_kind, refusal_to_go_online

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 100
"""Motifs of one edit: what somebody can read again before confirming."""

UNDO_WITHIN = timedelta(hours=24)

ONLINE, SUR_PLACE, INVISIBLE = "usagers", "sur_place", "invisible"
WHOLE_TERRITOIRE = "departement"


@dataclass(frozen=True)
class MotifFacts:
    """What the rules need to know of one motif beyond its columns.

    `coming_rdvs`: RDVs to come. `name_is_taken`: another motif of the organisation would have the
    same name, service and type. `has_receiver`: a sector is attributed to who the sectorisation
    asks for.
    """

    has_rdv: bool = False
    coming_rdvs: int = 0
    has_contact: bool = True
    name_is_taken: bool = False
    category_is_foreign: bool = False
    has_receiver: bool = True


def refusals_of(
    before: Mapping[str, Any], after: Mapping[str, Any], facts: MotifFacts
) -> list[str]:
    """Return why the motif may not become `after`, in French; nothing when it may.

    Both hold every column that the rules look at, changed or not.
    """
    found = [
        refusal_to_change_kind(
            has_rdv=facts.has_rdv,
            old=(before["location_type"], before["is_collective"]),
            new=(after["location_type"], after["is_collective"]),
        ),
        refusal_to_go_online(
            is_open_online=after["booking_level"] == ONLINE, has_contact=facts.has_contact
        ),
    ]
    if after["is_collective"] and after["location_type"] != SUR_PLACE:
        found.append("Un RDV collectif a lieu sur place.")
    if after["is_follow_up"] and after["for_secretariat"]:
        found.append("Un motif de suivi ne peut pas être ouvert au secrétariat.")
    if after["max_delay_minutes"] <= after["min_delay_minutes"]:
        found.append("« Au plus tôt » doit être plus long que « au plus tard ».")
    if facts.name_is_taken:
        found.append("Un motif du même nom, du même service et du même type existe déjà.")
    if facts.category_is_foreign:
        found.append("Cette catégorie n’est pas du territoire de ce motif.")
    return [refusal for refusal in found if refusal]


def warnings_of(
    before: Mapping[str, Any], after: Mapping[str, Any], facts: MotifFacts
) -> list[str]:
    """Return what should be known before confirming, in French."""
    found = []
    if before["booking_level"] != ONLINE and after["booking_level"] == ONLINE:
        found.append("Les usagers pourront prendre ce RDV en ligne.")
    if before["booking_level"] == ONLINE and after["booking_level"] != ONLINE:
        found.append("Les usagers ne pourront plus prendre ce RDV en ligne, ni le déplacer.")
    if before["visibility"] != INVISIBLE and after["visibility"] == INVISIBLE:
        found.append("Les usagers ne verront plus ces RDV et ne recevront plus de message.")
    if before["sectorisation_level"] != after["sectorisation_level"]:
        found += _of_sectors(before, after, facts)
    if before["duration_minutes"] != after["duration_minutes"] and facts.coming_rdvs:
        found.append(f"RDV à venir qui gardent leur durée : {facts.coming_rdvs}.")
    return found


def _of_sectors(
    before: Mapping[str, Any], after: Mapping[str, Any], facts: MotifFacts
) -> list[str]:
    if after["sectorisation_level"] == WHOLE_TERRITOIRE:
        return ["Ce RDV sera proposé à tous, quelle que soit l’adresse."]
    if after["is_follow_up"]:
        return ["Sans effet sur un RDV de suivi : ses référents sont connus."]
    found = []
    if before["sectorisation_level"] == WHOLE_TERRITOIRE:
        found.append("L’usager écrira son adresse.")
        if after["has_waiting_list"]:
            found.append("Ce RDV n’aura plus de liste d’attente en ligne.")
    if not facts.has_receiver:
        found.append("Aucun secteur n’est attribué : personne ne pourra prendre ce RDV en ligne.")
    return found


def changed_since(
    current: Mapping[str, Any], after: Mapping[str, Any], labels: Mapping[str, str]
) -> str:
    """Return the settings that are no longer what the edit wrote, "Durée, Couleur", or ""."""
    return ", ".join(
        labels[column] for column, value in after.items() if current.get(column) != value
    )
