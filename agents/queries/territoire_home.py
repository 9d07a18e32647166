"""What stands in a territoire, for the first page of « Espace admin »: its pages, with figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from agents.models import Organisation, Territoire
from agents.queries.equipe_list import agents_of_territoire
from agents.queries.territoire_menu import ENTRIES, may_in_territoire

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.permissions import Actor


@dataclass(frozen=True)
class TerritoireFacts:
    """`organisations`: in activity, with `motif_count`, `online_count`, by name."""

    organisations: list[Organisation]
    agent_count: int
    invited_count: int
    expired_count: int
    equipe_count: int
    sector_count: int
    service_count: int
    category_count: int

    def motifs(self) -> int:
        return sum(vars(row)["motif_count"] for row in self.organisations)

    def online_motifs(self) -> int:
        return sum(vars(row)["online_count"] for row in self.organisations)


@dataclass(frozen=True)
class Card:
    key: str
    label: str
    url: str
    detail: str


@dataclass
class Section:
    """`title` is "" for what comes before the first one."""

    title: str
    cards: list[Card]


def territoire_facts(territoire: Territoire, *, now: datetime) -> TerritoireFacts:
    """Count what is in use; three statements. Archived, closed or past rows do not count."""
    every = Territoire.objects.all()
    pending = Q(
        invitations__isnull=False, invitations__accepted_at=None, invitations__cancelled_at=None
    )
    over = pending & Q(invitations__expires_at__lte=now)
    row = every.filter(pk=territoire.pk).values(
        invited_count=_count(every, "invitations", pending),
        expired_count=_count(every, "invitations", over),
        equipe_count=_count(every, "equipes"),
        sector_count=_count(every, "sectors"),
        service_count=_count(every, "territoire_services"),
        category_count=_count(every, "motif_categories"),
    )
    return TerritoireFacts(
        organisations=list(_organisations(territoire)),
        agent_count=agents_of_territoire(territoire).count(),
        **row.get(),
    )


def _organisations(territoire: Territoire) -> QuerySet[Organisation]:
    motifs = Q(motifs__archived_at=None)
    every = Organisation.objects.all()
    return (
        Organisation.objects.filter(territoire=territoire, archived_at=None)
        .annotate(
            motif_count=_count(every, "motifs", motifs),
            online_count=_count(every, "motifs", motifs & Q(motifs__booking_level="usagers")),
        )
        .order_by("name", "pk")
    )


def _count(rows: QuerySet, relation: str, condition: Q | None = None) -> Subquery:
    """Apart from the other counts: joined together, they would multiply each other."""
    own = rows.filter(pk=OuterRef("pk")).order_by()
    return Subquery(own.annotate(n=Count(relation, filter=condition)).values("n"))


def territoire_sections(
    actor: Actor | None, territoire: Territoire, facts: TerritoireFacts
) -> list[Section]:
    """Return the pages that `actor` may open, as the menu has them, each with what stands there."""
    details = _details(territoire, facts)
    sections = [Section("", [])]
    for entry in ENTRIES:
        if entry.section:
            sections.append(Section(str(entry.section), []))
        if entry.key != "home" and may_in_territoire(actor, territoire, entry.permission):
            url = reverse(entry.url_name, args=[territoire.uuid])
            card = Card(entry.key, str(entry.label), url, details.get(entry.key, ""))
            sections[-1].cards.append(card)
    return [section for section in sections if section.cards]


# What a page is for, where no figure says it.
_PURPOSES = {
    "stats": _("RDV, absences, délais"),
    "sector_test": _("Qui reçoit une personne qui habite là"),
    "booking_link": _("Lien, bouton et QR code du territoire"),
    "data": _("Responsable de traitement, délégué"),
    "settings": _("Nom, contacts, fuseau horaire"),
    "legal": _("Mentions, conditions, accessibilité"),
    "audit": _("Qui a vu et changé quoi"),
}


def _details(territoire: Territoire, facts: TerritoireFacts) -> dict[str, str]:
    """Return a line for each page of the menu."""
    agents = _many(facts.agent_count, "%(n)s agent", "%(n)s agents")
    if facts.invited_count:
        agents += ", " + _many(facts.invited_count, "%(n)s invité", "%(n)s invités")
    motifs = _many(facts.motifs(), "%(n)s motif", "%(n)s motifs")
    online = _many(facts.online_motifs(), "%(n)s en ligne", "%(n)s en ligne")
    services, sites = facts.service_count, len(territoire.embedding_domains)
    purposes = {key: str(words) for key, words in _PURPOSES.items()}
    return purposes | {
        "organisations": _many(len(facts.organisations), "%(n)s en activité", "%(n)s en activité"),
        "agents": agents,
        "equipes": _many(facts.equipe_count, "%(n)s équipe", "%(n)s équipes"),
        "sectors": _many(facts.sector_count, "%(n)s secteur", "%(n)s secteurs"),
        "services": _many(services, "%(n)s service activé", "%(n)s services activés"),
        "motifs": f"{motifs}, {online}",
        "categories": _many(facts.category_count, "%(n)s catégorie", "%(n)s catégories"),
        "fiches": _many(len(territoire.usager_fields), "%(n)s champ", "%(n)s champs"),
        "sms": territoire.get_sms_gateway_display() or gettext("Fournisseur de la plateforme"),
        "embedding": _many(sites, "%(n)s site", "%(n)s sites"),
        "security": gettext("Double authentification exigée")
        if territoire.requires_two_factor
        else gettext("Double authentification au choix"),
    }


def _many(n: int, one: str, several: str) -> str:
    """None is singular in French."""
    return ngettext(one, several, max(n, 1)) % {"n": n}
