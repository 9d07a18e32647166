"""Secrets of the territoires, encrypted in the database (docs/adr/0012).

The keys come from `FIELD_ENCRYPTION_KEYS`, newest first: the first one seals, all of them open.
Nothing here prints a secret: a `Secret` shows as dots in logs, pages and debuggers.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models

if TYPE_CHECKING:
    from typing import Any

HIDDEN = "Secret(…)"


class UnreadableSecretError(Exception):
    """None of the keys opens it: the key that sealed it was taken away."""


class Secret:
    """A sealed text. Only `reveal` opens it."""

    __slots__ = ("_token",)

    def __init__(self, token: str) -> None:
        self._token = token

    @classmethod
    def seal(cls, text: str) -> Secret:
        return cls(_keys().encrypt(text.encode()).decode())

    @property
    def token(self) -> str:
        """What the database holds."""
        return self._token

    def reveal(self) -> str:
        """Return the text. Raises UnreadableSecretError."""
        try:
            return _keys().decrypt(self._token.encode()).decode()
        except InvalidToken as error:
            raise UnreadableSecretError from error

    def resealed(self) -> Secret:
        """Return the same secret under the newest key. Raises UnreadableSecretError."""
        try:
            return Secret(_keys().rotate(self._token.encode()).decode())
        except InvalidToken as error:
            raise UnreadableSecretError from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._token == self._token

    def __hash__(self) -> int:
        return hash(self._token)

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__


class EncryptedTextField(models.TextField):
    """Holds a `Secret`, or "" for none. A plain text is refused: it must be sealed first."""

    def from_db_value(self, value: str | None, _expression: object, _connection: object) -> Any:
        return Secret(value) if value else ""

    def to_python(self, value: Any) -> Any:
        return value if isinstance(value, Secret) else super().to_python(value)

    def get_prep_value(self, value: Any) -> Any:
        if isinstance(value, Secret):
            return value.token
        if value:
            raise TypeError("A secret is sealed before it is stored.")
        return ""


def reveal(value: Secret | str) -> str:
    """Return the text of such a field, "" when it is empty. Raises UnreadableSecretError."""
    return value.reveal() if isinstance(value, Secret) else value


def key_from(passphrase: str) -> str:
    """Return a key derived from a text: the development default, from SECRET_KEY."""
    digest = hashlib.sha256(f"rdv field encryption\0{passphrase}".encode()).digest()
    return base64.urlsafe_b64encode(digest).decode()


def _keys() -> MultiFernet:
    keys = settings.FIELD_ENCRYPTION_KEYS or [key_from(settings.SECRET_KEY)]
    return MultiFernet([Fernet(key) for key in keys])
