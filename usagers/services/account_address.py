"""What a proven address opens (decision 20): an account, and the fiches that bear the address."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from agents.services.audit_write import record_change
from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError
from usagers.models import Purpose, Usager
from usagers.services.address_changed import tell_former_addresses
from usagers.services.address_proof import prove_address
from usagers.services.contact_code import CodeOver, check_code, forget_code

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class AddressUnknown(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Nobody is known by that address: said to whoever reads its mailbox only."""


class AddressTaken(DomainError):  # noqa: N818
    """Another person of the territoire has that address."""


def account_of_code(*, code_uuid: UUID, typed: str, now: datetime) -> Account:
    """Return the account that the code opens; it opens once.

    Fiches that bear the address and belong to nobody are linked (an agent typed them); no fiche is
    ever created. Raises AddressUnknown, and as `check_code`.
    """
    row = check_code(code_uuid=code_uuid, typed=typed, now=now)
    with transaction.atomic():
        if row.purpose != Purpose.SIGN_IN or not forget_code(row):
            raise CodeOver(_("Ce code n’est plus valable. Demandez-en un autre."))
        account = _account(row.email)
    # Raised out of the transaction: the code has served.
    if account is None:
        raise AddressUnknown(
            _(
                "Aucun rendez-vous n’est connu avec cette adresse. Essayez une autre adresse, ou "
                "prenez un rendez-vous : votre espace sera créé à ce moment-là."
            )
        )
    return account


def change_address(*, account_id: int, code_uuid: UUID, typed: str, now: datetime) -> Account:
    """Give the account, and its fiches, the address that the code proves; tell the former one.

    Raises AddressTaken, and as `check_code`.
    """
    row = check_code(code_uuid=code_uuid, typed=typed, now=now)
    with transaction.atomic():
        accounts = Account.objects.select_for_update(no_key=True).filter(kind=Kind.USAGER)
        account = accounts.get(pk=account_id)
        if row.purpose != Purpose.NEW_ADDRESS or not forget_code(row):
            raise CodeOver(_("Ce code n’est plus valable. Demandez-en un autre."))
        fiches = list(
            Usager.objects.living()
            .filter(account=account)
            .order_by("pk")
            .select_for_update(of=("self",), no_key=True)
        )
        _refuse_taken(row.email, account, fiches)
        former = [account.email, *(fiche.email for fiche in fiches)]
        account.email, account.email_is_proven = row.email, True
        account.save(update_fields=["email", "login", "email_is_proven"])
        for fiche in fiches:
            fiche.email = row.email
            fiche.save(update_fields=["email", "updated_at"])
            record_change(
                action="usager_edited",
                object_kind="usager",
                object_uuid=fiche.uuid,
                organisation_id=None,
                territoire_id=fiche.territoire_id,
                actor=None,
                now=now,
                detail={"columns": ["email"], "author": "usager"},
            )
        tell_former_addresses(former, fiches=fiches, subject_key=str(code_uuid), now=now)
        return account


def _account(email: str) -> Account | None:
    """Return the account of an address, with the fiches that wait for it; None when nobody is."""
    accounts = Account.objects.select_for_update(no_key=True).filter(kind=Kind.USAGER, email=email)
    account = accounts.first()
    alone = Usager.objects.living().filter(email=email, account=None, responsable=None)
    fiches = list(alone.order_by("pk").select_for_update(of=("self",), no_key=True))
    if account is None:
        if not fiches:
            return None
        Account.objects.ensure(kind=Kind.USAGER, email=email)
        account = accounts.get()
    if not account.is_active:
        return None
    prove_address(account)
    own = Usager.objects.filter(account=account)
    known = set(own.values_list("territoire", flat=True))
    for fiche in fiches:
        if fiche.territoire_id not in known:
            fiche.account = account
            fiche.save(update_fields=["account", "updated_at"])
    return account


def _refuse_taken(email: str, account: Account, fiches: list[Usager]) -> None:
    others = Account.objects.filter(kind=Kind.USAGER, email=email).exclude(pk=account.pk)
    territoires = [fiche.territoire_id for fiche in fiches]
    strangers = Usager.objects.filter(email=email, territoire__in=territoires)
    if others.exists() or strangers.exclude(pk__in=[fiche.pk for fiche in fiches]).exists():
        raise AddressTaken(
            _("Cette adresse est déjà celle d’un autre compte. Contactez le service.")
        )
