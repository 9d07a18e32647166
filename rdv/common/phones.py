"""Phone numbers: one stored form (E.164), the numbering plans of the whole of France."""

from __future__ import annotations

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

# The first plan in which the number is valid wins: 0690… is Guadeloupe, 0692… La Réunion.
_REGIONS = ("FR", "GP", "GF", "MQ", "RE", "YT", "PM", "NC", "PF", "WF")
# 06 39 98 xx xx: kept by the regulator for fiction, unknown to the library (demonstration data).
_FICTION = "+3363998"
_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def parse_phone(typed: str) -> str | None:
    """Return the number in E.164, or None when it is valid nowhere."""
    for region in _REGIONS:
        try:
            number = phonenumbers.parse(typed, region)
        except phonenumbers.NumberParseException:
            continue
        e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        if phonenumbers.is_valid_number(number) or _is_fiction(e164):
            return e164
    return None


def _is_fiction(e164: str) -> bool:
    return e164.startswith(_FICTION) and len(e164) == len("+33639980000")


def is_mobile(e164: str) -> bool:
    """Return whether an SMS can reach this number."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.number_type(number) in _MOBILE or _is_fiction(e164)


def national(e164: str) -> str:
    """Return the number as people write it: "06 39 98 12 34", "+212 …" for a foreign one."""
    try:
        number = phonenumbers.parse(e164, None)
    except phonenumbers.NumberParseException:
        return e164
    region = phonenumbers.region_code_for_number(number)
    style = PhoneNumberFormat.NATIONAL if region in _REGIONS else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, style)
