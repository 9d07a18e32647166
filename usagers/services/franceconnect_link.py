"""The click in the mailbox that ties an identity of FranceConnect to an account (decision 20)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from allauth.socialaccount.models import SocialAccount
from django.db import transaction
from django.utils.translation import gettext as _

from notifications.messages.franceconnect import announce_franceconnect_link
from rdv.common.errors import DomainError
from rdv.common.rate_limits import Limit, count
from usagers.models import PendingIdentity
from usagers.queries.certified_identity import FRANCECONNECT
from usagers.rules.certified_identity import read_stored
from usagers.rules.link_digest import link_digest
from usagers.services.address_proof import prove_address
from usagers.services.franceconnect_login import adopt_everywhere, fiche_of, link_identity
from usagers.services.usager_login import account_of_address

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from rdv.accounts.models import Account

LINK_VALID = timedelta(hours=24)
KEPT = timedelta(hours=48)
# A12. Generous for an IP address: a France Services desk or a whole town hall shares one.
PER_EMAIL = Limit("franceconnect-link-email", times=5, seconds=3600)
PER_IP = Limit("franceconnect-link-ip", times=60, seconds=3600)


class LinkOver(DomainError):  # noqa: N818 - refusals are named for what is refused
    """The link was used, is too old, or was replaced."""


class AnotherIdentity(DomainError):  # noqa: N818
    """The account has another identity of FranceConnect, or this one has another account."""


def send_franceconnect_link(
    *,
    pending_id: int,
    url_for: Callable[[str], str],
    ip: str,
    now: datetime,
    email: str = "",
) -> PendingIdentity:
    """Queue a mail with a fresh single-use link, to `email` if given; the former link dies.

    The answer is the same whether the address is known or not. Raises TooManyAttempts, LinkOver.
    """
    with transaction.atomic():
        pending = _open(pending_id)
        address = email or pending.email
        count(PER_IP, ip)
        count(PER_EMAIL, address)
        secret = secrets.token_urlsafe(24)
        pending.email = address
        pending.digest, pending.link_expires_at = link_digest(secret), now + LINK_VALID
        pending.save(update_fields=["email", "digest", "link_expires_at"])
        announce_franceconnect_link(
            email=address, url=url_for(secret), organisation=pending.organisation, now=now
        )
        return pending


@transaction.atomic
def confirm_franceconnect_link(*, pending_id: int, now: datetime) -> Account:
    """Tie the identity to the account of the address that the click has just proven.

    Raises LinkOver, AnotherIdentity, IdentityIncomplete, FicheNotReachable: nothing is written.
    """
    pending = _open(pending_id)
    if pending.link_expires_at is None or pending.link_expires_at <= now:
        raise LinkOver(_("Ce lien n’est plus valable."))
    account = account_of_address(pending.email)
    prove_address(account)
    identity = read_stored(pending.identity)
    _link(account, pending.sub, pending)
    if pending.territoire is None:
        adopt_everywhere(account, identity, now=now)
    else:
        fiche_of(account, identity, pending.territoire, now=now)
    pending.link_used_at, pending.identity = now, {}
    pending.save(update_fields=["link_used_at", "identity"])
    return account


def purge_pending_identities(*, now: datetime) -> int:
    """Forget the identities begun more than 48 h ago whose link opens no more; return how many."""
    old = PendingIdentity.objects.filter(created_at__lt=now - KEPT)
    deleted, _by_model = old.exclude(link_used_at=None, link_expires_at__gt=now).delete()
    return deleted


def _link(account: Account, sub: str, pending: PendingIdentity) -> None:
    known = SocialAccount.objects.filter(provider=FRANCECONNECT)
    theirs = known.filter(user=account).first()
    owner = known.filter(uid=sub).first()
    if theirs is None and owner is None:
        link_identity(account, sub, read_stored(pending.identity))
    elif theirs is None or theirs.uid != sub:
        raise AnotherIdentity(
            _(
                "Cette adresse e-mail et cette identité FranceConnect "
                "appartiennent déjà à deux comptes différents."
            )
        )


def _open(pending_id: int) -> PendingIdentity:
    rows = PendingIdentity.objects.select_for_update(of=("self",))
    pending = rows.filter(pk=pending_id, link_used_at=None).first()
    if pending is None:
        raise LinkOver(_("Ce lien n’est plus valable."))
    return pending
