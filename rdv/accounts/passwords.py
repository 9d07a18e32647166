"""Password rules that Django lacks (admin-integrations §11)."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


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
