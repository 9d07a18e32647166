"""Write on a fiche what an agent typed: one place for creating and editing (F01, F02)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from rdv.common.errors import DomainError
from rdv.common.phones import parse_phone
from rdv.common.saving import InvalidRow, save_checked
from rdv.common.timezones import local_day
from usagers.models import Usager
from usagers.policies import usagers_bookable
from usagers.rules.email_address import clean_address
from usagers.rules.fiche_fields import columns_hidden, refusal_of_birth_date

if TYPE_CHECKING:
    from datetime import date, datetime

    from agents.models import Organisation
    from agents.permissions import Actor


class UsagerRefused(DomainError):  # noqa: N818 - refusals are named for what is refused
    """That may not be done to this fiche, or not by this person."""


class EmailTaken(DomainError):  # noqa: N818
    """The address is that of `usager`, or of a fiche that the actor may not reach (None)."""

    def __init__(self, usager: Usager | None) -> None:
        message = _("Une autre fiche porte déjà cette adresse e-mail.")
        super().__init__(message)
        self.errors = {"email": [message]}
        self.usager = usager


@dataclass(frozen=True)
class NewUsager:
    """`email` in any case, `phone_number` in E.164. A proche has a `responsable_id`.

    `notes` are those of the organisation that writes.
    """

    first_name: str
    last_name: str
    birth_name: str = ""
    birth_date: date | None = None
    email: str = ""
    phone_number: str = ""
    address: str = ""
    address_details: str = ""
    post_code: str = ""
    city_name: str = ""
    caisse: str = ""
    affiliation_number: str = ""
    family_situation: str = ""
    number_of_children: int | None = None
    logement: str = ""
    case_number: str = ""
    notes: str = ""
    notifies_by_email: bool = True
    notifies_by_sms: bool = True
    responsable_id: int | None = None


TEXTS = (
    "first_name",
    "last_name",
    "birth_name",
    "address",
    "address_details",
    "post_code",
    "city_name",
    "affiliation_number",
    "case_number",
)
OTHERS = (
    "birth_date",
    "phone_number",
    "caisse",
    "family_situation",
    "number_of_children",
    "logement",
    "notifies_by_email",
    "notifies_by_sms",
)
COLUMNS = (*TEXTS, *OTHERS, "email")


def refuse_hidden(fields: NewUsager, organisation: Organisation) -> None:
    """Refuse a value for a column that the territoire does not show. Raises UsagerRefused."""
    hidden = columns_hidden(organisation.territoire.usager_fields)
    if any(getattr(fields, name) not in ("", None) for name in hidden):
        raise UsagerRefused(
            _("Un champ envoyé n’existe pas dans votre territoire. Rechargez la page.")
        )


def fill(usager: Usager, fields: NewUsager, *, without: tuple[str, ...] = ()) -> list[str]:
    """Set the columns but `without`, cleaned; return the names of those that changed."""
    changed = []
    for name in COLUMNS:
        if name in without:
            continue
        value = getattr(fields, name)
        if name in TEXTS:
            value = value.strip()
        if name == "email":
            value = clean_address(value) or None
        before = getattr(usager, name)
        if (str(before or "") if name == "phone_number" else before) != value:
            changed.append(name)
            setattr(usager, name, value)
    return changed


def save_fiche(
    usager: Usager, *, actor: Actor | None, organisation: Organisation, now: datetime
) -> None:
    """Save, or raise EmailTaken, or InvalidRow with the fields at fault."""
    if usager.email:
        refuse_taken(usager, actor=actor, organisation=organisation)
    refuse_impossible(usager, organisation=organisation, now=now)
    try:
        save_checked(usager, without=["phone_number"])  # numbers of demonstration are ours alone
    except InvalidRow:
        if usager.email:  # somebody may have taken the address just before
            refuse_taken(usager, actor=actor, organisation=organisation)
        raise


def refuse_impossible(usager: Usager, *, organisation: Organisation, now: datetime) -> None:
    """Raise InvalidRow for a day of birth or a phone number that nobody has; no statement."""
    today = local_day(now, organisation.territoire.zone)
    refusal = refusal_of_birth_date(usager.birth_date, today=today)
    if refusal:
        raise InvalidRow({"birth_date": [refusal]})
    number = str(usager.phone_number or "")
    if number and parse_phone(number) is None:
        raise InvalidRow({"phone_number": [_("Ce numéro n’est pas valide.")]})


def refuse_taken(usager: Usager, *, actor: Actor | None, organisation: Organisation) -> None:
    """Uniqueness is that of the territoire, which may be wider than what the actor may see."""
    others = Usager.objects.filter(territoire=organisation.territoire_id).exclude(pk=usager.pk)
    if others.filter(email=usager.email).exists():
        found = usagers_bookable(actor, organisation).filter(email=usager.email)
        raise EmailTaken(found.exclude(pk=usager.pk).select_related("responsable").first())
