"""All that is held about one person, for them to have it, or to erase it (I03)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import Participation, RdvEvent, WaitingListEntry
from planning.rules.audit_words import action_words
from rdv.common.french import instant_text
from usagers.models import Usager

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

# What a fiche holds besides keys and what the machine reckons.
_HIDDEN = {"id", "territoire", "account", "responsable", "merged_into", "search_key"}


@dataclass(frozen=True)
class Section:
    """`rows`: one list of (label, value) a thing held."""

    title: str
    rows: list[list[tuple[str, str]]]


@dataclass(frozen=True)
class Erasure:
    """`people`: the person, then the proches who depend on them. `expected`: what forbids it."""

    people: tuple[Usager, ...]
    expected: tuple[str, ...]

    @property
    def proches(self) -> tuple[Usager, ...]:
        return self.people[1:]


def erasure_of(usager: Usager, *, now: datetime) -> Erasure:
    """Return who would be forgotten, and the RDVs to come of any of them; two statements."""
    proches = Usager.objects.living().filter(responsable=usager).order_by("first_name", "pk")
    people = (usager, *proches)
    waited = Participation.objects.active().filter(
        usager__in=people, rdv__hidden_at=None, rdv__ends_at__gt=now
    )
    zone = usager.territoire.zone
    rows = waited.select_related("rdv__organisation", "usager").order_by("rdv__starts_at", "pk")
    return Erasure(
        people=people,
        expected=tuple(
            f"{row.usager.full_name}, {instant_text(row.rdv.starts_at.astimezone(zone))}, "
            f"{row.rdv.organisation.name}"
            for row in rows
        ),
    )


def messages_about(people: Sequence[Usager]) -> Q:
    """Return the messages that these people got, or that speak of their participations."""
    addresses = {person.email for person in people if person.email}
    addresses |= {str(person.phone_number) for person in people if person.phone_number}
    own = Q(participation__usager__in=people)
    sent = Q(recipient__in=addresses, organisation__territoire=people[0].territoire_id)
    return own | sent


def data_of(usager: Usager) -> list[Section]:
    """Return everything, ready to print; eight statements.

    What is shared stays out: the names of other participants, a context where others come.
    """
    return [
        Section(_("Fiche"), [_fiche(usager)]),
        Section(_("Proches"), [[(_("Nom"), row.full_name)] for row in usager.proches.living()]),
        Section(_("Organisations"), _places(usager)),
        Section(_("Référents"), _referents(usager)),
        Section(_("Rendez-vous"), _rdvs(usager)),
        Section(_("Ce que vous avez fait"), _acts(usager)),
        Section(_("Messages"), _messages(usager)),
        Section(_("Liste d’attente"), _waiting(usager)),
        Section(_("Consultations et changements de la fiche"), _looks(usager)),
    ]


def as_json(sections: Sequence[Section]) -> dict[str, Any]:
    return {section.title: [dict(row) for row in section.rows] for section in sections}


def _fiche(usager: Usager) -> list[tuple[str, str]]:
    found = []
    for field in usager._meta.concrete_fields:
        if field.name in _HIDDEN:
            continue
        shown = getattr(usager, f"get_{field.name}_display", None)
        value = shown() if shown else getattr(usager, field.name)
        if isinstance(value, bool):
            value = _("oui") if value else _("non")
        elif hasattr(value, "tzinfo"):
            value = _when(value, usager)
        if value not in (None, ""):
            found.append((str(field.verbose_name), str(value)))
    if usager.account:
        found.append((_("compte"), usager.account.email))
    if usager.responsable:
        found.append((_("responsable"), usager.responsable.full_name))
    return found


def _when(value: datetime | None, usager: Usager) -> str:
    return instant_text(value.astimezone(usager.territoire.zone)) if value else ""


def _places(usager: Usager) -> list[list[tuple[str, str]]]:
    return [
        [
            (_("Organisation"), row.organisation.name),
            (_("Depuis"), _when(row.created_at, usager)),
            (_("Notes"), row.notes),
        ]
        for row in usager.rattachements.select_related("organisation").order_by("pk")
    ]


def _referents(usager: Usager) -> list[list[tuple[str, str]]]:
    rows = usager.referents.select_related("agent__account").order_by("pk")
    return [[(_("Agent"), row.agent.full_name)] for row in rows]


def _rdvs(usager: Usager) -> list[list[tuple[str, str]]]:
    rows = Participation.objects.filter(usager=usager).select_related(
        "rdv__organisation", "rdv__motif", "rdv__lieu", "prescripteur"
    )
    rows = rows.prefetch_related("rdv__participations", "rdv__agents__account")
    found = []
    for row in rows.order_by("rdv__starts_at", "pk"):
        rdv = row.rdv
        alone = len(rdv.participations.all()) == 1
        found.append(
            [
                (_("Date"), _when(rdv.starts_at, usager)),
                (_("Organisation"), rdv.organisation.name),
                (_("Motif"), rdv.motif.name),
                (_("Lieu"), rdv.lieu.name if rdv.lieu else ""),
                (_("Agents"), ", ".join(agent.full_name for agent in rdv.agents.all())),
                (_("Statut"), row.get_status_display()),
                (_("Besoins"), row.needs_text),
                (_("Contexte"), rdv.context if alone else ""),
                (_("Prescripteur"), str(row.prescripteur or "")),
            ]
        )
    return found


def _acts(usager: Usager) -> list[list[tuple[str, str]]]:
    rows = RdvEvent.objects.filter(author_usager=usager).order_by("at", "pk")
    return [
        [(_("Date"), _when(row.at, usager)), (_("Action"), row.get_action_display())]
        for row in rows
    ]


def _messages(usager: Usager) -> list[list[tuple[str, str]]]:
    addresses = [text for text in (usager.email, str(usager.phone_number or "")) if text]
    rows = OutboxMessage.objects.filter(messages_about([usager]), recipient__in=addresses)
    return [
        [
            (_("Date"), _when(row.created_at, usager)),
            (_("Canal"), row.get_channel_display()),
            (_("Destinataire"), row.recipient),
            (_("Objet"), row.subject),
            (_("Texte"), row.body),
        ]
        for row in rows.distinct()
    ]


def _waiting(usager: Usager) -> list[list[tuple[str, str]]]:
    rows = WaitingListEntry.objects.filter(participation__usager=usager).select_related("motif")
    return [
        [(_("Inscription"), _when(row.created_at, usager)), (_("Motif"), row.motif.name)]
        for row in rows.order_by("pk")
    ]


def _looks(usager: Usager) -> list[list[tuple[str, str]]]:
    rows = AuditEntry.objects.filter(object_kind="usager", object_uuid=usager.uuid)
    return [
        [
            (_("Date"), _when(row.at, usager)),
            (_("Action"), action_words(row.action)),
            (_("Organisation"), row.organisation.name if row.organisation else ""),
        ]
        for row in rows.select_related("organisation").order_by("at", "pk")
    ]
