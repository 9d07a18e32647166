"""The lowest doors of a table: an UPDATE or an INSERT that no form and no clean() precedes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.constraints import BaseConstraint

OURS = ("accounts", "agents", "motifs", "usagers", "planning", "notifications")

# The targets of composite foreign keys. They hold the primary key, which speaks first: no row can
# break them alone.
KEY_TARGETS = {"motif_id_organisation", "lieu_id_organisation"}

Case = Callable[[], tuple[models.Model, dict[str, Any]]]
"""Builds a good row and the values that spoil it. A row without pk is to insert."""


def changed(make: Callable[[], models.Model], **values: Any) -> Case:
    """Take a good row and write `values`."""
    return lambda: (make(), values)


def twin(make: Callable[[], models.Model], *fields: str, **values: Any) -> Case:
    """Take two good rows and copy `fields` of the first in the second."""

    def case() -> tuple[models.Model, dict[str, Any]]:
        first, second = make(), make()
        return second, {name: getattr(first, name) for name in fields} | values

    return case


def after_sql(statement: str, case: Case) -> Case:
    """Remove what would speak first, for this transaction."""

    def prepared() -> tuple[models.Model, dict[str, Any]]:
        built = case()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(statement)
        return built

    return prepared


def write(row: models.Model, values: dict[str, Any]) -> None:
    manager = type(row)._base_manager
    if row.pk is None:
        for name, value in values.items():
            setattr(row, name, value)
        manager.bulk_create([row])
    else:
        assert manager.filter(pk=row.pk).update(**values) == 1


def refused_by(action: Callable[[], Any]) -> str:
    """Return the name of the constraint that refuses `action`."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        action()
    return caught.value.__cause__.diag.constraint_name


def constraints(label: str) -> dict[str, tuple[type[models.Model], BaseConstraint]]:
    """Return the constraints of an app that a row can break, by name."""
    return {
        constraint.name: (model, constraint)
        for model in apps.get_app_config(label).get_models()
        for constraint in model._meta.constraints
        if constraint.name not in KEY_TARGETS
    }


def params(cases: dict[str, list[Case]]) -> Iterable[Any]:
    """Return (name, case) pairs to parametrise over."""
    return [
        pytest.param(name, case, id=f"{name}-{rank}" if rank else name)
        for name, several in cases.items()
        for rank, case in enumerate(several)
    ]


def check_refusal(name: str, case: Case) -> None:
    row, values = case()
    assert refused_by(lambda: write(row, values)) == name


def check_message(label: str, name: str, case: Case) -> None:
    """Fail unless full_clean() says in French why: the constraint's words, or its fields' own."""
    row, values = case()
    row.full_clean()
    _, constraint = constraints(label)[name]
    words = str(constraint.violation_error_message)
    assert words != str(constraint.default_violation_error_message)
    assert words.endswith(".")
    assert name not in words
    for field, value in values.items():
        setattr(row, field, value)
    with pytest.raises(ValidationError) as alone:
        row.validate_constraints()
    assert words in alone.value.messages
    with pytest.raises(ValidationError) as whole:
        row.full_clean()
    own_words = set(whole.value.message_dict) - {NON_FIELD_ERRORS}
    assert words in whole.value.messages or own_words & set(values)
