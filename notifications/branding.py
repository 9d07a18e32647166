"""Under which name, and from whom, the messages of an organisation leave (decision 36)."""

from __future__ import annotations

from email.utils import formataddr, parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

if TYPE_CHECKING:
    from agents.models import Brand, Organisation


def brand_of(organisation: Organisation | None) -> Brand | None:
    return organisation.territoire.brand if organisation else None


def site_name(organisation: Organisation | None) -> str:
    """Return the name of the brand of its territoire, else that of the settings."""
    brand = brand_of(organisation)
    return brand.name if brand else settings.SITE_NAME


def email_sender(organisation: Organisation | None) -> str:
    """Return the address of the brand, else that of the settings, under its name."""
    brand = brand_of(organisation)
    address = brand.sender_email if brand else ""
    name = brand.name if brand else settings.SITE_NAME
    return formataddr((name, address or parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def sms_sender(organisation: Organisation | None) -> str:
    """Return the sender of the territoire, else of its brand, else of the settings."""
    own = organisation.territoire.sms_sender if organisation else ""
    brand = brand_of(organisation)
    return own or (brand.sms_sender if brand else "") or settings.SMS_SENDER
