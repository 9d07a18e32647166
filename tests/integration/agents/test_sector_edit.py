"""G15: sectors in « Espace admin » – list, zones, attributions, files; hostile entries."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from agents.models import Attribution, AuditEntry, RoleOrganisation, Sector, SectorZone
from agents.queries.actor import agent_actor
from agents.services.sector_edit import SectorRefused
from agents.services.sector_edit import attribute as attribute_sector
from tests.factories import (
    AgentFactory,
    OrganisationFactory,
    SectorFactory,
    SectorZoneFactory,
    TerritoireFactory,
)
from tests.factories.planning import NOW

pytestmark = pytest.mark.django_db

STREET = {
    "city_name": "Arras",
    "city_code": "62041",
    "street_name": "Rue de Lille",
    "street_code": "62041_0270",
}
HOSTILE = ["<script>alert(1)</script>", "=HYPERLINK(1)", "😀" * 200, "\x00", "-1", "x" * 5_000]


@pytest.fixture
def territoire():
    return TerritoireFactory()


@pytest.fixture
def admin(client, territoire):
    agent = AgentFactory(territoire_admin=territoire)
    client.force_login(agent.account)
    client.actor = agent_actor(agent)
    return client


def url(name, *rows):
    return reverse(name, args=[row.uuid for row in rows])


def test_G15_a_sector_from_its_creation_to_its_end(admin, territoire):
    organisation = OrganisationFactory(territoire=territoire)
    agent = AgentFactory(organisations=[organisation])
    page = admin.post(
        url("agents:sector_create", territoire), {"name": "Arras nord", "human_id": "arras-nord"}
    )
    sector = Sector.objects.get()
    page = admin.get(page.url)
    assert "Personne ne reçoit ce secteur" in page.text
    add = url("agents:sector_zone_add", territoire, sector)
    admin.post(add, {"city_name": "Arras", "city_code": "62041"})
    admin.post(add, {**STREET, "street_code": "62041_0270"})
    assert {zone.level for zone in sector.zones.all()} == {"city", "street"}
    attribute = url("agents:sector_attribute", territoire, sector)
    admin.post(attribute, {"receiver": str(organisation.uuid)})
    admin.post(attribute, {"receiver": f"{organisation.uuid}/{agent.uuid}"})
    page = admin.get(url("agents:sector_detail", territoire, sector))
    assert agent.full_name in page.text
    assert "toute l’organisation" in page.text
    RoleOrganisation.objects.filter(agent=agent).delete()
    row = Attribution.objects.get()  # the agent's went with their role
    admin.post(
        reverse("agents:sector_attribution_end", args=[territoire.uuid, sector.uuid, row.uuid])
    )
    assert not Attribution.objects.exists()
    page = admin.get(url("agents:sector_delete", territoire, sector))
    assert "2 zones (communes et rues) : Arras ; Rue de Lille, Arras ;" in page.text
    assert "C’est le dernier secteur" in page.text
    admin.post(url("agents:sector_delete", territoire, sector))
    assert not SectorZone.objects.exists()
    assert AuditEntry.objects.filter(action="sector_deleted", territoire=territoire).exists()


def test_G15_zones_go_one_by_one_or_all_at_once(admin, territoire):
    sector = SectorFactory(territoire=territoire, cities={"62041": "Arras", "62498": "Lens"})
    kept = SectorZoneFactory(sector=SectorFactory(territoire=territoire))
    remove = url("agents:sector_zones_remove", territoire, sector)
    one = sector.zones.get(city_code="62041")
    page = admin.post(remove, {"zones": [str(one.uuid), str(kept.uuid), "x"]}, follow=True)
    assert "1 zone retirée." in page.text
    page = admin.post(remove, follow=True)
    assert "Cochez au moins une zone." in page.text
    admin.post(remove, {"all": "1"})
    assert list(SectorZone.objects.all()) == [kept]


def test_G15_the_list_has_a_bounded_number_of_queries(
    admin, territoire, django_assert_max_num_queries
):
    for _ in range(6):
        SectorFactory(
            territoire=territoire,
            cities={"62041": "Arras"},
            organisations=[OrganisationFactory(territoire=territoire)],
        )
    with django_assert_max_num_queries(12):
        admin.get(url("agents:sector_list", territoire))
    sector = Sector.objects.first()
    with django_assert_max_num_queries(18):
        admin.get(url("agents:sector_detail", territoire, sector))


@pytest.mark.parametrize("typed", HOSTILE)
def test_G15_hostile_entries_are_refused_and_come_back_escaped(admin, territoire, typed):
    sector = SectorFactory(territoire=territoire)
    page = admin.post(url("agents:sector_create", territoire), {"name": typed, "human_id": typed})
    # A number is an identifier like another, but does not begin with a dash.
    assert page.status_code == 422
    assert "<script>alert" not in page.text
    for changes in ({"city_code": typed}, {"street_code": typed}, {"street_name": ""}):
        page = admin.post(url("agents:sector_zone_add", territoire, sector), {**STREET, **changes})
        assert page.status_code == 422
    page = admin.post(url("agents:sector_attribute", territoire, sector), {"receiver": typed})
    assert page.status_code == 422
    assert not SectorZone.objects.exists()


def test_G15_what_is_of_another_territoire_is_not_there(admin, territoire):
    sector, foreign = SectorFactory(territoire=territoire), SectorFactory()
    elsewhere = OrganisationFactory()
    admin.raise_request_exception = True
    assert admin.get(url("agents:sector_detail", territoire, foreign)).status_code == 404
    assert admin.post(url("agents:sector_delete", territoire, foreign)).status_code == 404
    page = admin.post(
        url("agents:sector_attribute", territoire, sector), {"receiver": str(elsewhere.uuid)}
    )
    assert page.status_code == 422
    page = admin.post(
        url("agents:sector_zone_add", territoire, sector),
        {"city_name": "Lille", "city_code": "59350"},
    )
    assert "Cette commune n’est pas du département 62." in page.text
    assert Sector.objects.count() == 2


def sent(text: str | bytes, name="zones.csv"):
    content = text.encode() if isinstance(text, str) else text
    return {"file": SimpleUploadedFile(name, content)}


GOOD = (
    "sector_id;city_name;city_code;street_name;street_code\n"
    "nord;Arras;62041;;\nnord;Lens;62498;Rue de Lille;62498_1540\n"
)


def test_G15_a_file_is_tried_then_written(admin, territoire):
    SectorFactory(territoire=territoire, human_id="nord", cities={"62041": "ARRAS"})
    page = admin.post(url("agents:sector_import", territoire), sent(GOOD))
    assert "2 zones à enregistrer" in page.text
    assert SectorZone.objects.count() == 1
    plan = page.context["plan"]
    admin.post(url("agents:sector_import", territoire), {"plan": plan})
    found = SectorZone.objects.values_list("city_name", "street_code")
    assert set(found) == {("Arras", ""), ("Lens", "62498_1540")}
    page = admin.post(url("agents:sector_import", territoire), {"plan": plan + "x"})
    assert page.status_code == 422
    other = TerritoireFactory()
    admin.force_login(AgentFactory(territoire_admin=other).account)
    page = admin.post(url("agents:sector_import", other), {"plan": plan})
    assert page.status_code == 422


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("sector_id;city_name\nnord;Arras", "Il manque des colonnes : city_code"),
        (GOOD + "sud;Arras;62041;;\n", "Secteur inconnu"),
        (GOOD + "nord;Lille;59350;;\n", "pas du département 62"),
        (GOOD + "nord;Arras;62041;;\n", "déjà à la ligne 2"),
        (GOOD + "nord;Arras;62041;Rue;59350_1\n", "L’identifiant d’une rue commence"),
        (GOOD + "nord;Arras;62041;Rue;\n", "Une rue a un nom et un identifiant"),
        (GOOD + "nord;;62042;;\n", "Ligne 4 : city_name : Ce champ ne peut"),
        (GOOD + f"nord;{'x' * 900};62042;;\n", "120"),
        ("", "vide"),
        (b"\xff\xfe\x00\x01", "lisible"),
    ],
)
def test_G15_one_line_at_fault_and_nothing_is_written(admin, territoire, text, told):
    SectorFactory(territoire=territoire, human_id="nord")
    page = admin.post(url("agents:sector_import", territoire), sent(text))
    assert page.status_code == 422
    assert told in page.text
    assert not SectorZone.objects.exists()


def test_G15_what_is_exported_can_be_imported(admin, territoire):
    sector = SectorFactory(
        territoire=territoire, name="=1+1", human_id="nord", cities={"62041": "=2+2"}
    )
    page = admin.get(url("agents:sector_export", territoire))
    content = b"".join(page.streaming_content)
    header, row = load_workbook(BytesIO(content)).active.iter_rows()
    assert [cell.value for cell in header][:3] == ["sector_name", "sector_id", "city_code"]
    assert [cell.data_type for cell in row[:4]] == ["s"] * 4
    page = admin.post(url("agents:sector_import", territoire), sent(content, "secteurs.xlsx"))
    assert page.context["report"].sectors[0].same == 1
    assert sector.zones.count() == 1


def test_G15_a_spreadsheet_that_ate_a_zero_is_understood(admin):
    ain = TerritoireFactory(departement_number="01")
    admin.force_login(AgentFactory(territoire_admin=ain).account)
    SectorFactory(territoire=ain, human_id="nord")
    book = Workbook()
    book.active.append(["sector_id", "city_name", "city_code"])
    book.active.append(["nord", "Bourg-en-Bresse", 1053])
    content = BytesIO()
    book.save(content)
    page = admin.post(url("agents:sector_import", ain), sent(content.getvalue(), "zones.xlsx"))
    admin.post(url("agents:sector_import", ain), {"plan": page.context["plan"]})
    assert SectorZone.objects.get().city_code == "01053"


def test_G15_a_hostile_name_is_kept_as_text_on_every_page(admin, territoire):
    """Nothing forbids « < » in a name: it is written, never obeyed."""
    evil = "<img src=x onerror=alert(1)>\"'{{ 7|add:7 }}=1+1 😀"
    sector = SectorFactory(territoire=territoire)
    organisation = OrganisationFactory(territoire=territoire, name=evil)
    edit = url("agents:sector_edit", territoire, sector)
    for typed in ({"name": "", "human_id": "x"}, {"name": "x" * 121, "human_id": evil}):
        assert admin.post(edit, typed).status_code == 422
    admin.post(edit, {"name": evil, "human_id": "evil"})
    admin.post(
        url("agents:sector_zone_add", territoire, sector), {"city_name": evil, "city_code": "62041"}
    )
    admin.post(
        url("agents:sector_attribute", territoire, sector), {"receiver": str(organisation.uuid)}
    )
    sector.refresh_from_db()
    assert (sector.name, sector.zones.get().city_name) == (evil, evil)
    text = f"sector_id;city_name;city_code\nevil;{evil.replace(chr(34), '')};62041\n"
    pages = [admin.post(url("agents:sector_import", territoire), sent(text))]
    pages += [admin.get(url("agents:sector_list", territoire))]
    pages += [
        admin.get(url(f"agents:sector_{name}", territoire, sector))
        for name in ("detail", "edit", "delete")
    ]
    for page in pages:
        assert page.status_code == 200
        assert "<img src=x" not in page.text
        assert "&lt;img src=x" in page.text


def test_G15_attributions_of_others_cannot_be_forged_nor_ended(admin, territoire):
    sector = SectorFactory(territoire=territoire)
    organisation = OrganisationFactory(territoire=territoire)
    mine, stranger = AgentFactory(organisations=[organisation]), AgentFactory()
    gone = AgentFactory(organisations=[organisation], deactivated_at=NOW)
    elsewhere = OrganisationFactory()
    foreign = SectorFactory(territoire=elsewhere.territoire, organisations=[elsewhere])
    kept = foreign.attributions.get()
    attribute = url("agents:sector_attribute", territoire, sector)
    for agent in (stranger, gone):
        page = admin.post(attribute, {"receiver": f"{organisation.uuid}/{agent.uuid}"})
        assert page.status_code == 422
    for organisation_uuid, agent_uuid in (
        (kept.organisation.uuid, None),
        (organisation.uuid, stranger.uuid),
        (kept.organisation.uuid, mine.uuid),
    ):
        with pytest.raises(SectorRefused):
            attribute_sector(
                sector_id=sector.pk,
                organisation_uuid=organisation_uuid,
                agent_uuid=agent_uuid,
                actor=admin.actor,
                now=NOW,
            )
    end = reverse("agents:sector_attribution_end", args=[territoire.uuid, sector.uuid, kept.uuid])
    admin.post(end)
    assert list(Attribution.objects.all()) == [kept]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("sector_id;city_name;city_code\nnord;Arras\x00;62041\n", "illisibles"),
        (GOOD.encode("utf-16"), "illisible"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 64, "illisible"),
        (b"PK\x03\x04" + b"\x00" * 64, "illisible"),
        ("sector_id;city_name;city_code\nnord;" + "é" * 1_001 + ";62041\n", "illisibles"),
        ("sector_id;city_name;city_code" + ";x" * 40 + "\n", "trop de colonnes"),
        ("sector_id;city_name;city_code\n" + "nord;A;62041\n" * 3_001, "plus de 3000 lignes"),
        ('sector_id;city_name;city_code\nnord;"Arras;62041\n', "mal formé"),
        ("sector_id;city_name;city_code\nnord;Arras;=62041\n", "Ligne 2 : city_code"),
        ("sector_id;city_name;city_code\nnord;Arras;-2041\n", "5 signes"),
        ("sector_id;city_name;city_code\n<script>;Arras;62041\n", "&lt;script&gt;"),
    ],
)
def test_G15_hostile_files_are_refused(admin, territoire, content, told):
    SectorFactory(territoire=territoire, human_id="nord")
    page = admin.post(url("agents:sector_import", territoire), sent(content))
    assert page.status_code == 422
    assert told in page.text.replace("\xa0", "").replace("\u202f", "")
    assert "<script>;" not in page.text
    assert not SectorZone.objects.exists()


def test_G15_what_excel_writes_in_french_is_read(admin, territoire):
    SectorFactory(territoire=territoire, human_id="nord")
    content = "sector_id;city_name;city_code\nnord;Béthune – Été 😀;62119\n"
    latin = content.replace(" 😀", "").encode("cp1252")
    for sent_as in (latin, content.encode("utf-8-sig")):
        page = admin.post(url("agents:sector_import", territoire), sent(sent_as))
        admin.post(url("agents:sector_import", territoire), {"plan": page.context["plan"]})
    assert SectorZone.objects.get().city_name == "Béthune – Été 😀"


@pytest.mark.parametrize("plan", ["", "x", "\x00", "é" * 10_000, "a:b:c"])
def test_G15_a_forged_plan_writes_nothing(admin, territoire, plan):
    page = admin.post(url("agents:sector_import", territoire), {"plan": plan})
    assert page.status_code == 422
    assert "Renvoyez le fichier" in page.text
