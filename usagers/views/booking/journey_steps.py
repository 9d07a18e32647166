"""The steps that somebody goes through, as the stepper counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from usagers.views.booking.journey import Journey


def steps_of(journey: Journey, current: str) -> dict[str, object]:
    """Return what the stepper shows: number, title, total, next title."""
    choice = journey.asked
    titles = {
        "search": _("Choix du service"),
        "motif": _("Choix du rendez-vous"),
        "sector": _("Son adresse") if journey.is_prescribed else _("Votre adresse"),
        "persons": _("Nombre de personnes"),
        "lieu": _("Choix du lieu"),
        "workshop": _("Choix de la date"),
        "slot": _("Choix du créneau"),
        **_who_titles(journey),
        "confirm": _("Confirmation"),
    }
    left_out = {"workshop"}
    if choice and choice.is_collective:
        left_out = {"lieu", "slot"}
    if len(journey.services) <= 1:
        left_out.add("search")
    if not journey.is_sectorised:
        left_out.add("sector")
    if choice is None or choice.most_persons == 1 or journey.is_prescribed:
        left_out.add("persons")
    if choice and not choice.needs_lieu:
        titles["lieu"] = _("Choix de la structure")
    titles = {name: title for name, title in titles.items() if name not in left_out}
    names = list(titles)
    index = names.index(current)
    following = names[index + 1] if index + 1 < len(names) else ""
    return {
        "number": index + 1,
        "total": len(names),
        "title": titles[current],
        "next": titles.get(following, ""),
    }


def _who_titles(journey: Journey) -> dict[str, str]:
    if journey.is_prescribed:
        return {"prescripteur": _("Vos coordonnées"), "beneficiaire": _("Bénéficiaire")}
    return {"identity": _("Vos informations")}
