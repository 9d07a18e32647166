"""H01, admin-integrations §7.2–7.3, scenarios 62 and 63: what the files say."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agents.models import AuditEntry
from motifs.models import LocationType
from notifications.models import OutboxMessage
from planning.models import Participation, Rdv, RdvEvent
from planning.queries.export_rows import participations_of_page, rdv_keys, rdvs_of_page
from planning.queries.rdv_filter import RdvFilter, filter_from_json, filtered_rdvs
from planning.services.usager_merge import merge_usagers, versions_of
from rdv.common.cells import CUT, LONGEST
from tests.factories import LieuFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.factories.planning import NOW
from tests.integration.planning.exports import ask, build, lines, made
from usagers.services.usager_anonymise import anonymise

RDV_COLUMNS = [
    "année",
    "date prise rdv",
    "heure prise rdv",
    "origine",
    "date rdv",
    "heure rdv",
    "service",
    "motif",
    "contexte",
    "statut",
    "lieu",
    "professionnel.le(s)",
    "usager(s)",
    "commune du premier responsable",
    "au moins un usager mineur ?",
    "résultat des notifications",
    "Organisation",
    "date naissance",
    "code postal du premier responsable",
    "créé par",
    "email(s) professionnel.le(s)",
]
PARTICIPATION_COLUMNS = [
    "usager",
    "rdv_id",
    *RDV_COLUMNS[:12],
    "commune du responsable",
    "usager mineur ?",
    "résultat des notifications",
    "Organisation",
    "date naissance",
    "code postal du responsable",
    "créé par",
    "email(s) professionnel.le(s)",
]


def rdv(cast, **columns):
    columns = {"motif": cast.motif, "lieu": cast.lieu, "agents": [cast.owner]} | columns
    return RdvFactory(**columns, agents__overlap_accepted=True)


def message(row, state, *, kind="rdv_created", **columns):
    closed = {"closed_at": NOW} if state == "failed" else {}
    sent = {"sent_at": NOW} if state == "sent" else {}
    OutboxMessage.objects.create(
        kind=kind,
        channel="email",
        dedup_key=f"{kind}:{row.pk}:{OutboxMessage.objects.count()}",
        recipient="a@exemple.fr",
        body="x",
        rdv=row.rdv,
        participation=row,
        state=state,
        available_at=NOW,
        created_at=NOW,
        **closed,
        **sent,
        **columns,
    )


def a_full_rdv(cast):
    """A RDV of a mother and her son, booked at 00:54 in Paris, with everything that is written."""
    mother, son = cast.usager, cast.other_usager
    mother.first_name, mother.last_name, mother.birth_name = "Inès", "Valmont", "Martin"
    mother.birth_date, mother.city_name = date(1985, 3, 7), "Arras"
    mother.address, mother.post_code = "12000 rue 99, 62000 ARRAS", ""
    mother.save()
    son.first_name, son.last_name, son.birth_name = "Léo", "Valmont", ""
    son.birth_date, son.responsable, son.account = date(2010, 1, 5), mother, None
    son.save()
    row = rdv(
        cast,
        usagers=[mother, son],
        starts_at=datetime(2026, 10, 25, 10, 30, tzinfo=UTC),
        context="Premier accueil 👩‍👦",
        created_at=datetime(2026, 3, 28, 23, 54, tzinfo=UTC),
    )
    RdvEvent.objects.create(
        rdv=row,
        at=row.created_at,
        action="created",
        author_kind="agent",
        author_agent=cast.owner,
        author_name=cast.owner.full_name,
    )
    return row


def test_H01_each_column_of_a_rdv_is_in_its_place(cast):
    a_full_rdv(cast)
    export = ask(cast, last_day=date(2026, 12, 31))
    header, row = lines(build(export))
    assert header == RDV_COLUMNS
    owner = cast.owner
    assert row == [
        "2026",
        "29/03/2026",  # the night of the clock change, before it
        "00h54",
        "Créé par un agent",
        "25/10/2026",
        "11h30",
        cast.motif.service.name,
        cast.motif.name,
        "Premier accueil 👩‍👦",
        "À renseigner",
        f"{cast.lieu.name} ({cast.lieu.address})",
        owner.full_name,
        "Inès VALMONT (MARTIN), Léo VALMONT",
        "Arras",
        "oui",
        "",
        cast.organisation.name,
        "07/03/1985, 05/01/2010",
        "62000",
        owner.full_name,
        owner.email,
    ]


def test_H01_each_column_of_a_participation_is_in_its_place(cast):
    row = a_full_rdv(cast)
    Participation.objects.filter(rdv=row, usager=cast.usager).update(status="seen")
    export = ask(cast, kind="participations", file_format="csv", last_day=date(2026, 12, 31))
    header, son, mother = lines(build(export))
    assert header == PARTICIPATION_COLUMNS
    assert son[:4] == ["Léo VALMONT", str(row.uuid), "2026", "29/03/2026"]
    assert son[11:] == [
        "À renseigner",
        f"{cast.lieu.name} ({cast.lieu.address})",
        cast.owner.full_name,
        "Arras",
        "oui",
        "",
        cast.organisation.name,
        "05/01/2010",
        "62000",
        cast.owner.full_name,
        cast.owner.email,
    ]
    assert (mother[0], mother[11], mother[15]) == ("Inès VALMONT (MARTIN)", "Honoré", "non")


def test_H01_scenario_62_the_result_of_the_notifications(cast):
    rows = [rdv(cast, usagers=[cast.usager, cast.other_usager]) for _ in range(4)]
    rows[0].starts_at += timedelta(minutes=1)
    failed, treated, waits = ([*row.participations.order_by("pk")] for row in rows[:3])
    message(failed[0], "sent")
    message(failed[1], "failed")
    for part in treated:
        message(part, "sent")
    message(waits[0], "queued")
    message(waits[1], "failed", kind="participation_added_agent")  # to an agent
    Rdv.objects.filter(pk=cast.rdv.pk).delete()
    said = [row["résultat des notifications"] for row in made(cast)]
    assert sorted(said) == ["", "", "Traité", "Échec"]
    of_people = [row["résultat des notifications"] for row in made(cast, kind="participations")]
    assert sorted(of_people) == ["", "", "", "", "Traité", "Traité", "Traité", "Échec"]


def test_H01_scenario_63_a_minor_and_the_place_of_a_visit_at_home(cast):
    today = date(2027, 1, 4)
    cast.usager.birth_date, cast.usager.address = date(2010, 1, 4), "3 impasse Secrète"
    cast.usager.save()
    home = MotifFactory(organisation=cast.organisation, location_type=LocationType.DOMICILE)
    rdv(cast, motif=home, lieu=None, usagers=[cast.usager])
    asked = {"motif_ids": frozenset({home.pk})}
    (row,) = made(cast, **asked)
    assert (row["au moins un usager mineur ?"], row["lieu"]) == ("oui", "À domicile")
    assert "Secrète" not in "".join(row.values())
    cast.usager.birth_date = today.replace(year=2009) - timedelta(days=1)
    cast.usager.save()
    assert made(cast, **asked)[0]["au moins un usager mineur ?"] == "non"


def test_H01_who_made_the_rdv_and_the_name_after_a_year(cast):
    by_usager, old = rdv(cast), rdv(cast, created_at=NOW - timedelta(days=366))
    for row, kind, person, name in (
        (by_usager, "usager", cast.usager, "Léa MARTIN"),
        (old, "prescripteur", None, "Ancien PARTENAIRE"),
    ):
        RdvEvent.objects.create(
            rdv=row,
            at=NOW,
            action="created",
            author_kind=kind,
            author_usager=person,
            author_name=name,
        )
    said = {(row["origine"], row["créé par"]) for row in made(cast)}
    assert said == {
        ("RDV pris sur internet", "Léa MARTIN"),
        ("Prescripteur", "Effacé au bout d’un an (RGPD)"),
        ("Créé par un agent", cast.owner.full_name),  # no history: the author of a participation
    }


def test_H01_what_the_territoire_hides_is_empty_and_the_columns_stay(cast):
    a_full_rdv(cast)
    cast.territoire.shows_rdv_context, cast.territoire.usager_fields = False, []
    cast.territoire.save()
    header, row = lines(build(ask(cast, last_day=date(2026, 12, 31))))
    assert header == RDV_COLUMNS
    empty = {name for name, cell in zip(header, row, strict=True) if not cell}
    assert empty == {
        "contexte",
        "commune du premier responsable",
        "au moins un usager mineur ?",
        "résultat des notifications",
        "date naissance",
        "code postal du premier responsable",
    }


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_H01_what_people_typed_is_never_a_formula_nor_breaks_the_file(cast, file_format):
    cast.usager.first_name = "=cmd|' /C calc'!A0"
    cast.usager.save()
    context = '@SUM(1+1)\x0b;"guillemets"\nligne 2 🙂' + "é" * LONGEST
    Rdv.objects.filter(pk=cast.rdv.pk).update(context=context)
    (row,) = made(cast, file_format=file_format)
    assert row["usager(s)"].startswith("'=cmd|")
    assert row["contexte"].startswith('\'@SUM(1+1);"guillemets"\nligne 2 🙂éé')
    assert row["contexte"].endswith(CUT)
    assert len(row["contexte"].encode("utf-16-le")) // 2 <= LONGEST


def test_H01_E08_the_file_and_the_list_hold_the_same_rdvs(cast):
    """Each filter, kept as JSON, then read by the worker: the ids are those of the list."""
    motif = MotifFactory(organisation=cast.organisation, service=cast.social)
    lieu = LieuFactory(organisation=cast.organisation)
    rdv(cast, motif=motif, lieu=lieu, usagers=[cast.other_usager])
    rdv(cast, agents=[cast.same_service], starts_at=NOW - timedelta(days=1))
    rdv(cast, status="seen", starts_at=NOW - timedelta(days=3))
    rdv(cast, hidden_at=NOW)
    actor = cast.actor("admin")
    filters = [
        {},
        {"first_day": date(2027, 1, 4)},
        {"first_day": date(2027, 1, 3), "last_day": date(2027, 1, 3)},
        {"motif_ids": frozenset({motif.pk})},
        {"lieu_ids": frozenset({lieu.pk})},
        {"agent_ids": frozenset({cast.same_service.pk})},
        {"states": frozenset({"to_fill_in", "seen"})},
        {"usager_id": cast.usager.pk},
    ]
    sizes = []
    for values in filters:
        wanted = RdvFilter((cast.organisation,), **values)
        kept = filter_from_json(wanted.to_json(), cast.organisation)
        assert kept == wanted
        listed = list(filtered_rdvs(actor, wanted, now=NOW).values_list("pk", flat=True))
        keys = rdv_keys(actor, kept, now=NOW)
        assert list(keys) == listed[::-1]
        sizes.append(len(rdvs_of_page(actor, keys, now=NOW)))
    assert sizes == [4, 2, 1, 1, 1, 1, 2, 1]


def test_H01_a_page_is_a_constant_number_of_statements(cast):
    actor = cast.actor("admin")

    def statements():
        keys = rdv_keys(actor, RdvFilter((cast.organisation,)), now=NOW)
        parts = list(Participation.objects.values_list("pk", flat=True))
        with CaptureQueriesContext(connection) as captured:
            rdvs_of_page(actor, keys, now=NOW)
            participations_of_page(actor, parts, now=NOW)
        return len(captured)

    few = statements()
    for _ in range(5):
        rdv(
            cast,
            agents=[cast.owner, cast.same_service],
            usagers=[cast.usager, UsagerFactory(territoire=cast.territoire)],
        )
    assert statements() == few <= 15


def test_H01_an_usager_merged_or_erased_meanwhile(cast):
    """The filter follows the fiche that stays; an erased person has no name any more."""
    export = ask(cast, usager_id=cast.usager.pk)
    kept = UsagerFactory(territoire=cast.territoire, organisations=[cast.organisation])
    merge_into(cast, kept=kept, absorbed=cast.usager)
    kept.refresh_from_db()
    (row,) = lines(build(export))[1:]
    assert row[12] == kept.full_name
    anonymise([kept], now=NOW)
    (row,) = lines(build(ask(cast)))[1:]
    assert (row[12], row[17]) == ("Usager SUPPRIMÉ", "")


def merge_into(cast, *, kept, absorbed):
    merge_usagers(
        kept_id=kept.pk,
        absorbed_id=absorbed.pk,
        choices={"email": "absorbed"},
        seen=versions_of(kept, absorbed),
        organisation=cast.organisation,
        actor=cast.actor("owner"),
        now=NOW,
    )


def test_H01_nothing_personal_is_written_in_the_audit_trail(cast):
    build(ask(cast))
    entry = AuditEntry.objects.get(action="export_asked")
    assert entry.detail == {"kind": "rdv", "format": "xlsx"}
