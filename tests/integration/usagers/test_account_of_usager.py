"""A08, A07, decisions 20 and 26: « Votre compte »: data, relatives, messages, access, the end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from notifications.models import OutboxMessage
from planning.models import Participation
from planning.rules.status import EXCUSED
from rdv.accounts.models import Account
from tests.factories import AgentFactory, MotifFactory, RdvFactory, UsagerFactory
from tests.integration.usagers.journey import NINE, NOW
from usagers.models import Usager

pytestmark = pytest.mark.django_db
ACCOUNT = reverse("usagers:account")
END = reverse("usagers:account_end")
PASSWORD = "Un-bon-mot-de-passe-7"
NAMES = {"first_name": "Léa", "last_name": "Martin"}


@pytest.fixture
def lea(world):
    return UsagerFactory(
        territoire=world.organisation.territoire,
        organisations=[world.organisation],
        with_account=True,
        email="lea@exemple.fr",
        phone_number="+33639981234",
        **NAMES,
    )


@pytest.fixture
def visitor(client, lea):
    client.force_login(lea.account)
    return client


def rdv_of(world, *usagers, starts_at=NINE, **motif):
    row = MotifFactory(organisation=world.organisation, **motif) if motif else world.motif
    agent = AgentFactory(organisations=[world.organisation])
    return RdvFactory(
        motif=row, lieu=world.lieu, agents=[agent], usagers=usagers, starts_at=starts_at
    )


def page_of(name, fiche):
    return reverse(name, args=[fiche.uuid])


def test_A08_informations_are_those_that_the_territoire_shows(visitor, lea):
    lea.territoire.usager_fields = ["birth_date", "caisse", "case_number", "notes"]
    lea.territoire.save()
    lea.case_number, lea.address = "DOSSIER-7", "3 rue du Port"
    lea.save()
    url = page_of("usagers:account_information", lea)
    text = visitor.get(url).text
    assert 'name="birth_date"' in text
    assert 'autocomplete="family-name"' in text
    assert "DOSSIER-7" not in text
    assert 'name="notes"' not in text
    assert "Responsable de ces informations" in text  # I08
    assert lea.territoire.name in text
    page = visitor.post(url, {**NAMES, "last_name": "Roy", "phone_number": "12", "caisse": "caf"})
    assert page.status_code == 422
    assert 'value="Roy"' in page.text
    typed = {**NAMES, "last_name": "Roy", "phone_number": "06 39 98 56 78", "caisse": "caf"}
    assert visitor.post(url, {**typed, "address": "ailleurs"}).status_code == 422
    assert visitor.post(url, typed).url == ACCOUNT
    lea.refresh_from_db()
    assert (lea.last_name, lea.phone_number, lea.caisse) == ("Roy", "+33639985678", "caf")
    assert (lea.case_number, lea.address, lea.email) == (
        "DOSSIER-7",
        "3 rue du Port",
        "lea@exemple.fr",
    )


def test_A04_a_certified_identity_is_frozen(visitor, lea):
    lea.identity_certified_at = NOW
    lea.save()
    typed = {"first_name": "Eve", "last_name": "Roy"}
    assert visitor.post(page_of("usagers:account_information", lea), typed).url == ACCOUNT
    lea.refresh_from_db()
    assert (lea.first_name, lea.last_name) == ("Léa", "Roy")


def test_A07_a_relative_is_added_corrected_removed(visitor, lea, world):
    visitor.post(page_of("usagers:proche_add", lea), {"first_name": "Zoé", "last_name": "Martin"})
    zoe = Usager.objects.get(responsable=lea)
    assert list(zoe.organisations.all()) == [world.organisation]
    assert "Zoé MARTIN" in visitor.get(ACCOUNT).text
    visitor.post(page_of("usagers:proche_edit", zoe), {"first_name": "Zoë", "last_name": "Martin"})
    rdv = rdv_of(world, zoe)
    page = visitor.post(page_of("usagers:proche_remove", zoe))
    assert page.status_code == 422
    assert "Un service attend cette personne" in page.text
    rdv.participations.update(status=EXCUSED, cancelled_at=NOW)
    assert visitor.post(page_of("usagers:proche_remove", zoe)).url == ACCOUNT
    zoe.refresh_from_db()
    assert zoe.anonymised_at is not None
    assert visitor.get(page_of("usagers:proche_edit", zoe)).status_code == 404


def test_A07_an_invisible_rdv_of_a_relative_is_not_told(visitor, lea, world):
    zoe = UsagerFactory(territoire=lea.territoire, responsable=lea, first_name="Zoé")
    rdv_of(world, zoe, name="Écoute", visibility="invisible")
    assert visitor.post(page_of("usagers:proche_remove", zoe)).url == ACCOUNT
    zoe.refresh_from_db()
    assert (zoe.anonymised_at, zoe.responsable, zoe.first_name) == (None, None, "Zoé")


def test_43_the_fiches_of_others_do_not_exist(visitor, lea):
    other = UsagerFactory(territoire=lea.territoire, with_account=True)
    proche = UsagerFactory(territoire=lea.territoire, responsable=other)
    for name, fiche in (
        ("usagers:account_information", other),
        ("usagers:proche_add", other),
        ("usagers:proche_edit", proche),
        ("usagers:proche_remove", proche),
        ("usagers:proche_add", UsagerFactory(territoire=lea.territoire, responsable=lea)),
    ):
        assert visitor.get(page_of(name, fiche)).status_code == 404, name


def test_C01_preferences_and_language_hold_in_every_territoire(visitor, lea):
    elsewhere = UsagerFactory(account=lea.account)
    url = reverse("usagers:account_preferences")
    visitor.post(url, {"notifies_by_email": "on", "language": "en"})
    for fiche in (lea, elsewhere):
        fiche.refresh_from_db()
        assert (fiche.notifies_by_email, fiche.notifies_by_sms) == (True, False)
        assert fiche.language == "en"
    assert visitor.cookies["django_language"].value == "en"
    assert visitor.post(url, {"language": "xx"}).status_code == 422


def test_A08_statements_of_the_account_do_not_grow_with_the_family(
    visitor, lea, django_assert_max_num_queries
):
    UsagerFactory(account=lea.account)
    for _ in range(6):
        UsagerFactory(territoire=lea.territoire, responsable=lea)
    with django_assert_max_num_queries(8):
        visitor.get(ACCOUNT)


def digits():
    message = OutboxMessage.objects.filter(kind="contact_code").latest("pk")
    return re.search(r"\b(\d{6})\b", message.body)[1]


def change_address(visitor, email):
    visitor.post(reverse("usagers:account_address"), {"email": email})
    return visitor.post(reverse("usagers:account_address_code"), {"code": digits()})


def test_A08_the_address_changes_once_its_code_is_typed(visitor, lea, world):
    Usager.objects.filter(pk=lea.pk).update(language="en")
    visitor.post(reverse("usagers:account_address"), {"email": "neuve@exemple.fr"})
    assert OutboxMessage.objects.get(kind="contact_code").recipient == "neuve@exemple.fr"
    lea.refresh_from_db()
    assert lea.email == "lea@exemple.fr"
    code = reverse("usagers:account_address_code")
    wrong = "000000" if digits() != "000000" else "111111"
    assert visitor.post(code, {"code": wrong}).status_code == 422
    assert visitor.post(code, {"code": digits()}).url == ACCOUNT
    lea.refresh_from_db()
    account = Account.objects.get(kind="usager")
    assert (lea.email, account.email, account.login) == (
        "neuve@exemple.fr",
        "neuve@exemple.fr",
        "usager:neuve@exemple.fr",
    )
    assert visitor.get(ACCOUNT).status_code == 200
    told = OutboxMessage.objects.get(kind="address_changed")
    assert (told.recipient, told.reply_to) == ("lea@exemple.fr", world.organisation.email)
    assert "You did not ask for this?" in told.body
    assert world.organisation.name in told.body
    for unsaid in ("Martin", "neuve@exemple.fr", "lea@exemple.fr"):
        assert unsaid not in told.subject + told.body + told.html
    UsagerFactory(territoire=lea.territoire, email="prise@exemple.fr")
    page = change_address(visitor, "prise@exemple.fr")
    assert page.status_code == 422
    assert "déjà celle d’un autre compte" in page.text


def test_decision_20_the_password_is_set_changed_removed(visitor, lea):
    url = reverse("usagers:account_password")
    assert visitor.post(url, {"new": "court", "again": "court"}).status_code == 422
    assert visitor.post(url, {"new": PASSWORD, "again": PASSWORD + "!"}).status_code == 422
    other = Client()
    other.force_login(lea.account)
    assert visitor.post(url, {"new": PASSWORD, "again": PASSWORD}).url == ACCOUNT
    assert visitor.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302  # other sessions end
    twice = {"new": PASSWORD + "8", "again": PASSWORD + "8"}
    assert visitor.post(url, {**twice, "current": "faux"}).status_code == 422
    assert visitor.post(url, {**twice, "current": PASSWORD}).url == ACCOUNT
    remove = {"remove": "1", "remove-form-current": PASSWORD}
    assert visitor.post(url, remove).status_code == 422
    visitor.post(url, {**remove, "remove-form-current": PASSWORD + "8"})
    lea.account.refresh_from_db()
    assert not lea.account.has_usable_password()


def test_26_the_end_cancels_tells_the_agents_and_forgets(visitor, lea, world):
    zoe = UsagerFactory(territoire=lea.territoire, responsable=lea)
    other = UsagerFactory(territoire=lea.territoire)
    rdv, workshop = (
        rdv_of(world, zoe),
        rdv_of(world, lea, other, name="Atelier", is_collective=True),
    )
    past = rdv_of(world, lea, starts_at=NINE - timedelta(days=30))
    page = visitor.get(END)
    assert page.text.count("rdv-choice__title") == 2
    assert visitor.post(END, {}).status_code == 422
    page = visitor.post(END, {"understood": "on"})
    assert page.status_code == 422
    assert "Vous avez des rendez-vous à venir" in page.text
    assert Participation.objects.active().count() == 4
    page = visitor.post(END, {"understood": "on", "accepts_cancelling": "on"})
    assert page.url == reverse("usagers:finished")
    rdv.refresh_from_db()
    workshop.refresh_from_db()
    assert (rdv.status, workshop.status) == (EXCUSED, "unknown")
    kinds = set(OutboxMessage.objects.values_list("kind", flat=True))
    assert {"rdv_cancelled_agent", "participation_cancelled_agent"} <= kinds
    for person in (lea, zoe):
        person.refresh_from_db()
        assert (person.full_name, person.email, person.account) == ("Usager SUPPRIMÉ", None, None)
    assert not Account.objects.filter(email="lea@exemple.fr").exists()
    assert past.participations.get().usager == lea
    assert visitor.get(ACCOUNT).status_code == 302


def test_26_a_rdv_that_cannot_be_cancelled_holds_the_account(visitor, lea, world, clock):
    rdv_of(world, lea)
    clock.move_to(NINE - timedelta(hours=3))
    visitor.force_login(lea.account)
    page = visitor.get(END)
    assert "Appelez d’abord le service" in page.text
    assert "Supprimer mon compte" not in page.text
    page = visitor.post(END, {"understood": "on", "accepts_cancelling": "on"})
    assert page.status_code == 422
    lea.refresh_from_db()
    assert lea.anonymised_at is None


def test_26_an_invisible_rdv_is_neither_told_nor_lost(visitor, lea, world):
    rdv = rdv_of(world, lea, name="Écoute", visibility="invisible")
    page = visitor.get(END)
    assert "Vos rendez-vous à venir" not in page.text
    assert visitor.post(END, {"understood": "on"}).url == reverse("usagers:finished")
    lea.refresh_from_db()
    assert (lea.account, lea.first_name) == (None, "Léa")
    assert rdv.participations.get().status == "unknown"


def test_A08_another_member_of_the_family_comes(visitor, lea, world):
    zoe = UsagerFactory(territoire=lea.territoire, responsable=lea, first_name="Zoé")
    rdv = rdv_of(world, lea)
    url = page_of("usagers:rdv_person", rdv)
    assert url in visitor.get(page_of("usagers:rdv_detail", rdv)).text
    assert visitor.post(url, {}).status_code == 422
    stranger = UsagerFactory(territoire=lea.territoire)
    assert visitor.post(url, {"person": stranger.uuid}).status_code == 422
    assert visitor.post(url, {"person": zoe.uuid}).status_code == 302
    rows = dict(rdv.participations.values_list("usager", "status"))
    assert rows == {lea.pk: EXCUSED, zoe.pk: "unknown"}
    rdv.refresh_from_db()
    assert (rdv.status, rdv.version) == ("unknown", 1)
    kinds = list(OutboxMessage.objects.values_list("kind", "recipient"))
    assert ("rdv_created", "lea@exemple.fr") in kinds
    assert "participation_added_agent" in [kind for kind, _ in kinds]
    # Back again: the same row, not a second one.
    visitor.post(url, {"person": lea.uuid})
    rows = dict(rdv.participations.values_list("usager", "status"))
    assert rows == {lea.pk: "unknown", zoe.pk: EXCUSED}


def test_A12_not_in_place_of_a_rdv_that_the_person_has(visitor, lea, world):
    zoe = UsagerFactory(territoire=lea.territoire, responsable=lea, first_name="Zoé")
    rdv, _other = rdv_of(world, lea), rdv_of(world, zoe, starts_at=NINE + timedelta(days=1))
    page = visitor.post(page_of("usagers:rdv_person", rdv), {"person": zoe.uuid})
    assert page.status_code == 422
    assert "a déjà ce rendez-vous" in page.text


def test_37_who_left_a_workshop_comes_back(visitor, lea, world):
    workshop = rdv_of(world, lea, name="Atelier", is_collective=True, booking_level="usagers")
    visitor.post(page_of("usagers:rdv_cancel", workshop))
    assert workshop.participations.get().status == EXCUSED
    OutboxMessage.objects.all().delete()
    assert "S’inscrire à nouveau" in visitor.get(page_of("usagers:rdv_detail", workshop)).text
    visitor.post(page_of("usagers:rdv_person", workshop), {"person": lea.uuid})
    row = workshop.participations.get()
    assert (row.usager, row.status) == (lea, "unknown")
    recipients = set(OutboxMessage.objects.filter(channel="email").values_list("kind", flat=True))
    assert recipients == {"rdv_created", "participation_added_agent"}
    assert timezone.now() == NOW
