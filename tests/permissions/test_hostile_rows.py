"""Issue 5: markup that lies in the rows, however it came there, is never written as markup."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import time_machine
from django.db import Error, models, transaction
from django.urls import reverse

from agents.models import Agent, Equipe, Organisation, Territoire
from motifs.models import Lieu, Motif
from planning.models import Indisponibilite, PlageOuverture, Rdv
from tests.clients import QuickClient
from tests.factories.planning import NOW
from tests.permissions.hostile import MARKUP, UNESCAPED
from tests.permissions.hostile_trial import OK, Undone
from tests.permissions.test_hostile_posts import allowed
from tests.permissions.test_urls import MATRIX
from usagers.models import Usager

MODELS = (
    Territoire,
    Organisation,
    Agent,
    Equipe,
    Motif,
    Lieu,
    Usager,
    PlageOuverture,
    Indisponibilite,
    Rdv,
)
# Written in them by people; the rest says who, when and which.
LEAST_WRITTEN = 30
ESCAPED = "&lt;script&gt;x()"


def soil() -> list[str]:
    """Write markup in every text of the cast that the database lets hold some."""
    soiled = []
    for model in MODELS:
        for field in model._meta.concrete_fields:
            is_free = isinstance(field, models.CharField | models.TextField) and not field.choices
            most = field.max_length or len(MARKUP)
            if not is_free or field.unique or most < len(MARKUP):
                continue
            try:
                with transaction.atomic():
                    model._default_manager.update(**{field.name: MARKUP})
            except (Error, TypeError):  # a secret is not a text
                continue
            soiled.append(f"{model.__name__}.{field.name}")
    return soiled


@time_machine.travel(NOW, tick=False)
def test_issue_5_markup_in_the_rows_is_escaped_on_every_page(cast):
    """It draws every page there is: five seconds."""
    soiled = soil()
    assert len(soiled) > LEAST_WRITTEN, soiled
    cast = replace(cast, **{name: _again(row) for name, row in vars(cast).items()})
    pages = {name: row.get[OK] for name, row in MATRIX.items() if OK in (row.get or {})}
    wrong, showing = [], 0
    for name, people in sorted(pages.items()):
        client = QuickClient()
        with Undone(client):
            cast.sign_in(client, allowed({OK: people}))
            answer = client.get(reverse(name, args=MATRIX[name].args(cast)))
        if "html" not in answer.get("Content-Type", ""):
            continue
        showing += ESCAPED in answer.text
        if UNESCAPED in answer.text:
            wrong.append(name)
    assert not wrong
    assert showing > len(pages) // 3


def _again(row: Any) -> Any:
    return type(row)._default_manager.get(pk=row.pk)
