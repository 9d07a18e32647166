"""What the filter of the RDVs offers: organisations, agents, motifs and lieux one may see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef

from agents.models import RoleOrganisation
from agents.permissions import AgentActor, Permission, Reach
from agents.policies import agents_for, organisations_for
from motifs.models import Availability
from motifs.policies import lieux_for, motifs_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet

    from agents.models import Agent, Organisation
    from agents.permissions import Actor
    from motifs.models import Lieu, Motif


@dataclass(frozen=True)
class FilterChoices:
    """`chosen`: the organisations asked for, that of the page when none is."""

    organisations: QuerySet[Organisation]
    chosen: tuple[Organisation, ...]
    agents: QuerySet[Agent]
    motifs: QuerySet[Motif]
    lieux: QuerySet[Lieu]


def filter_choices(
    actor: Actor | None, organisation: Organisation, asked: Collection[str] = ()
) -> FilterChoices:
    """Return the choices; `asked` are uuids of organisations, unknown ones are passed over.

    Only organisations that live by the same clock can be read together: a day is one day. Archived
    motifs and closed lieux stay, since past RDVs bear them; one-off lieux serve one RDV each.
    """
    organisations = (
        organisations_for(actor, Permission.RDV_READ)
        .filter(territoire__timezone=organisation.territoire.timezone)
        .select_related("territoire")
        .order_by("name", "pk")
    )
    chosen = tuple(row for row in organisations if str(row.uuid) in asked) or (organisation,)
    here = RoleOrganisation.objects.filter(agent=OuterRef("pk"), organisation__in=chosen)
    return FilterChoices(
        organisations=organisations,
        chosen=chosen,
        agents=agents_for(actor, Permission.AGENDA_READ)
        .filter(Exists(here))
        .select_related("account"),
        motifs=motifs_for(actor, Permission.MOTIF_READ)
        .filter(organisation__in=chosen)
        .select_related("organisation")
        .order_by("name", "pk"),
        lieux=lieux_for(actor, Permission.LIEU_READ)
        .filter(organisation__in=chosen)
        .exclude(availability=Availability.SINGLE_USE)
        .select_related("organisation")
        .order_by("name", "pk"),
    )


def exportable(actor: Actor | None, organisations: Collection[Organisation]) -> set[int]:
    """Return the keys of those whose RDVs `actor` may export (decision 33), without any query."""
    if not isinstance(actor, AgentActor):
        return set()
    own = actor.organisations_with(Permission.EXPORT_CREATE, Reach.OWN)
    territoires = actor.territoires_with(Permission.EXPORT_CREATE)
    return {row.pk for row in organisations if row.pk in own or row.territoire_id in territoires}
