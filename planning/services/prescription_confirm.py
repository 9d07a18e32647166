"""A partner books for a beneficiary, without account (B01, decision 22)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agents.permissions import PrescripteurActor
from motifs.models import LocationType
from motifs.queries.motif_for_public import PRESCRIBED
from notifications.messages.prescription import Prescribed, prescription_done
from planning.models import Participation
from planning.rules.registration import refusal_to_return
from planning.services.booking_confirm import keep_needs, open_motif
from planning.services.participation_register import register
from planning.services.rdv_book import AlreadyBooked, RdvNotBookable, book_rdv
from rdv.common.errors import DomainError, RetryLaterError
from rdv.common.phones import is_mobile
from rdv.common.rate_limits import Limit, count
from usagers.models import Prescripteur
from usagers.services.beneficiary import Beneficiary, beneficiary_fiche

if TYPE_CHECKING:
    from datetime import datetime

    from motifs.models import Motif
    from planning.models import Rdv
    from usagers.models import Usager
    from usagers.services.booking_draft_save import Choice

HOUR, DAY = 3600, 86400
PER_EMAIL_AN_HOUR = Limit("prescription-email-hour", times=10, seconds=HOUR)
PER_EMAIL_A_DAY = Limit("prescription-email-day", times=30, seconds=DAY)
PER_IP = Limit("prescription-ip", times=60, seconds=HOUR)


class NotForThem(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Not this RDV, online, for that person; why is not the partner's to know."""


@dataclass(frozen=True)
class Partner:
    """Who sends somebody, as they sign; `email` is proven (contact_code)."""

    first_name: str
    last_name: str
    email: str
    phone_number: str = ""


@dataclass(frozen=True)
class Needs:
    """The answer to the question of the motif (A13)."""

    kinds: tuple[str, ...] = ()
    details: str = ""


@dataclass(frozen=True)
class Prescription:
    """What a partner, who reads `language`, confirms. What `visitor` holds is theirs.

    The hold is that of decision 19.
    """

    choice: Choice
    partner: Partner
    beneficiary: Beneficiary
    visitor: str
    needs: Needs = Needs()
    language: str = "fr"


def prescribe(*, prescription: Prescription, ip: str, now: datetime) -> Rdv:
    """Book for the beneficiary, and tell everyone, the partner included.

    Raises SlotTaken, RetryLaterError, NoLongerOffered, NotForThem, the refusals of a workshop, and
    TooManyAttempts: then nothing is written.
    """
    address = prescription.partner.email.lower()
    count(PER_IP, ip)
    count(PER_EMAIL_AN_HOUR, address)
    count(PER_EMAIL_A_DAY, address)
    try:
        with transaction.atomic():
            return _prescribe(prescription, now)
    except AlreadyBooked as already:
        raise NotForThem(_not_for_them()) from already


def _prescribe(wanted: Prescription, now: datetime) -> Rdv:
    motif, beneficiary = open_motif(wanted.choice, PRESCRIBED, now=now), wanted.beneficiary
    _check_reach(motif, beneficiary)
    try:
        with transaction.atomic():
            usager = beneficiary_fiche(beneficiary, motif.organisation)
    except IntegrityError as error:
        # Somebody else created the fiche of that address meanwhile: the next try finds it.
        raise RetryLaterError(_("Réessayez dans un instant.")) from error
    row = Prescripteur.objects.create(**vars(wanted.partner))
    actor = PrescripteurActor(prescripteur_id=row.pk, name=str(row))
    if wanted.choice.workshop_id is None:
        rdv = _booked(wanted, motif, usager, actor, now)
    else:
        rdv = _registered(wanted.choice.workshop_id, motif, usager, actor, now)
    keep_needs(rdv, motif, usager, wanted.needs.kinds, wanted.needs.details)
    # As typed, all of it: what the fiche says of the person is not the partner's to read.
    reach = beneficiary.email or is_mobile(beneficiary.phone_number)
    done = Prescribed(
        rdv,
        name=f"{beneficiary.first_name} {beneficiary.last_name}",
        email=row.email,
        first_name=row.first_name,
        is_told=bool(reach) and motif.notifies_usagers,
        language=wanted.language,
    )
    prescription_done(done, now=now)
    return rdv


def _check_reach(motif: Motif, beneficiary: Beneficiary) -> None:
    if motif.location_type == LocationType.DOMICILE and not beneficiary.address:
        raise RdvNotBookable(_("Écrivez l’adresse où le service doit venir."))
    if motif.location_type == LocationType.TELEPHONE and not beneficiary.phone_number:
        raise RdvNotBookable(_("Écrivez le numéro à appeler."))


def _booked(
    wanted: Prescription, motif: Motif, usager: Usager, actor: PrescripteurActor, now: datetime
) -> Rdv:
    return book_rdv(
        motif_id=motif.pk,
        lieu_id=wanted.choice.lieu_id,
        starts_at=wanted.choice.starts_at,
        usager_ids=[usager.pk],
        actor=actor,
        now=now,
        chosen_at=wanted.choice.chosen_at,
        motif=motif,
        visitor=wanted.visitor,
        sector_ids=frozenset(wanted.choice.sector_ids),
    )


def _registered(
    workshop_id: int, motif: Motif, usager: Usager, actor: PrescripteurActor, now: datetime
) -> Rdv:
    """Take a seat; whether they had one, or may not come back, is not said."""
    former = Participation.objects.filter(rdv=workshop_id, usager=usager).first()
    if former is not None and refusal_to_return(status=former.status):
        raise NotForThem(_not_for_them())
    registration = register(rdv_id=workshop_id, usager_ids=[usager.pk], actor=actor, now=now)
    if registration.rdv.motif_id != motif.pk or not registration.added:
        raise NotForThem(_not_for_them())
    return registration.rdv


def _not_for_them() -> str:
    return _(
        "Ce rendez-vous ne peut pas être pris en ligne pour cette personne. Contactez le service."
    )
