"""G14: usagers from a file: a trial line by line, then what the trial promised."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from agents.models import AuditEntry, RoleOrganisation
from tests.factories import AgentFactory, UsagerFactory
from usagers.models import Rattachement, Usager

pytestmark = pytest.mark.django_db
HEAD = "Nom;Prénom;E-mail;Téléphone;Date de naissance;Notes\n"


@pytest.fixture
def send(client, cast):
    cast.territoire.usager_fields = ["birth_date", "notes"]
    cast.territoire.save()
    client.force_login(cast.admin.account)
    url = reverse("usagers:usager_import", args=[cast.organisation.uuid])

    def post(content: str | bytes, name: str = "usagers.csv", encoding: str = "utf-8"):
        data = content.encode(encoding) if isinstance(content, str) else content
        return client.post(url, {"file": SimpleUploadedFile(name, data)})

    return post


def plan_of(page):
    text = page.content.decode()
    return text.split('name="plan" value="')[1].split('"')[0]


def test_G14_the_trial_tells_each_line_and_creates_nobody(client, cast, send):
    UsagerFactory(territoire=cast.territoire, first_name="Zoé", last_name="Connue")
    before = Usager.objects.count()
    lines = (
        "Dupré;Élise;ELISE@exemple.fr;06 39 98 12 34;24/08/1962;Vient le mardi\n"
        "Connue;Zoé;;;;\n"
        "Dupré;Élise;;;;\n"
        ";Sans nom;;;;\n"
        "=HYPERLINK(1);Luc;;;;\n"
        "Ravi;Tom 😀;;;;\n"
        "Faux;Jean;pas-une-adresse;;;\n"
        "Faux;Anne;;123;;\n"
        "Faux;Marc;;;31/02/2000;\n"
        f"{'x' * 200};Long;;;;\n"
    )
    page = send(HEAD + lines, encoding="utf-8")
    text = page.content.decode()
    assert page.status_code == 200
    assert "1 fiche peut être créée." in text
    assert "9 lignes laissées de côté." in text
    assert text.count("Doublon probable") == 2
    assert text.count("Refusée") == 7
    assert "Zoé CONNUE" in text
    assert Usager.objects.count() == before
    done = client.post(page.request["PATH_INFO"], {"plan": plan_of(page)})
    assert "1 fiche créée." in done.content.decode()
    made = Usager.objects.get(last_name="Dupré")
    assert (made.email, str(made.phone_number), made.origin) == (
        "elise@exemple.fr",
        "+33639981234",
        "import",
    )
    place = Rattachement.objects.get(usager=made)
    assert (place.organisation, place.notes) == (cast.organisation, "Vient le mardi")
    assert AuditEntry.objects.get(action="usager_imported").object_uuid == made.uuid
    again = client.post(page.request["PATH_INFO"], {"plan": plan_of(page)})
    assert "Doublon probable" in again.content.decode()


def test_G14_any_usual_file_and_no_foreign_column(send):
    book = Workbook()
    book.active.append(["Nom", "Prénom"])
    book.active.append(["Élan", "Noël"])
    file = io.BytesIO()
    book.save(file)
    assert "1 fiche peut" in send(file.getvalue(), "usagers.xlsx").content.decode()
    assert "Noël ÉLAN" in send("Nom;Prénom\nÉlan;Noël\n", encoding="cp1252").content.decode()
    for content in ("Nom;Prénom;id\nA;B;12\n", "Nom\nA\n", "Nom;Prénom\n", "Nom;Nom\nA;B\n"):
        assert send(content).status_code == 422
    assert send("Nom;Prénom\n" + "A;B\n" * 501).status_code == 422
    assert send("Nom;Prénom\n" + "A" * 2_000 + ";B\n").status_code == 422


def test_G14_the_right_is_read_again_when_it_is_for_good(client, cast, send):
    page = send("Nom;Prénom\nDupré;Élise\n")
    plan = plan_of(page)
    url = page.request["PATH_INFO"]
    assert client.post(url, {"plan": f"{plan}x"}).status_code == 422
    client.force_login(cast.territoire_admin.account)  # the plan is another’s
    assert client.post(url, {"plan": plan}).status_code == 422
    AgentFactory(organisations=[cast.organisation], organisations__level="admin")
    RoleOrganisation.objects.filter(agent=cast.admin).update(level="basique")
    client.force_login(cast.admin.account)
    assert client.post(url, {"plan": plan}).status_code == 403
    assert not Usager.objects.filter(last_name="Dupré").exists()
