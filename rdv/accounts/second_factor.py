"""The second factors of an account (G08): allauth keeps them, their secrets sealed by us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from rdv.common.encryption import Secret, UnreadableSecretError

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from rdv.accounts.models import Account

Type = Authenticator.Type
# Recovery codes stand in for one of these; alone, they are no second factor.
MAIN = (Type.TOTP, Type.WEBAUTHN)
# Where each kind keeps its secret. A passkey has none here: its private key never leaves it.
_SECRETS = {Type.TOTP: "secret", Type.RECOVERY_CODES: "seed"}


def has_second_factor(account_id: int) -> bool:
    return Authenticator.objects.filter(user_id=account_id, type__in=MAIN).exists()


def accounts_with_second_factor() -> QuerySet[Any, Any]:
    """Return the keys of their accounts, for a subquery."""
    return Authenticator.objects.filter(type__in=MAIN).values("user_id")


def is_last_main(factor: Authenticator) -> bool:
    """Say whether the account would have no second factor left without this one."""
    others = Authenticator.objects.filter(user_id=factor.user_id, type__in=MAIN)
    return factor.type in MAIN and not others.exclude(pk=factor.pk).exists()


def forget_factors(account: Account) -> int:
    """Drop them all, as for somebody who lost their telephone. Return how many there were."""
    return Authenticator.objects.filter(user=account).delete()[0]


@transaction.atomic
def reseal_factors() -> tuple[int, int]:
    """Seal every secret under the newest key. Return (done, unreadable)."""
    done = unreadable = 0
    rows = Authenticator.objects.filter(type__in=_SECRETS).select_for_update()
    for factor in rows.order_by("pk"):
        name = _SECRETS[Type(factor.type)]
        try:
            factor.data[name] = Secret(factor.data[name]).resealed().token
        except UnreadableSecretError:
            unreadable += 1
        else:
            factor.save(update_fields=["data"])
            done += 1
    return done, unreadable
