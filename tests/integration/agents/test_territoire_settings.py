"""G05, I08, A10, C05: the settings of a territoire, through their pages."""

from __future__ import annotations

import pytest
from django.urls import reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from agents.models import AuditEntry, Territoire
from agents.services.territoire_edit import DataContacts, update_territoire
from agents.services.territoire_lock import TerritoireRefused
from notifications.models import OutboxMessage
from rdv.common.encryption import Secret
from tests.factories import AgentFactory, MotifFactory, service
from tests.factories.planning import NOW

VALID = {
    "name": "Aisne",
    "phone_number": "03 23 00 00 00",
    "email": "contact@aisne.fr",
    "timezone": "Europe/Paris",
    "holiday_zone": "alsace-moselle",
    "searches_across_organisations": "on",
    "colours_arrivals": "on",
}


@pytest.fixture
def admin(client, cast):
    cast.sign_in(client, "territoire_admin")
    return client


def url_of(cast, name):
    return reverse(name, args=[cast.territoire.uuid])


def again(cast):
    return Territoire.objects.get(pk=cast.territoire.pk)


def test_G05_the_settings_are_saved_and_audited(admin, cast):
    url = url_of(cast, "agents:territoire_settings")
    assertContains(admin.get(url), "Des plages ou des RDV existent")
    assertRedirects(admin.post(url, VALID), url)
    territoire = again(cast)
    assert (territoire.name, territoire.holiday_zone) == ("Aisne", "alsace-moselle")
    assert (territoire.phone_number, territoire.shows_rdv_context) == ("+33323000000", False)
    entry = AuditEntry.objects.get(action="territoire_settings_changed")
    assert (entry.territoire, entry.agent) == (cast.territoire, cast.territoire_admin)
    assert "Aisne" not in str(entry.detail)
    assert entry.detail["fields"][0] == "email"
    admin.post(url, VALID)
    assert AuditEntry.objects.filter(action="territoire_settings_changed").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "é" * 121}, "name"),
        ({"name": "a\x00b"}, "name"),
        ({"phone_number": "<script>"}, "phone_number"),
        ({"email": "x@" + "y" * 300}, "email"),
        ({"holiday_zone": "lune"}, "holiday_zone"),
    ],
)
def test_G05_bad_settings_come_back_as_typed(admin, cast, changes, field):
    response = admin.post(url_of(cast, "agents:territoire_settings"), {**VALID, **changes})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["email"].value() == {**VALID, **changes}["email"]


def test_G05_the_clock_stays_once_people_have_hours(admin, cast):
    url = url_of(cast, "agents:territoire_settings")
    admin.post(url, {**VALID, "timezone": "Indian/Reunion"})
    assert again(cast).timezone == "Europe/Paris"
    elsewhere = AgentFactory(territoire_admin=Territoire.objects.create(name="Île", slug="ile"))
    territoire = elsewhere.droits.get().territoire
    admin.force_login(elsewhere.account)
    url = reverse("agents:territoire_settings", args=[territoire.uuid])
    admin.post(url, {**VALID, "timezone": "Indian/Reunion"})
    territoire.refresh_from_db()
    assert territoire.timezone == "Indian/Reunion"


def test_G05_text_is_shown_and_never_run(admin, cast):
    admin.post(url_of(cast, "agents:territoire_settings"), {**VALID, "name": "<b>Aisne</b> 🎉"})
    page = admin.get(url_of(cast, "agents:territoire_home"))
    assertContains(page, "&lt;b&gt;Aisne&lt;/b&gt; 🎉")
    assertNotContains(page, "<b>Aisne")


def test_G05_which_fields_the_fiches_show(admin, cast):
    url = url_of(cast, "agents:fiche_fields")
    assertRedirects(admin.post(url, {"usager_fields": ["notes", "caisse"]}), url)
    assert set(again(cast).usager_fields) == {"notes", "caisse"}
    assert admin.post(url, {"usager_fields": ["password"]}).status_code == 422
    assertRedirects(admin.post(url, {}), url)
    assert again(cast).usager_fields == []


def test_I08_who_answers_for_the_data_is_said_where_it_is_asked(admin, cast, client):
    url = url_of(cast, "agents:data_contacts")
    assertContains(admin.get(url), cast.territoire.name)
    typed = {
        "controller_name": "Conseil départemental <i>de l’Aisne</i>",
        "dpo_name": "Service des données",
        "dpo_email": "dpo@aisne.fr",
    }
    assertRedirects(admin.post(url, typed), url)
    page = admin.get(url)
    assertContains(page, "Conseil départemental &lt;i&gt;de l’Aisne&lt;/i&gt;", count=2)
    assertContains(page, 'href="mailto:dpo@aisne.fr"')
    assert admin.post(url, {**typed, "dpo_email": "personne"}).status_code == 422
    client.logout()
    cast.sign_in(client, "usager")
    theirs = client.get(reverse("usagers:account"))
    assert theirs.status_code == 200


def test_A10_the_sites_that_may_show_the_journey(admin, cast, settings):
    url = url_of(cast, "agents:embedding_sites")
    assertRedirects(admin.post(url, {"embedding_domains": "www.ville.fr\r\n*.Ville.fr\r\n"}), url)
    assert again(cast).embedding_domains == ["www.ville.fr", "*.ville.fr"]
    assertContains(admin.get(url), "*.ville.fr")
    for typed in ("https://ville.fr", "*.fr", "\n".join(f"www{n}.ville.fr" for n in range(51))):
        response = admin.post(url, {"embedding_domains": typed})
        assert response.status_code == 422
        assert response.context["form"]["embedding_domains"].value() == typed
    assert len(again(cast).embedding_domains) == 2
    # This machine, while one develops.
    for allowed, status in ((False, 422), (True, 302)):
        settings.EMBEDDING_ALLOWS_LOCAL = allowed
        typed = {"embedding_domains": "http://localhost:8001"}
        assert admin.post(url, typed).status_code == status
    assert again(cast).embedding_domains == ["localhost:8001"]


def test_C05_the_key_is_never_shown_again(admin, cast):
    url = url_of(cast, "agents:sms_gateway_edit")
    typed = {"sms_gateway": "brevo", "sms_sender": "RdvAisne", "key": "cle-tres-secrete-9f3a"}
    assertRedirects(admin.post(url, typed), url)
    page = admin.get(url)
    assertContains(page, "••••9f3a")
    assertNotContains(page, "secrete")
    refused = admin.post(url, {**typed, "sms_sender": "R D V"})
    assertContains(refused, "3 à 11 lettres", status_code=422)
    assertNotContains(refused, "secrete", status_code=422)
    assert admin.post(url, {**typed, "sms_gateway": "pigeon"}).status_code == 422
    assertRedirects(admin.post(url, {**typed, "key": ""}), url)
    assert again(cast).sms_credentials.reveal() == "cle-tres-secrete-9f3a"
    Territoire.objects.filter(pk=cast.territoire.pk).update(sms_credentials=Secret("illisible"))
    assertContains(admin.get(url), "••••.")


def test_C05_a_trial_goes_to_one_s_own_mobile_only(admin, cast):
    url, trial = url_of(cast, "agents:sms_gateway_edit"), url_of(cast, "agents:sms_trial")
    assertContains(admin.post(trial, {"phone": "+33639980001"}, follow=True), "numéro de mobile")
    assert not OutboxMessage.objects.exists()
    cast.territoire_admin.phone_number = "+33639981234"
    cast.territoire_admin.save()
    assertContains(admin.get(url), "06 39 98 12 34")
    for _ in range(6):
        page = admin.post(trial, follow=True)
    assertContains(page, "Trop de demandes")
    assert set(OutboxMessage.objects.values_list("recipient", "kind")) == {
        ("+33639981234", "sms_trial_agent")
    }
    assert OutboxMessage.objects.count() == 5
    assertContains(admin.get(url), "Dernier essai")


def test_G05_a_service_in_use_stays(admin, cast, django_assert_max_num_queries):
    url = url_of(cast, "agents:service_list")

    def switch(code, active):
        return admin.post(
            reverse("agents:service_switch", args=[cast.territoire.uuid, code]),
            {"active": active},
        )

    assertRedirects(switch("urbanisme", "1"), url)
    assert cast.territoire.territoire_services.filter(service__code="urbanisme").exists()
    refused = switch("social", "0")
    assertContains(refused, cast.motif.name, status_code=422)
    assertContains(refused, cast.owner.full_name, status_code=422)
    motif = MotifFactory(
        organisation=cast.elsewhere_organisation, service=service("urbanisme"), archived_at=NOW
    )
    assertRedirects(switch("urbanisme", "0"), url)
    assert motif.service.code == "urbanisme"
    assert switch("astrologie", "1").status_code == 404
    actions = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["service_activated", "service_deactivated"]
    with django_assert_max_num_queries(9):
        admin.get(url)


def test_G05_the_service_checks_by_itself(cast):
    for who in ("admin", "stranger", "usager", "nobody"):
        with pytest.raises(TerritoireRefused):
            update_territoire(
                territoire_id=cast.territoire.pk,
                fields=DataContacts(dpo_name="Moi"),
                actor=cast.actor(who),
                now=NOW,
            )
