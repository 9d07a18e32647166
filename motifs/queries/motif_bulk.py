"""What a change of several motifs will do to each: read before it is confirmed (G07)."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agents.models import Attribution
from motifs.models import (
    BookingLevel,
    LocationType,
    Motif,
    MotifCategory,
    SectorisationLevel,
    Visibility,
)
from motifs.rules.bulk_edit import MotifFacts, refusals_of, warnings_of
from motifs.rules.delays import delay_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

# What may be changed in several motifs at once, in the order of the form.
LABELS = {
    "location_type": gettext_lazy("Type de RDV"),
    "duration_minutes": gettext_lazy("Durée"),
    "max_persons": gettext_lazy("Personnes par RDV, au plus"),
    "pause_minutes": gettext_lazy("Pause après le RDV"),
    "color": gettext_lazy("Couleur dans l’agenda"),
    "for_secretariat": gettext_lazy("Ouvert au secrétariat"),
    "is_follow_up": gettext_lazy("RDV de suivi"),
    "category_id": gettext_lazy("Catégorie"),
    "booking_level": gettext_lazy("Qui peut prendre ce RDV"),
    "min_delay_minutes": gettext_lazy("Réserver au plus tard"),
    "max_delay_minutes": gettext_lazy("Réserver au plus tôt"),
    "is_cancellable_by_usager": gettext_lazy("L’usager peut annuler en ligne"),
    "is_movable_by_usager": gettext_lazy("L’usager peut déplacer en ligne"),
    "limits_household": gettext_lazy("Un seul RDV à venir par foyer"),
    "asks_needs": gettext_lazy("Demander les besoins d’accessibilité"),
    "has_waiting_list": gettext_lazy("Liste d’attente en ligne"),
    "sectorisation_level": gettext_lazy("Sectorisation"),
    "visibility": gettext_lazy("Ce que l’usager voit et reçoit"),
    "restriction": gettext_lazy("À lire avant de choisir un créneau"),
    "instructions": gettext_lazy("Instructions après la réservation"),
    "cancel_warning": gettext_lazy("Message avant l’annulation"),
}
_CHOICES = {
    "location_type": LocationType,
    "booking_level": BookingLevel,
    "sectorisation_level": SectorisationLevel,
    "visibility": Visibility,
}


@dataclass(frozen=True)
class Change:
    """One setting of one motif, in words; `column` names it."""

    column: str
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PlanLine:
    """`before` and `after` hold the columns that change; `refusals` stand in the way of all."""

    motif: Motif
    before: dict[str, Any]
    after: dict[str, Any]
    changes: tuple[Change, ...]
    refusals: tuple[str, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """`digest` tells the plan that was read from one made of other rows or other settings."""

    lines: tuple[PlanLine, ...]
    digest: str

    @property
    def changed(self) -> list[PlanLine]:
        return [line for line in self.lines if line.changes]

    @property
    def refused(self) -> list[PlanLine]:
        return [line for line in self.lines if line.refusals]

    @property
    def unchanged(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.changes and not line.refusals]

    @property
    def accepted(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.refusals]


def plan_of(motifs: Sequence[Motif], values: Mapping[str, Any], *, now: datetime) -> Plan:
    """Return what writing `values` (columns of LABELS) does to each motif, in their order.

    Five statements at most, whatever the number of motifs, which come with their organisation.
    """
    return _plan(motifs, {motif.pk: dict(values) for motif in motifs}, now=now)


def plan_of_undo(
    motifs: Sequence[Motif], before: Mapping[int, Mapping[str, Any]], *, now: datetime
) -> Plan:
    """Return what writing back `before`, by motif, does to each."""
    return _plan(motifs, {key: dict(values) for key, values in before.items()}, now=now)


def _plan(motifs: Sequence[Motif], values: Mapping[int, dict[str, Any]], *, now: datetime) -> Plan:
    facts = _Facts(motifs, values, now)
    lines = tuple(_line(motif, values[motif.pk], facts) for motif in motifs)
    seen = [(motif.pk, columns_of(motif), values[motif.pk]) for motif in motifs]
    text = json.dumps(sorted(seen, key=lambda each: each[0]), sort_keys=True)
    return Plan(lines, hashlib.sha256(text.encode()).hexdigest())


def columns_of(motif: Motif) -> dict[str, Any]:
    """Return the settings of LABELS as they are."""
    return {column: getattr(motif, column) for column in LABELS}


def _line(motif: Motif, values: Mapping[str, Any], facts: _Facts) -> PlanLine:
    current = {**columns_of(motif), "is_collective": motif.is_collective}
    wanted = {**current, **values}
    names = [column for column in LABELS if wanted[column] != current[column]]
    known = facts.of(motif, wanted)
    return PlanLine(
        motif=motif,
        before={column: current[column] for column in names},
        after={column: wanted[column] for column in names},
        changes=tuple(
            Change(
                column,
                str(LABELS[column]),
                words_of(column, current[column], facts.categories),
                words_of(column, wanted[column], facts.categories),
            )
            for column in names
        ),
        refusals=tuple(refusals_of(current, wanted, known)) if names else (),
        warnings=tuple(warnings_of(current, wanted, known)),
    )


class _Facts:
    """Reads at once what the rules need to know of all these motifs."""

    def __init__(
        self, motifs: Sequence[Motif], values: Mapping[int, Mapping[str, Any]], now: datetime
    ) -> None:
        keys = [motif.pk for motif in motifs]
        same = Motif.objects.filter(pk=OuterRef("pk"), rdvs__isnull=False)
        coming = Q(rdvs__starts_at__gt=now, rdvs__hidden_at=None, rdvs__cancelled_at=None)
        rows = Motif.objects.filter(pk__in=keys).annotate(
            is_used=Exists(same), coming=Count("rdvs", filter=coming)
        )
        self._rdvs = {pk: (used, n) for pk, used, n in rows.values_list("pk", "is_used", "coming")}
        wanted = {one["category_id"] for one in values.values() if one.get("category_id")}
        wanted |= {motif.category_id for motif in motifs if motif.category_id}
        self.categories = MotifCategory.objects.in_bulk(wanted)
        self._names = self._taken(motifs, values)
        self._receivers = self._attributed(motifs, values)

    @staticmethod
    def _taken(
        motifs: Sequence[Motif], values: Mapping[int, Mapping[str, Any]]
    ) -> Counter[tuple[int, int, str, str]]:
        """Count the active motifs of each name, as they would be; nothing unless types change."""
        if not any("location_type" in one for one in values.values()):
            return Counter()
        others = Motif.objects.active().filter(
            organisation__in={motif.organisation_id for motif in motifs}
        )
        rows = others.exclude(pk__in=[motif.pk for motif in motifs])
        names = Counter(rows.values_list("organisation", "service", "location_type", "name"))
        names.update(
            (
                motif.organisation_id,
                motif.service_id,
                values[motif.pk].get("location_type", motif.location_type),
                motif.name,
            )
            for motif in motifs
        )
        return names

    @staticmethod
    def _attributed(
        motifs: Sequence[Motif], values: Mapping[int, Mapping[str, Any]]
    ) -> set[tuple[int, str]]:
        """Return (organisation, level) that receive a sector; nothing unless levels change."""
        if not any("sectorisation_level" in one for one in values.values()):
            return set()
        rows = Attribution.objects.filter(
            organisation__in={motif.organisation_id for motif in motifs}
        )
        return {
            (
                organisation,
                SectorisationLevel.AGENT if agent else SectorisationLevel.ORGANISATION,
            )
            for organisation, agent in rows.values_list("organisation", "agent")
        }

    def of(self, motif: Motif, wanted: Mapping[str, Any]) -> MotifFacts:
        organisation = motif.organisation
        used, coming = self._rdvs.get(motif.pk, (False, 0))
        category = self.categories.get(wanted["category_id"])
        key = (motif.organisation_id, motif.service_id, wanted["location_type"], motif.name)
        return MotifFacts(
            has_rdv=used,
            coming_rdvs=coming,
            has_contact=bool(organisation.phone_number or organisation.email),
            name_is_taken=self._names[key] > 1,
            category_is_foreign=bool(wanted["category_id"])
            and (category is None or category.territoire_id != organisation.territoire_id),
            has_receiver=(motif.organisation_id, wanted["sectorisation_level"]) in self._receivers,
        )


def words_of(column: str, value: Any, categories: Mapping[int, MotifCategory]) -> str:
    """Return a value as people read it; `categories` are those known, by key."""
    if column == "category_id":
        category = categories.get(value)
        return category.name if category else _("Aucune")
    if column in _CHOICES:
        return str(_CHOICES[column](value).label)
    if isinstance(value, bool):
        return _("Oui") if value else _("Non")
    if column.endswith("_delay_minutes"):
        return delay_words(value)
    if column in {"duration_minutes", "pause_minutes"}:
        return _("%(count)s min") % {"count": value}
    return str(value) or _("Aucun texte")


def in_order(rows: QuerySet[Motif]) -> QuerySet[Motif]:
    """Return the motifs as the previews list them, with what a plan reads."""
    return rows.select_related("organisation__territoire", "service").order_by(
        "organisation__name", "service__name", "name", "pk"
    )
