"""What an organisation still needs before somebody can book online (G16)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from agents.models import Organisation
from agents.permissions import AgentActor, Permission, Reach
from motifs.models import Availability, BookingLevel, Lieu, LocationType, Motif
from planning.models import Participation, PlageOuverture

if TYPE_CHECKING:
    from uuid import UUID

    from agents.permissions import Actor


@dataclass(frozen=True)
class Step:
    label: str
    url: str
    is_done: bool


def start_up_steps(
    actor: Actor | None, organisation: Organisation, *, agent_uuid: UUID
) -> list[Step]:
    """Return the steps, for an admin and until the first RDV taken online; else nothing.

    One statement, none for those who do not see them or once they were put away. `agent_uuid`:
    of the admin, whose plages are a beginning.
    """
    if organisation.start_up_hidden_at is not None or not _runs(actor, organisation):
        return []
    has = _facts(organisation)
    if has["online_rdv"]:
        return []
    uuid = organisation.uuid
    lieu = bool(has["lieu"] or (has["motif"] and not has["motif_on_site"]))
    contact = bool(organisation.phone_number or organisation.email)
    return [
        Step(label, reverse(name, args=args), is_done)
        for label, name, args, is_done in (
            (_("Donner un téléphone ou un e-mail"), "agents:organisation_edit", [uuid], contact),
            (_("Créer un lieu"), "motifs:lieu_list", [uuid], lieu),
            (_("Choisir des motifs"), "motifs:motif_pack", [uuid], has["motif"]),
            (
                _("Ouvrir une plage dans un agenda"),
                "planning:plage_ouverture_list",
                [uuid, agent_uuid],
                has["plage"],
            ),
            (_("Ouvrir un motif en ligne"), "motifs:motif_list", [uuid], has["motif_online"]),
            (
                _("Partager le lien, et recevoir un premier RDV"),
                "motifs:booking_link",
                [uuid],
                has["online_rdv"],
            ),
        )
    ]


def _runs(actor: Actor | None, organisation: Organisation) -> bool:
    if not isinstance(actor, AgentActor):
        return False
    permission = Permission.ORGANISATION_EDIT
    return organisation.pk in actor.organisations_with(
        permission, Reach.ORGANISATION
    ) or organisation.territoire_id in actor.territoires_with(permission)


def _facts(organisation: Organisation) -> dict[str, bool]:
    own = {"organisation": OuterRef("pk")}
    motifs = Motif.objects.active().filter(**own)
    online = Participation.objects.filter(
        rdv__organisation=OuterRef("pk"), created_by_usager__isnull=False
    )
    found = (
        Organisation.objects.filter(pk=organisation.pk)
        .values(
            lieu=Exists(Lieu.objects.filter(availability=Availability.OPEN, **own)),
            motif=Exists(motifs),
            motif_on_site=Exists(motifs.filter(location_type=LocationType.SUR_PLACE)),
            motif_online=Exists(motifs.filter(booking_level=BookingLevel.USAGERS)),
            plage=Exists(PlageOuverture.objects.filter(**own)),
            online_rdv=Exists(online),
        )
        .get()
    )
    return {name: bool(value) for name, value in found.items()}
