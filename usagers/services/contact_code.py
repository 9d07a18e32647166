"""Six digits sent to an address, typed back: whoever knows them reads that address.

Only their keyed hash is stored. Six digits are soon tried: a code dies after five wrong tries, and
an address gets a few codes an hour.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from notifications.messages.contact_code import announce_contact_code
from rdv.common.errors import DomainError
from rdv.common.rate_limits import Limit, TooManyAttempts, count
from usagers.models import ContactCode

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from agents.models import Organisation
    from usagers.models import Purpose

VALID = timedelta(minutes=15)
KEPT = timedelta(days=1)
TRIES = 5
PER_ADDRESS = Limit("contact-code-address", times=5, seconds=3600)
# Generous: a whole town hall shares one address.
PER_IP = Limit("contact-code-ip", times=60, seconds=3600)


class WrongCode(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Not these digits; the code still serves."""


class CodeOver(DomainError):  # noqa: N818 - refusals are named for what is refused
    """Unknown, expired, or tried too often: another must be asked for."""


@transaction.atomic
def send_code(
    *,
    purpose: Purpose,
    email: str = "",
    phone_number: str = "",
    language: str,
    ip: str,
    now: datetime,
    organisation: Organisation | None = None,
    brand_name: str = "",
) -> ContactCode:
    """Queue a code to one address, by e-mail or by SMS.

    `organisation`, `brand_name`: under which name, as `announce_contact_code`. The answer is the
    same whether the address is known or not. Raises TooManyAttempts.
    """
    count(PER_IP, ip)
    count(PER_ADDRESS, email.lower() or phone_number)
    digits = f"{secrets.randbelow(10**6):06d}"
    row = ContactCode(
        purpose=purpose,
        email=email,
        phone_number=phone_number,
        created_at=now,
        expires_at=now + VALID,
    )
    row.digest = _digest(row.uuid, digits)
    row.save()
    announce_contact_code(
        row,
        digits=digits,
        language=language,
        now=now,
        organisation=organisation,
        brand_name=brand_name,
    )
    return row


def check_code(*, code_uuid: UUID, typed: str, now: datetime) -> ContactCode:
    """Return the code, confirmed, when `typed` holds its digits; spaces do not count.

    Call it outside a transaction: a wrong try is counted although it raises. Confirming twice is
    confirming once. Raises WrongCode, CodeOver, TooManyAttempts.
    """
    with transaction.atomic(durable=True):
        row = ContactCode.objects.select_for_update(no_key=True).filter(uuid=code_uuid).first()
        if row is None or row.expires_at <= now:
            raise CodeOver(_("Ce code n’est plus valable. Demandez-en un autre."))
        if row.wrong_tries >= TRIES:
            raise TooManyAttempts(_("Trop d’essais. Demandez un autre code."))
        if constant_time_compare(row.digest, _digest(row.uuid, "".join(typed.split()))):
            row.confirmed_at = row.confirmed_at or now
            row.save(update_fields=["confirmed_at"])
            return row
        row.wrong_tries += 1
        row.save(update_fields=["wrong_tries"])
    raise WrongCode(_("Ce n’est pas le bon code. Vérifiez les six chiffres."))


def forget_code(row: ContactCode) -> bool:
    """Delete a code that has served, for those that open once; False when it had already."""
    deleted, _by_model = ContactCode.objects.filter(pk=row.pk).delete()
    return bool(deleted)


def purge_contact_codes(*, now: datetime) -> int:
    """Forget the codes that ended a day ago; return how many."""
    deleted, _by_model = ContactCode.objects.filter(expires_at__lt=now - KEPT).delete()
    return deleted


def _digest(code_uuid: UUID, digits: str) -> str:
    """Return the hash keyed by SECRET_KEY, another for each code."""
    return salted_hmac(f"contact-code:{code_uuid}", digits, algorithm="sha256").hexdigest()
