"""Which ready motifs an organisation may take, and what stands in the way (G16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from agents.models import Service
from motifs.queries.motif_list import services_for_motif
from motifs.rules.packs import pack_of

if TYPE_CHECKING:
    from agents.models import Organisation
    from motifs.rules.packs import PackMotif


@dataclass(frozen=True)
class PackLine:
    """`is_there`: the organisation has this motif. `is_missing`: its service is not active."""

    motif: PackMotif
    service: Service
    is_there: bool
    is_missing: bool

    @property
    def may_be_taken(self) -> bool:
        return not (self.is_there or self.is_missing)


def pack_lines(organisation: Organisation, kind: str) -> list[PackLine]:
    """Return the pack of a kind, line by line; three statements."""
    pack = pack_of(kind)
    if not pack:
        return []
    services = {row.code: row for row in Service.objects.all()}
    active = {row.code for row in services_for_motif(organisation)}
    here = set(organisation.motifs.active().values_list("service__code", "location_type", "name"))
    return [
        PackLine(
            motif=motif,
            service=services[motif.service],
            is_there=(motif.service, motif.location, motif.name) in here,
            is_missing=motif.service not in active,
        )
        for motif in pack
    ]
