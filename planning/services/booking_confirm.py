"""The last step of a booking by a citizen: a person, a créneau, one transaction (A05, A06, A12)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import UsagerActor
from motifs.models import Availability
from motifs.queries.motif_for_public import motif_open_online
from planning.services.rdv_book import AlreadyBooked, book_rdv
from rdv.common.errors import DomainError
from usagers.services.booking_draft_save import Choice, Identity, open_draft
from usagers.services.usager_login import login_by_address

if TYPE_CHECKING:
    from datetime import datetime

    from motifs.models import Motif
    from planning.models import Rdv
    from usagers.models import Usager


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
    RetryLaterError, NoLongerOffered, FicheNotReachable: then nothing is written.
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
    motif = _open(choice)
    usager = login_by_address(identity=identity, organisation=motif.organisation)
    try:
        rdv = book_rdv(
            motif_id=motif.pk,
            lieu_id=choice.lieu_id,
            starts_at=choice.starts_at,
            usager_ids=[usager.pk],
            actor=_themselves(usager),
            now=now,
            chosen_at=choice.chosen_at,
            motif=motif,
        )
    except AlreadyBooked as already:
        return Confirmed(already.rdv, usager, is_new=False)
    return Confirmed(rdv, usager)


def _themselves(usager: Usager) -> UsagerActor:
    """Return who may book for this fiche only: relatives and other territoires need not be read."""
    assert usager.account_id is not None  # login_by_address links or creates it
    return UsagerActor(
        account_id=usager.account_id,
        usager_ids=frozenset({usager.pk}),
        proche_ids=frozenset(),
        name=usager.full_name,
    )


def _open(choice: Choice) -> Motif:
    motif = motif_open_online(choice.motif_id)
    if motif is None or motif.requires_lieu != (choice.lieu_id is not None):
        raise NoLongerOffered(_("Ce rendez-vous ne se prend plus en ligne."))
    if choice.lieu_id is not None:
        lieux = motif.organisation.lieux.filter(availability=Availability.OPEN)
        if not lieux.filter(pk=choice.lieu_id).exists():
            raise NoLongerOffered(_("Ce lieu ne reçoit plus pour ce rendez-vous."))
    return motif
