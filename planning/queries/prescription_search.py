"""What an agent may book for somebody in the other organisations of the territoire (B04)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import Exists, Q
from django.utils.translation import gettext as _

from motifs.models import Availability, Lieu, LocationType
from motifs.policies import motifs_prescribable
from motifs.queries.motif_for_public import has_plage, lieux_of_motifs, sessions_to_come
from motifs.queries.sectors import NOWHERE, any_sectorised, motifs_in
from motifs.queries.suspension import suspension_of
from motifs.rules.public_key import public_key
from planning.queries.public_slots import next_times
from planning.queries.public_workshops import public_workshop, public_workshops

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.models import Organisation, Service
    from agents.permissions import Actor
    from motifs.models import Motif
    from motifs.queries.sectors import Sectors
    from motifs.rules.suspension import Suspension
    from planning.queries.public_workshops import PublicWorkshop


@dataclass(frozen=True)
class Offer:
    """What is chosen first: the motifs of several organisations with one name."""

    key: str
    motifs: tuple[Motif, ...]

    @property
    def name(self) -> str:
        return self.motifs[0].name

    @property
    def service(self) -> Service:
        return self.motifs[0].service

    @property
    def is_collective(self) -> bool:
        return self.motifs[0].is_collective

    @property
    def how(self) -> str:
        if self.is_collective:
            return _("En groupe")
        return str(LocationType(self.motifs[0].location_type).label)


@dataclass(frozen=True)
class Site:
    """Where: a motif of one organisation, and its lieu when people come on site.

    `workshop` is the session of a collective motif; its lieu and its date are then its own.
    `suspension`: why nothing is offered there now (G11).
    """

    motif: Motif
    lieu: Lieu | None = None
    starts_at: datetime | None = None
    workshop: PublicWorkshop | None = None
    suspension: Suspension | None = None

    @property
    def duration_minutes(self) -> int:
        return self.workshop.rdv.duration_minutes if self.workshop else self.motif.duration_minutes

    @property
    def organisation(self) -> Organisation:
        organisation: Organisation = self.motif.organisation
        return organisation

    @property
    def query(self) -> str:
        """The part of the URL that chooses it."""
        known = {"chez": str(self.motif.uuid), "lieu": str(self.lieu.uuid) if self.lieu else ""}
        return urlencode({name: value for name, value in known.items() if value})


def offers_for(actor: Actor | None, organisation: Organisation, *, today: date) -> list[Offer]:
    """Return what may be booked elsewhere, by service and name; one statement."""
    rows = (
        motifs_prescribable(actor, organisation)
        .filter(has_plage(today) | Q(Exists(sessions_to_come(today)), is_collective=True))
        .select_related("service", "organisation__territoire")
        .order_by("service__name", "name", "organisation__name", "pk")
    )
    grouped: dict[str, list[Motif]] = {}
    for motif in rows:
        kind = "collectif" if motif.is_collective else motif.location_type
        key = f"{motif.service.code}-{public_key(motif.name, kind)}"
        grouped.setdefault(key, []).append(motif)
    return [Offer(key, tuple(motifs)) for key, motifs in grouped.items()]


def sites_of(
    offer: Offer, *, now: datetime, today: date, sector_ids: Sectors = NOWHERE
) -> list[Site]:
    """Return the lieux, or the organisations, with their next availability; the soonest first.

    A motif that is sectorised is where it answers `sector_ids`.
    """
    motifs = _answering(offer, sector_ids)
    sites = [Site(motif) for motif in motifs if not motif.requires_lieu]
    on_site = [motif for motif in motifs if motif.requires_lieu]
    if on_site:
        pairs = lieux_of_motifs(on_site, today=today)
        sites += [Site(motif, lieu) for motif, lieu in pairs]
    times = next_times([(site.motif, site.lieu) for site in sites], now=now, sector_ids=sector_ids)
    found = [
        replace(
            site,
            starts_at=times.get((site.motif.pk, site.lieu.pk if site.lieu else None)),
            suspension=suspension_of(site.motif, now=now),
        )
        for site in sites
    ]
    return sorted(found, key=lambda site: (site.starts_at is None, site.starts_at or now))


def site_for(
    actor: Actor | None,
    organisation: Organisation,
    motif_uuid: str,
    lieu_uuid: str,
    *,
    now: datetime,
) -> Site | None:
    """Return the place that a URL names, if `actor` may book there."""
    rows = motifs_prescribable(actor, organisation).select_related(
        "service", "organisation__territoire"
    )
    motif = rows.filter(uuid=motif_uuid, is_collective=False).first()
    if motif is None:
        return None
    suspension = suspension_of(motif, now=now)
    if not motif.requires_lieu:
        return Site(motif, suspension=suspension)
    lieux = motif.organisation.lieux.filter(availability=Availability.OPEN)
    lieu = lieux.filter(uuid=lieu_uuid).first() if lieu_uuid else None
    return Site(motif, lieu, suspension=suspension) if lieu else None


def suspended_of(offer: Offer, *, now: datetime, sector_ids: Sectors = NOWHERE) -> list[Site]:
    """Return the organisations of a collective offer whose sessions nobody joins now (G11)."""
    motifs = _answering(offer, sector_ids)
    sites = [Site(motif, suspension=suspension_of(motif, now=now)) for motif in motifs]
    return [site for site in sites if site.suspension]


def sessions_of(
    offer: Offer, *, now: datetime, sector_ids: Sectors = NOWHERE
) -> list[PublicWorkshop]:
    """Return the sessions of a collective offer that may be joined, full ones too, by date."""
    motifs = _answering(offer, sector_ids)
    sectors = sector_ids if any_sectorised(motifs) else None
    return public_workshops(motifs, now=now, sectors=sectors)


def _answering(offer: Offer, sector_ids: Sectors) -> list[Motif]:
    motifs = list(offer.motifs)
    if not any_sectorised(motifs):
        return motifs
    kept = motifs_in((motif.pk for motif in motifs), sector_ids)
    return [motif for motif in motifs if motif.pk in kept]


def workshop_site(
    actor: Actor | None, organisation: Organisation, rdv_uuid: str, *, now: datetime
) -> Site | None:
    """Return the session that a URL names, full or not, if `actor` may send somebody there."""
    motifs = motifs_prescribable(actor, organisation).select_related(
        "service", "organisation__territoire"
    )
    found = public_workshop(rdv_uuid, list(motifs.filter(is_collective=True)), now=now)
    if found is None:
        return None
    return Site(found.rdv.motif, found.rdv.lieu, found.rdv.starts_at, found)


def may_prescribe(actor: Actor | None, organisation: Organisation) -> bool:
    """Whether there is anything to book elsewhere; one statement or two."""
    return bool(motifs_prescribable(actor, organisation).exists())
