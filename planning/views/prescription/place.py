"""What the steps of « Élargir votre recherche » keep in the URL: where, when, and which fiche.

A fiche is named by its identifier, which says nothing of the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.queries.address_sectors import sectors_kept, sectors_named
from motifs.queries.sectors import NOWHERE, any_sectorised
from planning.queries.prescription_search import Site, site_for, workshop_site
from planning.views.agent_space import open_organisation
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from agents.models import Organisation
    from motifs.models import Motif
    from rdv.common.http import Request

INSTANT = "%Y-%m-%dT%H:%MZ"
NAMES = ("motif", "chez", "lieu", "date", "creneau", "atelier", "usager", "secteur")


@dataclass(frozen=True)
class Step:
    """Where an agent stands. Each part is None until it is chosen, and may be chosen by them.

    `sectors`: those of the address of the person, None until it is asked (docs/adr/0020).
    """

    organisation: Organisation
    params: dict[str, str]
    site: Site | None
    starts_at: datetime | None
    usager: Any
    sectors: frozenset[int] | None

    def url(self, step: str, **changes: str) -> str:
        known = {**self.params, **changes}
        query = urlencode({name: known[name] for name in NAMES if known.get(name)})
        address = reverse(f"planning:prescription_{step}", args=[self.organisation.uuid])
        return f"{address}?{query}" if query else address

    @property
    def search_url(self) -> str:
        return self.url("search", creneau="", atelier="")

    @property
    def offers_url(self) -> str:
        return self.url("search", motif="", chez="", lieu="", date="", creneau="", atelier="")

    @property
    def sites_url(self) -> str:
        return self.url("search", chez="", lieu="", date="", creneau="", atelier="")

    @property
    def usager_url(self) -> str:
        """Where somebody else is chosen, who may live elsewhere."""
        return self.url("usager", usager="", secteur="")

    @property
    def address_url(self) -> str:
        return self.url("address")

    @property
    def confirm_url(self) -> str:
        return self.url("confirm")

    @property
    def sector_ids(self) -> frozenset[int]:
        return NOWHERE if self.sectors is None else self.sectors

    @property
    def sector_names(self) -> str:
        names = [sector.name for sector in sectors_kept(self.sector_ids)]
        return ", ".join(names) or _("Aucun secteur à cette adresse")

    @cached_property
    def is_sectorised(self) -> bool:
        """Whether the place that is chosen receives by sector."""
        return self.site is not None and any_sectorised([self.site.motif])

    def asks_address(self, motifs: Sequence[Motif]) -> bool:
        """Tell whether who receives for `motifs` depends on an address that is not known yet."""
        return self.sectors is None and any_sectorised(motifs)


def load_step(request: Request, organisation_uuid: UUID) -> Step:
    """Read the URL; the clock is that of the territoire."""
    organisation = open_organisation(request, organisation_uuid, Permission.RDV_PRESCRIBE)
    params = {name: request.GET[name] for name in NAMES if request.GET.get(name)}
    site, starts_at = None, _instant(params.get("creneau", ""))
    if _is_uuid(params.get("atelier", "")):
        site = workshop_site(request.actor, organisation, params["atelier"], now=timezone.now())
        starts_at = site.starts_at if site else None
    elif _is_uuid(params.get("chez", "")):
        lieu = params.get("lieu", "")
        site = site_for(
            request.actor,
            organisation,
            params["chez"],
            lieu if _is_uuid(lieu) else "",
            now=timezone.now(),
        )
    usager = None
    if _is_uuid(params.get("usager", "")):
        rows = usagers_bookable(request.actor, organisation).select_related("responsable")
        usager = rows.filter(uuid=params["usager"]).first()
    word = params.get("secteur", "")
    sectors = sectors_named(organisation.territoire, word) if word else None
    return Step(organisation, params, site, starts_at, usager, sectors)


def instant_key(at: datetime) -> str:
    return at.astimezone(UTC).strftime(INSTANT)


def _instant(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, INSTANT).replace(tzinfo=UTC)
    except ValueError:
        return None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
