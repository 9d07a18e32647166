"""What the refusal of a mail means: for ever or not, because of the address or not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notifications.channels.errors import ChannelError, PermanentChannelError
from notifications.models import BlockReason, Failure

if TYPE_CHECKING:
    from anymail.exceptions import AnymailError

PERMANENT = 500
# RFC 3463: 5.1.x the address (5.1.7, 5.1.8 are ours, the sender's), 5.2.1 a closed mailbox.
_ENHANCED = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")
_NO_ADDRESS = {("1", "1"), ("1", "2"), ("1", "3"), ("1", "6"), ("1", "10"), ("2", "1")}
# Without an enhanced code: no such mailbox, not here, no such name.
_NO_MAILBOX = {550, 551, 553}
_CREDENTIALS = {401, 403}
_CREDIT = 402
_FOR_EVER = {400, 404, 413, 415, 422}


def refused_recipient(code: int, text: bytes | str, *, of_text: bool = False) -> ChannelError:
    """Return the error of a refused recipient, or (`of_text`) of a refused content.

    The address is blocked only when it is the reason: a refusal of our server or of our words
    (5.7.x) would otherwise silence everybody.
    """
    answer = smtp_answer(code, text)
    if code < PERMANENT:
        return ChannelError(answer)
    enhanced = _ENHANCED.search(answer)
    if enhanced:
        has_no_address = enhanced.groups() in _NO_ADDRESS
    else:
        has_no_address = code in _NO_MAILBOX and not of_text
    if has_no_address:
        return PermanentChannelError(answer, Failure.INVALID, BlockReason.BOUNCE)
    return PermanentChannelError(answer)


def smtp_answer(code: int, text: bytes | str) -> str:
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {words}"


def refused_by_api(error: AnymailError) -> ChannelError:
    """Return the error of a provider's API.

    Only its status is kept: anymail's words quote the whole request.
    """
    status = error.status_code
    if status is None:
        return ChannelError(f"fournisseur injoignable ({type(error).__name__})")
    if status in _CREDENTIALS:
        return ChannelError(f"{status}", Failure.CREDENTIALS)
    if status == _CREDIT:
        return ChannelError(f"{status}", Failure.CREDIT)
    if status in _FOR_EVER:
        return PermanentChannelError(f"{status} refusé par le fournisseur")
    return ChannelError(f"{status}")
