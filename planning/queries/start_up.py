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
    """`hint`: what to do on the page, when it does not say so itself."""

    label: str
    url: str
    is_done: bool
    hint: str = ""


def start_up_steps(
    actor: Actor | None, organisation: Organisation, *, agent_uuid: UUID
) -> list[Step]:
    """Return the steps, for an admin and until the first RDV taken online; else nothing.

    One statement, none for those who do not see them or once they were put away. `agent_uuid`:
    of the admin, whose plages are a beginning. A step that is left leads straight to its form.
    """
    if organisation.start_up_hidden_at is not None or not _runs(actor, organisation):
        return []
    has = _facts(organisation)
    if has["online_rdv"]:
        return []
    here = [organisation.uuid]
    return [
        _contact(organisation),
        _lieu(has, here),
        Step(_("Choisir des motifs"), reverse("motifs:motif_pack", args=here), has["motif"]),
        _plage(has, [organisation.uuid, agent_uuid]),
        Step(
            _("Ouvrir un motif en ligne"),
            reverse("motifs:motif_list", args=here),
            has["motif_online"],
            _(
                "Modifiez un motif : à « Qui peut prendre ce RDV ? », choisissez « Agents, "
                "prescripteurs et usagers »."
            ),
        ),
        Step(
            _("Partager le lien, et recevoir un premier RDV"),
            reverse("motifs:booking_link", args=here),
            has["online_rdv"],
        ),
    ]


def _contact(organisation: Organisation) -> Step:
    is_done = bool(organisation.phone_number or organisation.email)
    url = reverse("agents:organisation_edit", args=[organisation.uuid])
    return Step(_("Donner un téléphone ou un e-mail"), url, is_done)


def _lieu(has: dict[str, bool], here: list[UUID]) -> Step:
    is_done = has["lieu"] or (has["motif"] and not has["motif_on_site"])
    page = "motifs:lieu_list" if is_done else "motifs:lieu_create"
    return Step(_("Créer un lieu"), reverse(page, args=here), is_done)


def _plage(has: dict[str, bool], args: list[UUID]) -> Step:
    # Without a motif there is nothing to open: the list says so.
    is_open = has["plage"] or not has["motif"]
    page = "planning:plage_ouverture_list" if is_open else "planning:plage_ouverture_create"
    return Step(_("Ouvrir une plage dans un agenda"), reverse(page, args=args), has["plage"])


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
            motif_online=Exists(
                motifs.filter(booking_level=BookingLevel.USAGERS, is_follow_up=False)
            ),
            plage=Exists(PlageOuverture.objects.filter(**own)),
            online_rdv=Exists(online),
        )
        .get()
    )
    return {name: bool(value) for name, value in found.items()}
