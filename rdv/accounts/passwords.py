"""Password rules that Django lacks (admin-integrations §11)."""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST = 128
# What French people put first; Django's list is of English-speaking sites. A decorated one
# (« Mot2Passe2027! ») is no better: see `plain`.
COMMON = frozenset(
    (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").split()
)
_SWAPS = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s"})


def plain(password: str) -> str:
    """Return the word under the decoration: « M0tDePasse2027! » is « motdepasse »."""
    word = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", password.casefold()).translate(_SWAPS)
    letters = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


class CommonFrenchValidator:
    """Not one of the words that are tried first, however decorated."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        # Of what is refused as too long nothing is read: `plain` reads it once for each sign.
        if len(password) <= LONGEST and plain(password) in COMMON:
            raise ValidationError(
                _("Ce mot de passe est trop courant : choisissez plusieurs mots sans lien."),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("Votre mot de passe n’est pas un mot que beaucoup choisissent.")


class MaximumLengthValidator:
    """128 characters: beyond, somebody tries what the site can bear."""

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        if len(password) > LONGEST:
            raise ValidationError(
                _("Ce mot de passe dépasse 128 caractères."), code="password_too_long"
            )

    def get_help_text(self) -> str:
        return _("Votre mot de passe compte 128 caractères au plus.")


class CharacterKindsValidator:
    """At least one digit, one upper-case letter, one sign that is neither letter nor digit."""

    RULES = (
        (re.compile(r"\d"), _("un chiffre")),
        (re.compile(r"[A-ZÀ-Þ]"), _("une majuscule")),
        (re.compile(r"[^\w]|_"), _("un signe de ponctuation")),
    )

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002
        missing = [label for pattern, label in self.RULES if not pattern.search(password)]
        if missing:
            raise ValidationError(
                _("Il manque à ce mot de passe : %(missing)s."),
                code="password_character_kinds",
                params={"missing": ", ".join(missing)},
            )

    def get_help_text(self) -> str:
        return _(
            "Votre mot de passe contient au moins un chiffre, une majuscule "
            "et un signe de ponctuation."
        )
