"""From a proven address to an account and a fiche (decision 20)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError
from usagers.models import Origin, Rattachement, Usager
from usagers.queries.certified_identity import identity_of
from usagers.services.address_proof import prove_address
from usagers.services.fiche_certify import certify

if TYPE_CHECKING:
    from datetime import datetime

    from agents.models import Organisation
    from usagers.services.booking_draft_save import Identity


class FicheNotReachable(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The address belongs to a fiche that this login may not open."""


class AddressUnproven(FicheNotReachable):
    """FranceConnect gave this address and a fiche bears it: only a click proves it (20)."""


@transaction.atomic
def login_by_address(
    *,
    identity: Identity,
    organisation: Organisation,
    now: datetime,
    language: str = "",
    address: str = "",
    is_proof: bool = False,
    replaces_phone: bool = False,
) -> Usager:
    """Return the fiche of a person whose address is known to be theirs, created when needed.

    Call it after the click in the mailbox (`is_proof`), or for the account that is signed in. An
    existing fiche keeps its names; an empty phone is filled, another one only if the person may
    change it (`replaces_phone`). `language` is the one they read, `address` where they ask to be
    visited: both are remembered. Raises FicheNotReachable.
    """
    account = account_of_address(identity.email)
    if is_proof:
        prove_address(account)
    usager = _fiche(account, organisation)
    if usager is None:
        # Twice: a fiche that was being merged is not there any more, the one that took it over is.
        usager = _fiche(account, organisation) or _create(account, identity, organisation, now)
    changes = {"language": language, "address": address}
    if replaces_phone or not usager.phone_number:
        changes["phone_number"] = identity.phone_number
    changed = [name for name, value in changes.items() if value and getattr(usager, name) != value]
    for name in changed:
        setattr(usager, name, changes[name])
    if changed:
        usager.save(update_fields=[*changed, "updated_at"])
    Rattachement.objects.bulk_create(
        [Rattachement(usager=usager, organisation=organisation)], ignore_conflicts=True
    )
    return usager


def account_of_address(email: str) -> Account:
    """Return the usager's account of an address, locked; two clicks at once end on the same row.

    Call it for an address that is proven, or signed in. Raises FicheNotReachable when it is closed.
    """
    # Two bookings of one person wait for each other: the limits count what the other has done.
    accounts = Account.objects.select_for_update(no_key=True).filter(kind=Kind.USAGER, email=email)
    account = accounts.first()
    if account is None:
        Account.objects.ensure(kind=Kind.USAGER, email=email)
        account = accounts.get()
    if not account.is_active:
        raise FicheNotReachable(_("Ce compte est fermé. Contactez le service."))
    return account


def _fiche(account: Account, organisation: Organisation) -> Usager | None:
    fiches = Usager.objects.living().filter(territoire=organisation.territoire_id)
    found = fiches.filter(Q(account=account) | Q(email=account.email)).order_by("pk")
    rows = list(found.select_for_update(of=("self",), no_key=True))
    for usager in rows:
        if usager.account_id == account.pk:
            return usager
    if not rows:
        return None
    if not account.email_is_proven:
        raise AddressUnproven(
            _(
                "Cette adresse e-mail est déjà connue du service. Déconnectez-vous, puis "
                "identifiez-vous de nouveau avec FranceConnect : un message vous sera envoyé."
            )
        )
    namesake = rows[0]
    if namesake.account_id is not None or namesake.responsable_id is not None:
        raise FicheNotReachable(
            _(
                "Cette adresse e-mail est déjà celle d’une autre personne ou d’un proche. "
                "Contactez le service pour prendre rendez-vous."
            )
        )
    namesake.account = account
    namesake.save(update_fields=["account", "updated_at"])
    return namesake


def _create(
    account: Account, identity: Identity, organisation: Organisation, now: datetime
) -> Usager:
    certified = identity_of(account)
    usager = Usager.objects.create(
        territoire_id=organisation.territoire_id,
        account=account,
        email=account.email,
        first_name=identity.first_name,
        last_name=identity.last_name,
        phone_number=identity.phone_number,
        origin=Origin.SELF if certified is None else Origin.FRANCECONNECT,
    )
    if certified is not None:
        certify(usager, certified, now=now)
    return usager
