"""G14: usagers from a file: a trial line by line, then what the trial promised, by a worker."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from agents.models import AuditEntry, RoleOrganisation
from rdv.schedule import BEAT
from tests.factories import AgentFactory, UsagerFactory
from usagers.models import ImportState, Rattachement, Usager, UsagerImport
from usagers.services import usager_import, usager_import_run
from usagers.services.usager_import_lines import UsagerLine
from usagers.services.usager_import_run import (
    confirm_import,
    purge_usager_imports,
    run_usager_import,
    start_import,
    sweep_usager_imports,
)

pytestmark = pytest.mark.django_db
HEAD = "Nom;Prénom;E-mail;Téléphone;Date de naissance;Notes\n"
LINES = (
    "Dupré;Élise;ELISE@exemple.fr;06 39 98 12 34;24/08/1962;Vient le mardi\n"
    "Connue;Zoé;;;;\n"
    "Dupré;Élise;;;;\n"
    "Autre;Nom;elise@exemple.fr;;;\n"
    "Autre;Encore;;0639981234;;\n"
    ";Sans nom;;;;\n"
    "=HYPERLINK(1);Luc;;;;\n"
    "Ravi;Tom 😀;;;;\n"
    "Faux;Jean;pas-une-adresse;;;\n"
    "Faux;Anne;;123;;\n"
    "Faux;Marc;;;31/02/2000;\n"
    "Faux;Léo;;;01/01/2999;\n"
    "Faux;Ode;;;01/01/0001;\n"
    "Faux;Ève;cachee@exemple.fr;;;\n"
    f"{'x' * 200};Long;;;;\n"
)


def work(sent):
    run_usager_import(import_id=sent.pk, clock=timezone.now)
    sent.refresh_from_db()
    return sent


@pytest.fixture
def send(client, cast):
    """Send a file as an admin; answer the refusal, or the page once a worker has checked it."""
    cast.territoire.usager_fields = ["birth_date", "notes"]
    cast.territoire.save()
    client.force_login(cast.admin.account)
    url = reverse("usagers:usager_import", args=[cast.organisation.uuid])

    def post(content: str | bytes, name: str = "usagers.csv", encoding: str = "utf-8"):
        data = content.encode(encoding) if isinstance(content, str) else content
        answer = client.post(url, {"file": SimpleUploadedFile(name, data)})
        if answer.status_code == 302:
            work(UsagerImport.objects.latest("pk"))
            answer = client.get(answer.url)
        return answer

    return post


def started(cast, *lines, who="admin"):
    return start_import(
        lines=lines, organisation=cast.organisation, actor=cast.actor(who), now=timezone.now()
    )


def some_lines(count):
    return [
        UsagerLine(n, last_name=f"Nom{n}", first_name="Léa", email=f"lea{n}@exemple.fr")
        for n in range(2, count + 2)
    ]


def test_G14_the_trial_tells_each_line_and_creates_nobody(client, cast, send):
    UsagerFactory(territoire=cast.territoire, first_name="Zoé", last_name="Connue")
    hidden = UsagerFactory(territoire=cast.territoire, email="cachee@exemple.fr")
    Usager.objects.filter(pk=hidden.pk).update(anonymised_at=timezone.now())
    before = Usager.objects.count()
    page = send(HEAD + LINES, encoding="utf-8")
    text = page.content.decode()
    assert "1 fiche peut être créée" in text
    assert "14 lignes laissées de côté" in text
    assert text.count("Doublon probable") == 4
    assert text.count("la ligne 2 du fichier") == 3
    assert text.count("Refusée") == 10
    assert "Zoé CONNUE" in text
    assert Usager.objects.count() == before
    # Looking up whoever one types, among people of other organisations, is written (I03).
    assert AuditEntry.objects.filter(action="usagers_searched_masked", agent=cast.admin).exists()
    its_report(client, cast, page.request["PATH_INFO"])


def its_report(client, cast, url):
    """The admin confirms, twice: what the trial promised is done, once."""
    assert client.post(url).status_code == 302
    sent = work(UsagerImport.objects.get())
    assert client.post(url).status_code == 302  # a second click
    done = client.get(url).content.decode()
    assert "1 fiche créée" in done
    assert done.count("Refusée") == 10
    made = Usager.objects.get(last_name="Dupré")
    assert (made.email, str(made.phone_number), made.origin) == (
        "elise@exemple.fr",
        "+33639981234",
        "import",
    )
    place = Rattachement.objects.get(usager=made)
    assert (place.organisation, place.notes) == (cast.organisation, "Vient le mardi")
    assert AuditEntry.objects.get(action="usager_imported").object_uuid == made.uuid
    assert (sent.state, sent.lines) == (ImportState.DONE, [])  # the file is forgotten
    left = client.get(url, {"lignes": "ecartees"}).content.decode()
    assert "Élise DUPRÉ</td>" in left
    assert "Fiche créée" not in left


def test_G14_any_usual_file_and_no_foreign_column(send):
    book = Workbook()
    book.active.append(["Nom", "Prénom", "Téléphone", "Date de naissance"])
    book.active.append(["Élan", "Noël", 639981234, datetime(1962, 8, 24)])
    file = io.BytesIO()
    book.save(file)
    assert "1 fiche peut" in send(file.getvalue(), "usagers.xlsx").content.decode()
    (line,) = UsagerImport.objects.get().reports
    assert line == [2, "Noël ÉLAN", "new", ""]
    assert "Noël ÉLAN" in send("Nom;Prénom\nÉlan;Noël\n", encoding="cp1252").content.decode()
    for content in ("Nom;Prénom;id\nA;B;12\n", "Nom\nA\n", "Nom;Prénom\n", "Nom;Nom\nA;B\n"):
        assert send(content).status_code == 422
    for cell in ("A" * 2_000, "A\x00", "A\x1b", '"A', "A" * 900_000):
        assert send(f"Nom;Prénom\n{cell};B\n").status_code == 422
    assert send("Nom;Prénom\n" + "A;B\n" * 5_001).status_code == 422
    assert send(b"Nom;Pr\x81nom\nA;B\n").status_code == 422


def test_G14_the_right_is_read_again_when_it_is_for_good(client, cast, send):
    send("Nom;Prénom\nDupré;Élise\n")
    sent = UsagerImport.objects.get()
    place = [cast.organisation.uuid, sent.uuid]
    url = reverse("usagers:usager_import_report", args=place)
    client.force_login(cast.territoire_admin.account)  # the file is another’s
    assert [client.get(url).status_code, client.post(url).status_code] == [404, 404]
    AgentFactory(organisations=[cast.organisation], organisations__level="admin")
    confirm_import(import_id=sent.pk, actor=cast.actor("admin"))
    RoleOrganisation.objects.filter(agent=cast.admin).update(level="basique")
    client.force_login(cast.admin.account)
    assert client.post(url).status_code == 403
    work(sent)
    assert (sent.state, sent.lines) == (ImportState.FAILED, [])
    assert not Usager.objects.filter(last_name="Dupré").exists()


def test_G14_a_thousand_lines_take_the_statements_of_a_few(cast, monkeypatch):
    """5,000 lines: ten batches. Each line is asked about, written and told with the others."""
    few, many = started(cast, *some_lines(2)), started(cast, *some_lines(1_000))
    counts = []
    for sent in (few, many):
        with CaptureQueriesContext(connection) as said:
            work(sent)
        counts.append(len(said))
        assert len([row for row in sent.reports if row[2] == "new"]) == sent.total
    batches = 1_000 // usager_import_run.BATCH
    assert counts[0] <= 25
    assert counts[1] <= batches * counts[0]


def test_G14_a_worker_that_dies_does_no_line_twice_and_the_next_one_goes_on(cast, monkeypatch):
    monkeypatch.setattr(usager_import_run, "BATCH", 2)
    lines = [*some_lines(3), UsagerLine(9, last_name="NOM2", first_name="Lea")]
    sent, write, calls = started(cast, *lines), usager_import._write, []

    def dying(*args, **kwargs):
        calls.append(len(args[0]))
        if len(calls) in (2, 5):
            raise KeyboardInterrupt
        return write(*args, **kwargs)

    monkeypatch.setattr(usager_import, "_write", dying)
    for state in (ImportState.CHECKED, ImportState.DONE):
        with pytest.raises(KeyboardInterrupt):
            work(sent)
        sent.refresh_from_db()
        assert (sent.position, sent.is_working) == (2, True)
        assert sweep_usager_imports() == 1
        assert work(sent).state == state
        if state == ImportState.CHECKED:
            assert [row[2] for row in sent.reports] == ["new", "new", "new", "duplicate"]
            assert not Usager.objects.filter(origin="import").exists()
            confirm_import(import_id=sent.pk, actor=cast.actor("admin"))
    assert Usager.objects.filter(origin="import").count() == 3
    assert [row[0] for row in sent.reports] == [2, 3, 4, 9]


def test_G14_what_the_database_refuses_is_told_of_its_line_alone(cast, monkeypatch):
    """Somebody takes the address between the question and the answer."""
    sent, taken = started(cast, *some_lines(3)), []
    write = usager_import._write

    def late(*args, **kwargs):
        taken.append(UsagerFactory(territoire=cast.territoire, email="lea3@exemple.fr"))
        return write(*args, **kwargs)

    monkeypatch.setattr(usager_import, "_write", late)
    assert [row[2] for row in work(sent).reports] == ["new", "wrong", "new"]
    assert "porte déjà cette adresse" in sent.reports[1][3]


def test_G14_a_fault_of_ours_is_said_without_a_word_of_the_file(cast, monkeypatch, caplog):
    def broken(*_args, **_kwargs):
        raise DatabaseError("lea2@exemple.fr")

    sent = started(cast, *some_lines(1))
    monkeypatch.setattr(usager_import, "_write", broken)
    assert work(sent).state == ImportState.FAILED
    assert "lea2" not in f"{sent.error} {caplog.text}"


def test_G14_files_are_forgotten_after_a_day(cast):
    assert BEAT["purge_usager_imports"]["task"] == "purge_usager_imports"
    assert BEAT["sweep_usager_imports"]["task"] == "sweep_usager_imports"
    sent = started(cast, *some_lines(1))
    day = timedelta(hours=24)
    assert purge_usager_imports(now=sent.created_at + day - timedelta(minutes=1)) == 0
    assert purge_usager_imports(now=sent.created_at + day + timedelta(minutes=1)) == 1
