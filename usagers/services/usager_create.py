"""An agent creates a fiche (F01): last and first name are enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.permissions import Permission
from agents.policies import organisations_for
from rdv.common.errors import DomainError
from rdv.common.phones import parse_phone
from rdv.common.saving import InvalidRow, save_checked
from usagers.models import Origin, Rattachement, Usager
from usagers.policies import usagers_bookable

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class UsagerRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """That fiche may not be created there."""


class EmailTaken(DomainError):  # noqa: N818
    """The address is that of `usager`, or of a fiche that the actor may not reach (None)."""

    def __init__(self, usager: Usager | None) -> None:
        message = _("Une autre fiche porte déjà cette adresse e-mail.")
        super().__init__(message)
        self.errors = {"email": [message]}
        self.usager = usager


@dataclass(frozen=True)
class NewUsager:
    """`email` in any case, `phone_number` in E.164. A proche has a `responsable_id`."""

    first_name: str
    last_name: str
    birth_name: str = ""
    birth_date: date | None = None
    email: str = ""
    phone_number: str = ""
    address: str = ""
    responsable_id: int | None = None


@transaction.atomic
def create_usager(
    *,
    organisation: Organisation,
    fields: NewUsager,
    actor: Actor | None,
    now: datetime,  # noqa: ARG001 (every service has it)
) -> Usager:
    """Add a fiche known by `organisation`. Nobody is told.

    Raises UsagerRefused, EmailTaken, or InvalidRow with the fields at fault.
    """
    if not organisations_for(actor, Permission.USAGER_EDIT).filter(pk=organisation.pk).exists():
        raise UsagerRefused(_("Vous ne pouvez plus créer de fiche dans cette organisation."))
    email = fields.email.strip().lower() or None
    if email:
        _refuse_taken(email, actor=actor, organisation=organisation)
    usager = Usager(
        territoire_id=organisation.territoire_id,
        first_name=fields.first_name.strip(),
        last_name=fields.last_name.strip(),
        birth_name=fields.birth_name.strip(),
        birth_date=fields.birth_date,
        email=email,
        phone_number=fields.phone_number,
        address=fields.address.strip(),
        responsable=_responsable(fields.responsable_id, actor=actor, organisation=organisation),
        origin=Origin.AGENT,
    )
    _save(usager, actor=actor, organisation=organisation)
    Rattachement.objects.create(usager=usager, organisation=organisation)
    return usager


def _save(usager: Usager, *, actor: Actor | None, organisation: Organisation) -> None:
    number = str(usager.phone_number or "")
    if number and parse_phone(number) is None:
        raise InvalidRow({"phone_number": [_("Ce numéro n’est pas valide.")]})
    try:
        save_checked(usager, without=["phone_number"])  # numbers of demonstration are ours alone
    except InvalidRow:
        if usager.email:  # somebody may have taken the address just before
            _refuse_taken(usager.email, actor=actor, organisation=organisation)
        raise


def _refuse_taken(email: str, *, actor: Actor | None, organisation: Organisation) -> None:
    """Uniqueness is that of the territoire, which may be wider than what the actor may see."""
    taken = Usager.objects.filter(territoire=organisation.territoire_id, email=email)
    if taken.exists():
        raise EmailTaken(usagers_bookable(actor, organisation).filter(email=email).first())


def _responsable(
    responsable_id: int | None, *, actor: Actor | None, organisation: Organisation
) -> Usager | None:
    """Return the responsable, whom the organisation must know: creating is not a way to attach."""
    if responsable_id is None:
        return None
    known = usagers_bookable(actor, organisation).filter(is_known=True)
    found = known.filter(pk=responsable_id, responsable=None).first()
    if found is None:
        raise UsagerRefused(
            _("Un proche se crée auprès d’un responsable que votre organisation connaît déjà.")
        )
    return found
