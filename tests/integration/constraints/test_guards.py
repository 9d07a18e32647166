"""What no Django constraint says: triggers, composite keys, append-only tables."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import partial

import pytest
from django.apps import apps
from django.db import connection, transaction

from agents.models import AuditEntry
from planning.models import (
    Participation,
    PlageException,
    PlageMotif,
    PlageOuverture,
    Rdv,
    RdvEvent,
)
from tests.factories import (
    AgentFactory,
    LieuFactory,
    MotifCategoryFactory,
    MotifFactory,
    OrganisationFactory,
    PlageOuvertureFactory,
    RdvFactory,
    TerritoireFactory,
    UsagerFactory,
)
from tests.factories.planning import NOW
from tests.integration.constraints.doors import KEY_TARGETS, OURS, refused_by
from tests.integration.constraints.sectors import REFUSALS as SECTORS
from usagers.models import Rattachement

pytestmark = pytest.mark.django_db


def rdv_with_lieu():
    lieu = LieuFactory()
    return RdvFactory(motif=MotifFactory(organisation=lieu.organisation), lieu=lieu)


def rdv_motif():
    row = rdv_with_lieu()
    Rdv.objects.filter(pk=row.pk).update(motif=MotifFactory())


def rdv_lieu():
    row = rdv_with_lieu()
    Rdv.objects.filter(pk=row.pk).update(lieu=LieuFactory())


def motif_moves_away():
    row = rdv_with_lieu()
    type(row.motif).objects.filter(pk=row.motif_id).update(organisation=OrganisationFactory())


def motif_type_changes():
    row = rdv_with_lieu()
    type(row.motif).objects.filter(pk=row.motif_id).update(location_type="visio")


def motif_becomes_collective():
    row = rdv_with_lieu()
    type(row.motif).objects.filter(pk=row.motif_id).update(is_collective=True)


def category_of_another_territoire():
    MotifFactory(category=MotifCategoryFactory())


def category_moves_away():
    motif = MotifFactory()
    category = MotifCategoryFactory(territoire=motif.organisation.territoire)
    type(motif).objects.filter(pk=motif.pk).update(category=category)
    type(category).objects.filter(pk=category.pk).update(territoire=TerritoireFactory())


def plage_lieu():
    row = PlageOuvertureFactory()
    PlageOuverture.objects.filter(pk=row.pk).update(lieu=LieuFactory())


def plage_motif_inserted():
    PlageMotif.objects.bulk_create(
        [PlageMotif(plage=PlageOuvertureFactory(), motif=MotifFactory())]
    )


def plage_motif_updated():
    plage = PlageOuvertureFactory()
    row = PlageMotif.objects.create(
        plage=plage, motif=MotifFactory(organisation=plage.organisation)
    )
    PlageMotif.objects.filter(pk=row.pk).update(motif=MotifFactory())


def replaced_date(**plage):
    series = PlageOuvertureFactory()
    date = PlageException.objects.create(plage=series, day=series.first_day)
    like = {"agent": series.agent, "organisation": series.organisation}
    values = {"title": "", "first_day": date.day, **like, **plage}
    return PlageOuverture.objects.create(replaces=date, **values)


def replaced_for_another_agent():
    replaced_date(agent=AgentFactory())


def replacement_goes_to_another_agent():
    row = replaced_date()
    PlageOuverture.objects.filter(pk=row.pk).update(agent=AgentFactory())


def replaced_date_opens_by_itself_too():
    row = replaced_date()
    hours = {"new_start_time": time(9), "new_end_time": time(10)}
    PlageException.objects.filter(pk=row.replaces_id).update(new_day=row.first_day, **hours)


def participation_inserted():
    Participation.objects.bulk_create(
        [
            Participation(
                rdv=RdvFactory(),
                usager=UsagerFactory(),
                created_by_agent=AgentFactory(),
                created_at=NOW,
            )
        ]
    )


def participation_updated():
    motif = MotifFactory()
    usager = UsagerFactory(territoire=motif.organisation.territoire)
    rdv = RdvFactory(motif=motif, usagers=[usager])
    rdv.participations.update(usager=UsagerFactory())


def rattachement_inserted():
    Rattachement.objects.bulk_create(
        [Rattachement(usager=UsagerFactory(), organisation=OrganisationFactory())]
    )


def rattachement_updated():
    organisation = OrganisationFactory()
    UsagerFactory(territoire=organisation.territoire, organisations=[organisation])
    Rattachement.objects.update(organisation=OrganisationFactory())


def an_event():
    return RdvEvent.objects.create(
        rdv=RdvFactory(), at=NOW, action="created", author_kind="system", author_name="Léa"
    )


def an_audit_entry():
    return AuditEntry.objects.create(at=NOW, action="read", object_kind="rdv")


def event_updated():
    RdvEvent.objects.filter(pk=an_event().pk).update(author_name="X")


def event_deleted():
    RdvEvent.objects.filter(pk=an_event().pk)._raw_delete("default")


def audit_updated():
    AuditEntry.objects.filter(pk=an_audit_entry().pk).update(action="X")


def audit_deleted():
    AuditEntry.objects.filter(pk=an_audit_entry().pk)._raw_delete("default")


# (what refuses, the name it gives) -> the bad writes.
REFUSALS = {
    **SECTORS,
    ("rdv_motif_of_organisation", "rdv_motif_of_organisation"): [rdv_motif, motif_moves_away],
    ("rdv_lieu_of_organisation", "rdv_lieu_of_organisation"): [rdv_lieu],
    ("plage_lieu_of_organisation", "plage_lieu_of_organisation"): [plage_lieu],
    ("motifs_motif_kind_frozen", "motif_kind_frozen"): [
        motif_type_changes,
        motif_becomes_collective,
    ],
    ("motifs_motif_category_check", "motif_category_of_territoire"): [
        category_of_another_territoire
    ],
    ("motifs_motifcategory_stays", "motif_category_stays_in_territoire"): [category_moves_away],
    ("planning_plagemotif_check", "plage_motif_of_organisation"): [
        plage_motif_inserted,
        plage_motif_updated,
    ],
    ("planning_plage_replaces_check", "plage_replaces_a_free_date"): [
        replaced_for_another_agent,
        replacement_goes_to_another_agent,
    ],
    ("planning_plageexception_check", "plage_exception_replaced_once"): [
        replaced_date_opens_by_itself_too,
    ],
    ("planning_participation_check", "participation_of_territoire"): [
        participation_inserted,
        participation_updated,
    ],
    ("usagers_rattachement_check", "rattachement_of_territoire"): [
        rattachement_inserted,
        rattachement_updated,
    ],
    ("planning_rdvevent_append_only", "planning_rdvevent_append_only"): [
        event_updated,
        event_deleted,
    ],
    ("agents_auditentry_append_only", "agents_auditentry_append_only"): [
        audit_updated,
        audit_deleted,
    ],
}
# At the end of the transaction: tests/integration/agents/test_role_edit.py writes the bad rows.
DEFERRED = {
    "agents_role_leaves",
    "agents_droit_leaves",
    "agents_agent_leaves",
    "agents_role_check",
    "agents_account_check",
}
# Those that copy instead of refusing: tests of test_agenda.py, test_audit_list.py and
# test_stats_refresh.py.
COPIES = {
    "planning_agentrdv_copy_rdv",
    "planning_rdv_push_to_agenda",
    "planning_rdvevent_audit",
    "agents_territoire_stat_zone",
    "notifications_outbox_stat_change",
    "notifications_outbox_stat_rows",
    "planning_agentrdv_stat_change",
    "planning_agentrdv_stat_rows",
    "planning_offer_stat_change",
    "planning_offer_stat_rows",
    "planning_participation_stat_change",
    "planning_participation_stat_rows",
    "planning_rdv_stat_change",
    "planning_rdv_stat_rows",
}

WRITES = [
    pytest.param(name, write, id=write.__name__)
    for (_, name), writes in REFUSALS.items()
    for write in writes
]


def names(sql: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {name for (name,) in cursor.fetchall()}


def test_every_guard_of_the_database_has_a_case():
    triggers = names("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    composite_keys = names(
        "SELECT conname FROM pg_constraint WHERE contype = 'f' AND cardinality(conkey) > 1"
    )
    assert {guard for guard, _ in REFUSALS} | DEFERRED | COPIES == triggers | composite_keys


@pytest.mark.parametrize(("name", "write"), WRITES)
def test_the_database_refuses(name, write):
    assert refused_by(write) == name


def erasing(rows, **values):
    """As the retention job does; without values, delete."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL rdv.retention = 'on'")
        return rows.update(**values) if values else rows._raw_delete("default")


def test_decision_5_retention_erases_what_is_old_and_nothing_else():
    young = RdvEvent.objects.filter(pk=an_event().pk)
    event = RdvEvent.objects.create(
        rdv=RdvFactory(),
        at=datetime(2020, 1, 1, tzinfo=UTC),
        action="edited",
        author_kind="system",
        author_name="Léa",
        changes={"context": ["a", "b"], "status": ["unknown", "seen"]},
    )
    old = RdvEvent.objects.filter(pk=event.pk)
    fresh = AuditEntry.objects.filter(pk=an_audit_entry().pk)
    entry = AuditEntry.objects.create(at=event.at, action="read", object_kind="rdv")
    past = AuditEntry.objects.filter(pk=entry.pk)
    for rows, values in (
        (young, {"author_name": ""}),
        (old, {"author_name": "Zoé"}),
        (old, {"author_name": "", "action": "created"}),
        (old, {"changes": {}}),
        (old, {}),
        (fresh, {}),
        (past, {"detail": {}, "action": "seen"}),
    ):
        write = partial(erasing, rows, **values)
        assert refused_by(write) == f"{rows.model._meta.db_table}_append_only"
    erasing(old, author_name="", changes={"status": ["unknown", "seen"]})
    erasing(past)
    assert old.get().author_name == ""
    assert not past.exists()


def test_every_app_of_ours_has_its_module_of_constraint_tests():
    """An app whose models have constraints is listed in OURS, and tested by test_<app>.py."""
    ours = {
        config.label
        for config in apps.get_app_configs()
        if "site-packages" not in config.path
        and any(model._meta.constraints for model in config.get_models())
    }
    assert ours == set(OURS)


def test_the_targets_of_composite_keys_are_what_they_say():
    """They cannot be broken alone: (id, organisation) holds the primary key."""
    found = names("SELECT indexname FROM pg_indexes WHERE indexname LIKE '%\\_id\\_organisation'")
    assert found == KEY_TARGETS
