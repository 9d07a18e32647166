"""Which motifs answer somebody's sectors: those of their address (G15, docs/adr/0019).

A motif is sectorised when it says so, is no motif de suivi, and its territoire has sectors. By
organisation: its organisation is attributed to one of the sectors. By agent: only the plages, or
the sessions, of the agents attributed there answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from agents.models import Attribution, Sector
from motifs.models import Motif, SectorisationLevel

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Sectors = frozenset[int]
NOWHERE: Sectors = frozenset()


def is_sectorised(motif: str = "") -> Q:
    """Return the condition on a Motif, or on rows that reach one by the path `motif`."""
    prefix = f"{motif}__" if motif else ""
    here = Sector.objects.filter(territoire=OuterRef(f"{prefix}organisation__territoire"))
    return Q(
        ~Q(**{f"{prefix}sectorisation_level": SectorisationLevel.DEPARTEMENT}),
        Exists(here),
        **{f"{prefix}is_follow_up": False},
    )


def has_attribution(sectors: Sectors) -> Q:
    """Return the condition: a plage-motif row answers the sectors, or needs none."""
    whole = Attribution.objects.filter(
        sector__in=sectors, organisation=OuterRef("motif__organisation")
    )
    theirs = whole.filter(agent=OuterRef("plage__agent"))
    return (
        ~is_sectorised("motif")
        | Q(
            Exists(whole.filter(agent=None)),
            motif__sectorisation_level=SectorisationLevel.ORGANISATION,
        )
        | Q(Exists(theirs), motif__sectorisation_level=SectorisationLevel.AGENT)
    )


def any_sectorised(motifs: Sequence[Motif]) -> bool:
    """Tell whether one of the motifs, of one territoire, asks for an address.

    No statement when none says so.
    """
    asking = [
        motif
        for motif in motifs
        if motif.sectorisation_level != SectorisationLevel.DEPARTEMENT and not motif.is_follow_up
    ]
    if not asking:
        return False
    return Sector.objects.filter(territoire=asking[0].organisation.territoire_id).exists()


def refuses(motif: Motif, sectors: Sectors, *, workshop_id: int | None = None) -> bool:
    """Tell whether the motif, or that session of it, is not for who lives in these sectors."""
    if not any_sectorised([motif]):
        return False
    if motif.pk not in motifs_in([motif.pk], sectors):
        return True
    if workshop_id is None or motif.sectorisation_level != SectorisationLevel.AGENT:
        return False
    here = Attribution.objects.filter(sector__in=sectors, organisation=motif.organisation_id)
    return not here.filter(agent__agent_rdvs__rdv=workshop_id).exists()


def motifs_in(motif_ids: Iterable[int], sectors: Sectors) -> set[int]:
    """Return those of the motifs that answer the sectors, sectorised or not; one statement.

    By agent: an attributed agent has a plage for it, or a session of it.
    """
    here = Attribution.objects.filter(sector__in=sectors, organisation=OuterRef("organisation"))
    theirs = Attribution.objects.filter(sector__in=sectors, agent__isnull=False)
    receives = Q(plages__agent__attributions__in=theirs) | Q(
        rdvs__agent_rdvs__agent__attributions__in=theirs
    )
    rows = Motif.objects.filter(pk__in=motif_ids).filter(
        ~is_sectorised()
        | Q(Exists(here.filter(agent=None)), sectorisation_level=SectorisationLevel.ORGANISATION)
        | Q(
            Exists(here.filter(agent__isnull=False)),
            receives,
            sectorisation_level=SectorisationLevel.AGENT,
        )
    )
    return set(rows.values_list("pk", flat=True))


def peers_of(motif: Motif, agents: frozenset[int]) -> frozenset[int] | None:
    """Return who may take over from `agents` a RDV that moves; None: anybody.

    For a motif sectorised by agent, those of a sector that they share; themselves in any case.
    """
    if motif.sectorisation_level != SectorisationLevel.AGENT:
        return None
    if not Motif.objects.filter(is_sectorised(), pk=motif.pk).exists():
        return None
    here = Attribution.objects.filter(organisation=motif.organisation_id)
    shared = here.filter(agent__in=agents).values("sector")
    found = here.filter(sector__in=shared, agent__isnull=False)
    return agents | frozenset(found.values_list("agent_id", flat=True))
