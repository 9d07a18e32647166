"""I03: a copy of the database holds nobody; a new column says what becomes of it."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from agents.models import AuditEntry
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent, WaitingListEntry
from rdv.common.anonymiser import columns_found, undeclared
from tests.factories.planning import NOW
from usagers.models import Prescripteur, Rattachement, Usager

pytestmark = pytest.mark.django_db
SECRETS = ("Secret", "+33612345678", "1962-08-24", "association.example")


def everything() -> str:
    """Return every row of every table, as text."""
    with connection.cursor() as cursor:
        parts = []
        for table in columns_found():
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} AS t")
            parts.append(cursor.fetchone()[0] or "")
    return " ".join(parts)


def test_I03_every_column_is_declared():
    missing = undeclared(columns_found())
    assert not missing, "\n".join(missing)


def test_I03_a_column_that_nobody_declared_is_named():
    found = columns_found()
    found["usagers_usager"]["nickname"] = ("text", True, None)
    found["usagers_diary"] = {"id": ("bigint", False, None)}
    del found["usagers_referent"]
    told = "\n".join(undeclared(found))
    assert "Add 'nickname' to TABLES[\"usagers_usager\"]" in told
    assert "Add to EMPTIED" in told
    assert "Take the table 'usagers_referent' out" in told


def test_I03_nothing_personal_of_the_cast_remains(cast):
    people = [*Usager.objects.all(), cast.owner, cast.admin]
    words = {person.last_name for person in people} | {cast.owner.email, cast.usager.email}
    Usager.objects.filter(pk=cast.usager.pk).update(
        birth_name="Secret", birth_date="1962-08-24", address="1 rue Secret", case_number="Secret"
    )
    Rattachement.objects.filter(usager=cast.usager).update(notes="Secret")
    Rdv.objects.filter(pk=cast.rdv.pk).update(context="Secret", title="Secret")
    Participation.objects.filter(rdv=cast.rdv).update(needs_details="Secret")
    RdvEvent.objects.create(
        rdv=cast.rdv,
        at=NOW,
        action="edited",
        author_kind="system",
        author_name="Secret",
        changes={"context": ["", "Secret"]},
    )
    Prescripteur.objects.create(
        first_name="Paul", last_name="Secret", email="paul@association.example"
    )
    WaitingListEntry.objects.create(
        motif=cast.motif, phone_number="+33612345678", created_at=NOW, confirmed_at=NOW
    )
    OutboxMessage.objects.create(
        kind="rdv_created",
        channel="email",
        dedup_key="1",
        recipient=cast.usager.email,
        body="Secret",
        ics="Secret",
        ics_method="PUBLISH",
        available_at=NOW,
        created_at=NOW,
    )
    AuditEntry.objects.create(at=NOW, action="read", object_kind="rdv")
    with pytest.raises(CommandError, match="n’est pas une copie"):
        call_command("anonymise_database")
    before = everything()
    assert all(word in before for word in (*words, *SECRETS))
    name = connection.settings_dict["NAME"]
    call_command("anonymise_database", base_a_detruire=name, verbosity=0)
    after = everything()
    assert [word for word in (*words, *SECRETS) if word in after] == []
    assert Usager.objects.get(pk=cast.usager.pk).account.email.endswith("@exemple.fr")
    assert Rdv.objects.get(pk=cast.rdv.pk).starts_at == cast.rdv.starts_at
    with pytest.raises(Exception, match="ne se modifie pas"):  # the triggers are back
        RdvEvent.objects.all().delete()
