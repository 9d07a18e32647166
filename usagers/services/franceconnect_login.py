"""From an identity of FranceConnect to an account and a fiche (A04, decision 20).

`sub` is what links. An address alone never does: FranceConnect passes on what the person declared.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from rdv.accounts.models import Account, Kind
from rdv.common.errors import DomainError
from usagers.models import Origin, PendingIdentity, Usager
from usagers.queries.certified_identity import FRANCECONNECT
from usagers.rules.certified_identity import read_stored
from usagers.services.fiche_certify import certify
from usagers.services.usager_login import FicheNotReachable

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from agents.models import Organisation, Territoire
    from usagers.rules.certified_identity import CertifiedIdentity

logger = logging.getLogger(__name__)


class IdentityIncomplete(DomainError):  # noqa: N818 - refusals are named for what is refused
    """FranceConnect gave no first name or no name: no fiche can be made of it."""


@dataclass(frozen=True)
class Context:
    """Where the person was: without a territoire, no fiche is made yet. `next_path` is ours."""

    territoire: Territoire | None = None
    organisation: Organisation | None = None
    next_path: str = ""


@dataclass(frozen=True)
class Found:
    """Either the account to sign in, or the identity that waits for the proof of an address."""

    account: Account | None = None
    pending: PendingIdentity | None = None


def login_by_franceconnect(
    *, sub: str, identity: CertifiedIdentity, context: Context, now: datetime
) -> Found:
    """Return whose identity this is; the claims are verified by the caller.

    A known `sub` opens its account and changes nothing there. The first time: without match, an
    account and a fiche are made; with one, or without address, the mailbox must be proven first.
    Raises IdentityIncomplete, FicheNotReachable: then nothing is written.
    """
    try:
        with transaction.atomic():
            return _login(sub, identity, context, now)
    except IntegrityError:
        # Another `sub` has just taken that address: look again.
        with transaction.atomic():
            return _login(sub, identity, context, now)


def _one_at_a_time(sub: str) -> None:
    """The same person in two tabs, both for the first time: the second finds what the first wrote.

    Until the transaction ends. Without it the address, known by then, would have to be proven.
    """
    with connection.cursor() as cursor:
        key = int(sha256(sub.encode()).hexdigest()[:15], 16)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _login(sub: str, identity: CertifiedIdentity, context: Context, now: datetime) -> Found:
    _one_at_a_time(sub)
    social = SocialAccount.objects.filter(provider=FRANCECONNECT, uid=sub).first()
    if social is not None:
        return _again(social, identity, context, now)
    email = identity.email if _is_address(identity.email) else ""
    if not email or _is_known(email, context):
        return Found(pending=_wait(sub, identity, context, email, now))
    if not identity.is_named:
        raise IdentityIncomplete(_("FranceConnect n’a pas transmis votre nom et votre prénom."))
    account = Account.objects.create_account(kind=Kind.USAGER, email=email, email_is_proven=False)
    link_identity(account, sub, identity)
    if context.territoire is not None:
        fiche_of(account, identity, context.territoire, now=now)
    return Found(account)


def _again(
    social: SocialAccount, identity: CertifiedIdentity, context: Context, now: datetime
) -> Found:
    """A later login: nothing of the account changes, but a territoire may be new to it."""
    account = Account.objects.select_for_update(no_key=True).get(pk=social.user_id)
    if not account.is_active:
        raise FicheNotReachable(_("Ce compte est fermé. Contactez le service."))
    kept = read_stored(social.extra_data)
    if kept.columns != identity.columns:
        logger.info("FranceConnect gives another identity than at the first login")
    if context.territoire is None or _has_fiche(account, context.territoire):
        return Found(account)
    if not account.email_is_proven and _namesakes(account.email, context.territoire).exists():
        waiting = _wait(social.uid, kept, context, account.email, now)
        return Found(pending=waiting)
    fiche_of(account, kept, context.territoire, now=now)
    return Found(account)


def link_identity(account: Account, sub: str, identity: CertifiedIdentity) -> None:
    """Tie `sub` to an account; the database keeps one identity for an account, and the reverse."""
    SocialAccount.objects.create(
        user=account, provider=FRANCECONNECT, uid=sub, extra_data=identity.as_json()
    )


def fiche_of(
    account: Account, identity: CertifiedIdentity, territoire: Territoire, *, now: datetime
) -> Usager:
    """Return the certified fiche of `account` in a territoire.

    It is theirs, else that of their address when it is proven, else a new one. Raises
    FicheNotReachable for the address of a relative or of another account.
    """
    fiches = Usager.objects.living().select_for_update(of=("self",), no_key=True)
    usager = fiches.filter(territoire=territoire, account=account).first()
    if usager is None and account.email_is_proven:
        usager = _adopt(account, fiches.filter(territoire=territoire, email=account.email).first())
    if usager is None:
        usager = _create(account, identity, territoire)
    certify(usager, identity, now=now)
    return usager


def adopt_everywhere(account: Account, identity: CertifiedIdentity, *, now: datetime) -> None:
    """Give to a proven account the free fiches of its address; one a territoire, by constraint."""
    theirs = Usager.objects.living().filter(account=account).values("territoire")
    free = Usager.objects.living().filter(email=account.email, account=None, responsable=None)
    locked = free.exclude(territoire__in=theirs).select_for_update(of=("self",), no_key=True)
    for usager in locked.order_by("pk"):
        _adopt(account, usager)
    mine = Usager.objects.living().filter(account=account, identity_certified_at=None)
    for usager in mine.select_for_update(of=("self",), no_key=True).order_by("pk"):
        certify(usager, identity, now=now)


def _adopt(account: Account, usager: Usager | None) -> Usager | None:
    if usager is None:
        return None
    if usager.account_id is not None or usager.responsable_id is not None:
        raise FicheNotReachable(
            _("Cette adresse e-mail est déjà celle d’une autre personne ou d’un proche.")
        )
    usager.account = account
    usager.save(update_fields=["account", "updated_at"])
    return usager


def _create(account: Account, identity: CertifiedIdentity, territoire: Territoire) -> Usager:
    if not identity.is_named:
        raise IdentityIncomplete(_("FranceConnect n’a pas transmis votre nom et votre prénom."))
    return Usager.objects.create(
        territoire=territoire,
        account=account,
        email=account.email,
        origin=Origin.FRANCECONNECT,
        **identity.columns,
    )


def _wait(
    sub: str, identity: CertifiedIdentity, context: Context, email: str, now: datetime
) -> PendingIdentity:
    return PendingIdentity.objects.create(
        sub=sub,
        identity=identity.as_json(),
        email=email,
        territoire=context.territoire,
        organisation=context.organisation,
        next_path=context.next_path,
        created_at=now,
    )


def _is_known(email: str, context: Context) -> bool:
    """Whether the address is an account's, or a fiche's of the territoire (of any without one)."""
    if Account.objects.filter(kind=Kind.USAGER, email=email).exists():
        return True
    return _namesakes(email, context.territoire).exists()


def _namesakes(email: str, territoire: Territoire | None) -> QuerySet[Usager]:
    here = Q() if territoire is None else Q(territoire=territoire)
    return Usager.objects.living().filter(here, email=email)


def _has_fiche(account: Account, territoire: Territoire) -> bool:
    rows = Usager.objects.living().filter(
        account=account, territoire=territoire, identity_certified_at__isnull=False
    )
    return rows.exists()


def _is_address(email: str) -> bool:
    try:
        validate_email(email)
    except ValidationError:
        return False
    return True
