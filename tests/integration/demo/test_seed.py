"""I05: the demonstration loads in one command, the same each time, and only where it may."""

from __future__ import annotations

import hashlib
from io import StringIO

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import transaction

from agents.models import Territoire
from planning.models import (
    Rdv,
)
from rdv.demo.load import OURS
from rdv.demo.places import DEPARTEMENT

pytestmark = pytest.mark.django_db


def seed(**options) -> str:
    out = StringIO()
    call_command("seed", stdout=out, **options)
    return out.getvalue()


def digests() -> dict[str, str]:
    """Return a digest of every table of ours; keys are replaced by ranks in their table."""
    models = [m for label in OURS for m in apps.get_app_config(label).get_models()]
    # Counted again from the rows: in any order, and dated by the clock.
    models = [m for m in models if not m.__name__.startswith("Stat")]
    models.append(EmailAddress)
    ranks = {
        m: {
            pk: rank
            for rank, pk in enumerate(m._base_manager.order_by("pk").values_list("pk", flat=True))
        }
        for m in models
    }
    found = {}
    for model in models:
        content = hashlib.sha256()
        fields = [f for f in model._meta.concrete_fields if not f.primary_key]
        for row in model._base_manager.order_by("pk"):
            for field in fields:
                value = field.value_from_object(row)
                if field.is_relation and value is not None:
                    value = ranks[field.related_model][value]
                content.update(f"{field.name}={value!r};".encode())
        found[model._meta.label] = content.hexdigest()
    return found


def test_I05_the_same_day_gives_the_same_rows(settings):
    """On an empty database, then in the place of what somebody else had."""
    with transaction.atomic():
        assert "Demonstration loaded for 2026-11-23" in seed(if_empty=True, today="2026-11-23")
        assert Territoire.objects.count() == 3
        first = digests()
        transaction.set_rollback(True)
    Territoire.objects.create(name="Ailleurs", slug="ailleurs")
    settings.DEBUG = True
    seed(replace=True, today="2026-11-23")
    assert not Territoire.objects.filter(slug="ailleurs").exists()
    assert Territoire.objects.count() == 3
    assert digests() == first


@pytest.mark.parametrize("today", ["2024-02-29", "2026-03-29"])
def test_I05_any_day_loads(today):
    seed(today=today)
    rdvs = Rdv.objects.filter(organisation__territoire__slug=DEPARTEMENT)
    assert rdvs.filter(motif__is_collective=False).count() == 1500


def test_I05_if_empty_does_nothing_when_a_territoire_exists():
    Territoire.objects.create(name="Ailleurs", slug="ailleurs")
    assert seed(if_empty=True, today="2026-11-23") == ""
    assert Territoire.objects.count() == 1
    assert not Rdv.objects.exists()


def test_I05_nothing_is_added_to_a_database_in_use():
    Territoire.objects.create(name="Ailleurs", slug="ailleurs")
    with pytest.raises(CommandError, match="already holds a territoire"):
        seed(today="2026-11-23")
    assert Territoire.objects.count() == 1


def test_I05_replace_is_for_development_only():
    Territoire.objects.create(name="Ailleurs", slug="ailleurs")
    with pytest.raises(CommandError, match="only with development settings"):
        seed(replace=True)
    assert Territoire.objects.filter(slug="ailleurs").exists()


def test_I05_a_wrong_day_is_told():
    with pytest.raises(CommandError, match="not '23/11/2026'"):
        seed(today="23/11/2026")
