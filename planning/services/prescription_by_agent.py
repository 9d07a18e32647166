"""An agent sends somebody to another organisation of the territoire (B04)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.models import Agent
from motifs.models import Availability, LocationType
from motifs.policies import motifs_prescribable
from motifs.queries.sectors import refuses
from motifs.queries.suspension import suspension_of, suspension_text
from notifications.messages.prescription import Prescribed, prescription_done
from notifications.messages.recipients import usagers_to_tell
from planning.models import Participation
from planning.rules.registration import refusal_to_return
from planning.services.booking_confirm import NoLongerOffered
from planning.services.participation_register import register
from planning.services.rdv_book import RdvNotBookable, book_rdv
from usagers.models import Rattachement
from usagers.services.usager_attach import attach_usager

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from agents.permissions import AgentActor
    from motifs.models import Motif
    from planning.models import Rdv
    from usagers.models import Usager


class NotOfTheirSector(NoLongerOffered):
    """Who receives there is not for the address of the person (G15)."""


@dataclass(frozen=True)
class Sending:
    """Whom an agent of `origin` sends, where and when; `workshop_id`, the session they join.

    `sector_ids` are those of the address of the person, for a motif that is sectorised.
    """

    origin: Organisation
    motif_id: int
    lieu_id: int | None
    starts_at: datetime
    usager_id: int
    workshop_id: int | None = None
    sector_ids: frozenset[int] = frozenset()


@transaction.atomic
def prescribe_elsewhere(*, sending: Sending, actor: AgentActor, now: datetime) -> Rdv:
    """Book in the other organisation, whose agents are told; the author gets a recap by e-mail.

    The person is known by both organisations afterwards. Raises NoLongerOffered, UsagerRefused,
    RdvNotBookable, SlotTaken, WorkshopFull, RetryLaterError: then nothing is written.
    """
    motif = _motif(sending, actor, now)
    usager = attach_usager(
        usager_id=sending.usager_id, organisation=sending.origin, actor=actor, now=now
    )
    _check_reach(motif, usager)
    place = _booked if sending.workshop_id is None else _registered
    rdv = place(sending, motif, usager, actor=actor, now=now)
    Rattachement.objects.bulk_create(
        [Rattachement(usager=usager.to_notify, organisation=rdv.organisation)],
        ignore_conflicts=True,
    )
    author = Agent.objects.select_related("account").get(pk=actor.agent_id)
    rows = rdv.participations.filter(usager=usager).select_related("usager__responsable")
    done = Prescribed(
        rdv,
        name=f"{usager.first_name} {usager.last_name}",
        email=author.email,
        first_name=author.first_name,
        is_told=bool(usagers_to_tell(rdv, rows)),
    )
    prescription_done(done, now=now)
    return rdv


def _booked(
    sending: Sending, motif: Motif, usager: Usager, *, actor: AgentActor, now: datetime
) -> Rdv:
    return book_rdv(
        motif_id=motif.pk,
        lieu_id=sending.lieu_id,
        starts_at=sending.starts_at,
        usager_ids=[usager.pk],
        actor=actor,
        now=now,
        motif=motif,
        prescribed_from=sending.origin,
        sector_ids=sending.sector_ids,
    )


def _registered(
    sending: Sending, motif: Motif, usager: Usager, *, actor: AgentActor, now: datetime
) -> Rdv:
    """Take a seat. Whether they had one, or were sent away, is the other organisation's."""
    assert sending.workshop_id is not None  # the caller looked
    mine = Participation.objects.filter(rdv=sending.workshop_id, usager=usager)
    former = mine.first()
    if former is not None and refusal_to_return(status=former.status):
        raise RdvNotBookable(_not_for_them())
    registration = register(
        rdv_id=sending.workshop_id,
        usager_ids=[usager.pk],
        actor=actor,
        now=now,
        prescribed_from=sending.origin,
    )
    if registration.rdv.motif_id != motif.pk or not registration.added:
        raise RdvNotBookable(_not_for_them())
    return registration.rdv


def _not_for_them() -> str:
    return _("Cette personne ne peut pas être inscrite à cette date. Contactez l’organisation.")


def not_of_their_sector() -> str:
    return _("Cette organisation ne reçoit pas pour l’adresse de la personne.")


def _motif(sending: Sending, actor: AgentActor, now: datetime) -> Motif:
    rows = motifs_prescribable(actor, sending.origin).select_related("organisation__territoire")
    motif = rows.filter(pk=sending.motif_id).first()
    is_workshop = sending.workshop_id is not None
    if (
        motif is None
        or motif.is_collective != is_workshop
        or (not is_workshop and motif.requires_lieu != (sending.lieu_id is not None))
    ):
        raise NoLongerOffered(_("Cette organisation ne propose plus ce rendez-vous."))
    suspension = suspension_of(motif, now=now)
    if suspension is not None:
        raise NoLongerOffered(suspension_text(suspension))
    if not is_workshop and sending.lieu_id is not None:
        lieux = motif.organisation.lieux.filter(availability=Availability.OPEN)
        if not lieux.filter(pk=sending.lieu_id).exists():
            raise NoLongerOffered(_("Ce lieu ne reçoit plus pour ce rendez-vous."))
    if refuses(motif, sending.sector_ids, workshop_id=sending.workshop_id):
        raise NotOfTheirSector(not_of_their_sector())
    found: Motif = motif
    return found


def _check_reach(motif: Motif, usager: Usager) -> None:
    if motif.location_type == LocationType.DOMICILE and not (
        usager.address or usager.to_notify.address
    ):
        raise RdvNotBookable(_("Écrivez l’adresse de la personne sur sa fiche : on y vient."))
    if motif.location_type == LocationType.TELEPHONE and not usager.to_notify.phone_number:
        raise RdvNotBookable(_("Écrivez le téléphone de la personne sur sa fiche : on l’appelle."))
