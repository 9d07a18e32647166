"""Keys to search and sort names, without any PostgreSQL extension (no ICU, no contrib)."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from django.db.models import CharField, Func, Value
from django.db.models.functions import Lower, Replace

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"), ("ø", "o"), ("ł", "l"))


class _Normalize(Func):
    """`normalize(text, NFD)`: letters and their accents apart."""

    function = "normalize"
    template = "%(function)s(%(expressions)s, NFD)"
    output_field = CharField()


class _StripMarks(Func):
    function = "regexp_replace"
    template = "%(function)s(%(expressions)s, '[\\u0300-\\u036f]', '', 'g')"
    output_field = CharField()


def folded(expression: Combinable | str) -> Func:
    """Return the SQL key of a text: "Éléonore Çà" -> "eleonore ca"."""
    key: Func = Lower(expression)
    for letter, plain in _LIGATURES:
        key = Replace(key, Value(letter), Value(plain))
    return _StripMarks(_Normalize(key))


def fold(text: str) -> str:
    """Return the same key in Python, to compare with a stored one."""
    text = text.lower()
    for letter, plain in _LIGATURES:
        text = text.replace(letter, plain)
    return re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFD", text))


def words(text: str) -> list[str]:
    """Return the words of the folded text ("D’Alembert, Éva" -> "d", "alembert", "eva")."""
    return re.findall(r"[^\W_]+", fold(text))


def letters(text: str) -> str:
    """Keep only the letters of the folded text, upper case ("D'Alembert" -> "DALEMBERT")."""
    return re.sub(r"[^a-z]", "", fold(text)).upper()
