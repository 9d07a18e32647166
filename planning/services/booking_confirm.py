"""The last step of a booking by a citizen: a person, a créneau, one transaction (A05, A06, A12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import UsagerActor
from motifs.models import Availability, LocationType
from motifs.queries.motif_for_public import ONLINE, motif_open_online
from motifs.queries.sectors import refuses
from motifs.queries.suspension import suspension_of, suspension_text
from planning.models import Participation
from planning.services.participation_register import register
from planning.services.rdv_book import AlreadyBooked, RdvNotBookable, book_rdv
from planning.services.slot_hold import release_hold
from rdv.common.errors import DomainError
from usagers.services.booking_draft_save import (
    Choice,
    Company,
    Identity,
    company_of,
    open_draft,
)
from usagers.services.proche_edit import save_proche
from usagers.services.usager_login import login_by_address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from motifs.models import Motif
    from motifs.queries.motif_for_public import Levels
    from planning.models import Rdv
    from usagers.models import Usager


ALONE = Company()


class NoLongerOffered(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The motif or its place was closed to the public since it was chosen."""


@dataclass(frozen=True)
class Confirmed:
    """`is_new` is False when the person already had that RDV to come (A12): none was added."""

    rdv: Rdv
    usager: Usager
    is_new: bool = True


@transaction.atomic
def confirm_draft(*, draft_id: int, now: datetime) -> Confirmed:
    """Book what the draft remembers, for the person whose address its link has just proven.

    The link is used up once a RDV exists. Raises DraftClosed when it already was, SlotTaken,
    RetryLaterError, NoLongerOffered, FicheNotReachable and the refusals of a workshop: then
    nothing is written.
    """
    draft = open_draft(draft_id)
    choice = Choice(
        draft.motif_id,
        draft.lieu_id,
        draft.starts_at,
        draft.chosen_at,
        draft.persons,
        draft.workshop_id,
        tuple(draft.sector_ids),
    )
    identity = Identity(
        draft.first_name, draft.last_name, draft.email, str(draft.phone_number or "")
    )
    confirmed = confirm_choice(
        choice=choice,
        identity=identity,
        company=company_of(draft),
        visitor=str(draft.uuid),
        language=draft.language,
        is_proof=True,
        now=now,
    )
    draft.rdv, draft.link_used_at = confirmed.rdv, now
    draft.save(update_fields=["rdv", "link_used_at"])
    return confirmed


@transaction.atomic
def confirm_choice(
    *,
    choice: Choice,
    identity: Identity,
    now: datetime,
    company: Company = ALONE,
    visitor: str = "",
    language: str = "",
    is_proof: bool = False,
    replaces_phone: bool = False,
    is_follow_up: bool = False,
) -> Confirmed:
    """Book a créneau for a person whose address is proven: by a link, or by their session.

    The duration is the motif's, for the persons of the choice, whatever was asked. What `visitor`
    holds is theirs (decision 19). `is_proof`, `replaces_phone`: as `login_by_address`.
    `is_follow_up`: of the motifs de suivi. Raises as `confirm_draft`, but DraftClosed.
    """
    motif = open_motif(choice, now=now, is_follow_up=is_follow_up)
    usager = login_by_address(
        identity=identity,
        organisation=motif.organisation,
        now=now,
        language=language,
        address=company.address,
        is_proof=is_proof,
        replaces_phone=replaces_phone,
    )
    people = _who_comes(motif, company, usager, choice, now)
    try:
        if choice.workshop_id is not None:
            confirmed = _registered(choice.workshop_id, motif, people, usager, now)
        else:
            booked = _booked(choice, motif, people, usager=usager, visitor=visitor, now=now)
            confirmed = Confirmed(booked, usager)
    except AlreadyBooked as already:
        release_hold(visitor=visitor)  # nothing is left to finish
        return Confirmed(already.rdv, usager, is_new=False)
    keep_needs(confirmed.rdv, motif, people[0], company.needs, company.needs_details)
    return confirmed


def _check_reachable(motif: Motif, usager: Usager) -> None:
    """Refuse a call without number and a visit without address."""
    if motif.location_type == LocationType.DOMICILE and not usager.address:
        raise RdvNotBookable(_("Écrivez l’adresse où le service doit venir."))
    if motif.location_type == LocationType.TELEPHONE and not usager.phone_number:
        raise RdvNotBookable(_("Écrivez le numéro à appeler."))


def _who_comes(
    motif: Motif, company: Company, usager: Usager, choice: Choice, now: datetime
) -> list[Usager]:
    _check_reachable(motif, usager)
    people = people_of(company, usager, now=now)
    if len(people) != choice.persons:
        raise RdvNotBookable(_("Dites qui vient : autant de personnes que vous l’avez indiqué."))
    return people


def people_of(company: Company, usager: Usager, *, now: datetime) -> list[Usager]:
    """Return the fiches of who comes, the person who books first; others become relatives (A07).

    A fiche of another family is left out: the count then says that somebody is missing.
    """
    people = [usager] if company.is_for_self else []
    if company.proche_ids:
        family = usager.proches.living().order_by("pk")
        people += family.filter(pk__in=company.proche_ids)
    actor = _family(usager, [])
    for fields in company.others:
        proche = save_proche(responsable=usager, fields=fields, actor=actor, now=now)
        if proche not in people:
            people.append(proche)
    return people


def _booked(
    choice: Choice,
    motif: Motif,
    people: list[Usager],
    *,
    usager: Usager,
    visitor: str,
    now: datetime,
) -> Rdv:
    return book_rdv(
        motif_id=motif.pk,
        lieu_id=choice.lieu_id,
        starts_at=choice.starts_at,
        usager_ids=[person.pk for person in people],
        actor=_family(usager, people),
        now=now,
        chosen_at=choice.chosen_at,
        persons=choice.persons,
        motif=motif,
        visitor=visitor,
        sector_ids=frozenset(choice.sector_ids),
    )


def _registered(
    workshop_id: int, motif: Motif, people: list[Usager], usager: Usager, now: datetime
) -> Confirmed:
    """Take a seat of a session; who has one already keeps it (A12)."""
    registration = register(
        rdv_id=workshop_id,
        usager_ids=[people[0].pk],
        actor=_family(usager, people),
        now=now,
    )
    if registration.rdv.motif_id != motif.pk:
        raise NoLongerOffered(_("Ce rendez-vous ne se prend plus en ligne."))
    return Confirmed(registration.rdv, usager, is_new=bool(registration.added))


def keep_needs(rdv: Rdv, motif: Motif, person: Usager, needs: Sequence[str], details: str) -> None:
    """Write what was answered to the question of the motif, beside the person (A13)."""
    if not motif.asks_needs or not (needs or details):
        return
    rows = Participation.objects.filter(rdv=rdv, usager=person)
    rows.update(needs=list(needs), needs_details=details[:100])


def _family(usager: Usager, people: list[Usager]) -> UsagerActor:
    """Return who may book for these fiches only: other territoires need not be read."""
    assert usager.account_id is not None  # login_by_address links or creates it
    return UsagerActor(
        account_id=usager.account_id,
        usager_ids=frozenset({usager.pk}),
        proche_ids=frozenset(person.pk for person in people) - {usager.pk},
        name=usager.full_name,
    )


def open_motif(
    choice: Choice, levels: Levels = ONLINE, *, now: datetime, is_follow_up: bool = False
) -> Motif:
    """Return the motif of a choice, still open to that public. Raises NoLongerOffered.

    Suspended since it was chosen (G11): the refusal says when it reopens.
    """
    is_workshop = choice.workshop_id is not None
    motif = motif_open_online(choice.motif_id, levels, is_follow_up=is_follow_up)
    if (
        motif is None
        or motif.is_collective != is_workshop
        or (not is_workshop and motif.requires_lieu != (choice.lieu_id is not None))
    ):
        raise NoLongerOffered(_("Ce rendez-vous ne se prend plus en ligne."))
    if refuses(motif, frozenset(choice.sector_ids), workshop_id=choice.workshop_id):
        raise NoLongerOffered(_("Ce rendez-vous n’est pas proposé à votre adresse."))
    suspension = suspension_of(motif, now=now)
    if suspension is not None:
        raise NoLongerOffered(suspension_text(suspension))
    if choice.lieu_id is not None and not is_workshop:
        lieux = motif.organisation.lieux.filter(availability=Availability.OPEN)
        if not lieux.filter(pk=choice.lieu_id).exists():
            raise NoLongerOffered(_("Ce lieu ne reçoit plus pour ce rendez-vous."))
    return motif
