"""What deleting a person from an organisation would touch (decision 26)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from planning.models import Participation
from rdv.common.french import instant_text
from usagers.models import Rattachement, Usager

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation


@dataclass(frozen=True)
class Removal:
    """`people`: who is detached, the person first. `erased`: those of them whom nobody else knows.

    `expected`: "Léa MARTIN, mardi 24 novembre 2026 à 10 h 30", each RDV there that forbids it.
    """

    people: tuple[Usager, ...]
    erased: tuple[Usager, ...]
    expected: tuple[str, ...]

    @property
    def proches(self) -> tuple[Usager, ...]:
        return self.people[1:]


def removal_of(usager: Usager, *, organisation: Organisation, now: datetime) -> Removal:
    """Return it; four statements. A responsable leaves with the proches known there.

    A responsable whose proche stays known elsewhere is kept: messages go to them.
    """
    proches = list(Usager.objects.living().filter(responsable=usager).order_by("first_name", "pk"))
    ids = [usager.pk, *(proche.pk for proche in proches)]
    links = Rattachement.objects.filter(usager__in=ids).values_list("usager", "organisation")
    here = {pk for pk, place in links if place == organisation.pk}
    elsewhere = {pk for pk, place in links if place != organisation.pk}
    waited = Participation.objects.active().filter(
        usager__in=ids, rdv__hidden_at=None, rdv__ends_at__gt=now
    )
    rows = list(waited.select_related("rdv", "usager").order_by("rdv__starts_at", "pk"))
    kept = elsewhere | {row.usager_id for row in rows if row.rdv.organisation_id != organisation.pk}
    if kept & set(ids):
        kept.add(usager.pk)
    people = [usager, *(proche for proche in proches if proche.pk in here)]
    # With the responsable go those whom no organisation ever knew.
    leaving = people if usager.pk in kept else [usager, *proches]
    zone = organisation.territoire.zone
    return Removal(
        people=tuple(people),
        erased=tuple(person for person in leaving if person.pk not in kept),
        expected=tuple(
            f"{row.usager.full_name}, {instant_text(row.rdv.starts_at.astimezone(zone))}"
            for row in rows
            if row.rdv.organisation_id == organisation.pk
        ),
    )
