"""What a provider may answer. Messages hold no personal data: agents and logs read them."""

from __future__ import annotations

import re

_PERSONAL = re.compile(r"\S+@\S+|(?:\+|\b0)\d(?:[ .-]?\d){8,}")


class ChannelError(Exception):
    """The message did not leave; another try may succeed."""

    def __init__(self, answer: str) -> None:
        super().__init__(without_personal_data(answer))


class PermanentChannelError(ChannelError):
    """The provider will never accept it: another try is useless."""


def without_personal_data(answer: str) -> str:
    return _PERSONAL.sub("[…]", answer).strip()
