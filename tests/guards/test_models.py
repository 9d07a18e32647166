"""Rules live in the database first; the admin and the messages speak French."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import models

from tests.guards.project import APPS

OURS = [model for app in (*APPS, "accounts") for model in apps.get_app_config(app).get_models()]
# A model that has nothing to constrain beyond its columns says why here.
WITHOUT_CONSTRAINTS: dict[str, str] = {}
ACRONYM = re.compile(r"^(RDV|SMS|URL|UUID|ICS|ID|CNFPT|INSEE|SIRET|CAF|API|IP|[A-Z]{2,})\b")


def ids(model):
    return model.__name__


def is_sentence_case(text: str) -> bool:
    return bool(text) and (text[0].islower() or bool(ACRONYM.match(text)) or not text[0].isalpha())


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_each_model_has_constraints_or_a_reason(model):
    has_constraints = bool(model._meta.constraints)
    assert has_constraints != (model.__name__ in WITHOUT_CONSTRAINTS)


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_each_constraint_has_its_own_message(model):
    default = models.BaseConstraint.default_violation_error_message
    silent = [
        constraint.name
        for constraint in model._meta.constraints
        if str(constraint.violation_error_message) == str(default)
        # A pair with the primary key is the target of a composite key: it cannot be violated.
        and models.F("id") not in getattr(constraint, "expressions", ())
    ]
    assert silent == []


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_names_are_given_and_begin_in_lower_case(model):
    given = model._meta.original_attrs
    assert {"verbose_name", "verbose_name_plural"} <= set(given)
    names = [str(given["verbose_name"]), str(given["verbose_name_plural"])]
    names += [str(field.verbose_name) for field in model._meta.fields if not field.auto_created]
    assert [name for name in names if not is_sentence_case(name)] == []


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_each_relation_names_its_reverse(model):
    nameless = [
        field.name
        for field in [*model._meta.local_fields, *model._meta.local_many_to_many]
        if field.remote_field and field.remote_field.related_name is None
    ]
    assert nameless == []


@pytest.mark.parametrize("model", OURS, ids=ids)
def test_deleting_is_decided_for_each_relation(model):
    """Django asks for on_delete; a silent DO_NOTHING would leave broken rows."""
    loose = [
        field.name
        for field in model._meta.local_fields
        if field.remote_field and field.remote_field.on_delete is models.DO_NOTHING
    ]
    assert loose == []
