"""The last step of a booking by a citizen: a person, a créneau, one transaction (A05, A06, A12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from motifs.models import Availability
from motifs.queries.motif_for_public import offered_motif
from planning.models import Rdv
from planning.rules.status import ACTIVE
from planning.services.rdv_book import book_rdv
from rdv.common.errors import DomainError
from usagers.queries.actor import load_usager_actor
from usagers.services.booking_draft_save import Choice, Identity, open_draft
from usagers.services.usager_login import login_by_address

if TYPE_CHECKING:
    from datetime import datetime

    from motifs.models import Motif
    from usagers.models import Usager


class NoLongerOffered(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The motif or its place was closed to the public since it was chosen."""


class AlreadyBooked(DomainError):  # noqa: N818
    """One upcoming RDV per person and motif (A12); `rdv` is the one they have."""

    def __init__(self, message: str, *, rdv: Rdv, usager: Usager) -> None:
        super().__init__(message)
        self.rdv = rdv
        self.usager = usager


@dataclass(frozen=True)
class Confirmed:
    rdv: Rdv
    usager: Usager


@transaction.atomic
def confirm_draft(*, draft_id: int, now: datetime) -> Confirmed:
    """Book what the draft remembers, for the person whose address its link has just proven.

    The link is used up by success only. Raises DraftClosed when it already was, SlotTaken,
    RetryLaterError, NoLongerOffered, AlreadyBooked, FicheNotReachable: then nothing is written.
    """
    draft = open_draft(draft_id)
    choice = Choice(draft.motif_id, draft.lieu_id, draft.starts_at, draft.chosen_at)
    identity = Identity(
        draft.first_name, draft.last_name, draft.email, str(draft.phone_number or "")
    )
    confirmed = confirm_choice(choice=choice, identity=identity, now=now)
    draft.rdv, draft.link_used_at = confirmed.rdv, now
    draft.save(update_fields=["rdv", "link_used_at"])
    return confirmed


@transaction.atomic
def confirm_choice(*, choice: Choice, identity: Identity, now: datetime) -> Confirmed:
    """Book a créneau for a person whose address is proven: by a link, or by their session.

    The duration is the motif's, whatever was asked. Raises as `confirm_draft`, but DraftClosed.
    """
    motif = _offered(choice, now)
    usager = login_by_address(identity=identity, organisation=motif.organisation)
    _refuse_second(motif, usager, now)
    assert usager.account_id is not None  # login_by_address links or creates it
    rdv = book_rdv(
        motif_id=motif.pk,
        lieu_id=choice.lieu_id,
        starts_at=choice.starts_at,
        usager_ids=[usager.pk],
        actor=load_usager_actor(account_id=usager.account_id),
        now=now,
        chosen_at=choice.chosen_at,
    )
    return Confirmed(rdv, usager)


def _offered(choice: Choice, now: datetime) -> Motif:
    motif = offered_motif(choice.motif_id, now=now)
    if motif is None or motif.requires_lieu != (choice.lieu_id is not None):
        raise NoLongerOffered(_("Ce rendez-vous ne se prend plus en ligne."))
    if choice.lieu_id is not None:
        lieux = motif.organisation.lieux.filter(availability=Availability.OPEN)
        if not lieux.filter(pk=choice.lieu_id).exists():
            raise NoLongerOffered(_("Ce lieu ne reçoit plus pour ce rendez-vous."))
    return motif


def _refuse_second(motif: Motif, usager: Usager, now: datetime) -> None:
    """The account is locked: two bookings of one person come here one after the other."""
    upcoming = Rdv.objects.active().filter(
        motif=motif,
        starts_at__gt=now,
        participations__usager=usager,
        participations__status__in=ACTIVE,
    )
    rdv = upcoming.order_by("starts_at").first()
    if rdv is not None:
        raise AlreadyBooked(
            _("Vous avez déjà ce rendez-vous. Annulez-le d’abord pour en prendre un autre."),
            rdv=rdv,
            usager=usager,
        )
