"""What a provider may answer. Messages hold no personal data: agents and logs read them."""

from __future__ import annotations

import re

from notifications.models import BlockReason, Failure
from rdv.common.storable import storable

# An address; a number, with or without its plus; the personal link of a message. An address is
# looked for from the beginning of a word only: a long word is read once, not once for each letter.
_PERSONAL = re.compile(r"(?<!\S)[^\s@]*+@\S+|https?://\S+|(?:\+|\b0|\b33)\d(?:[ .-]?\d){7,}")


class ChannelError(Exception):
    """The message did not leave; another try may succeed."""

    def __init__(self, answer: str, failure: Failure = Failure.UNREACHABLE) -> None:
        super().__init__(without_personal_data(answer))
        self.failure = failure


class PermanentChannelError(ChannelError):
    """The provider will never accept it: another try is useless.

    `block`: the address itself is the reason, nothing more is to be sent to it (C07).
    """

    def __init__(
        self,
        answer: str,
        failure: Failure = Failure.REFUSED,
        block: BlockReason | None = None,
    ) -> None:
        super().__init__(answer, failure)
        self.block = block


def without_personal_data(answer: str) -> str:
    return _PERSONAL.sub("[…]", storable(answer)).strip()
