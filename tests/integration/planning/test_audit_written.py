"""I03: each act that changes how a place works says who did it, to what, and where."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction
from django.urls import reverse

from agents.models import AuditEntry, Equipe, Invitation, Sector
from agents.services import territoire_edit
from agents.services.agent_equipes import change_equipes
from agents.services.agent_invite import InvitationFields, invite_agent
from agents.services.agent_rights import Rights, change_rights
from agents.services.equipe_edit import EquipeFields, create_equipe, delete_equipe, update_equipe
from agents.services.intervenant_convert import AccountFields, give_account, take_account
from agents.services.intervenant_edit import create_intervenant, rename_intervenant
from agents.services.invitation_send import resend_invitation
from agents.services.legal_page_edit import write_legal_page
from agents.services.organisation_archive import archive_organisation, restore_organisation
from agents.services.organisation_create import create_organisation
from agents.services.organisation_edit import OrganisationFields, update_organisation
from agents.services.profile import PhoneFields, update_own_agent
from agents.services.role_edit import add_to_organisation, change_level
from agents.services.sector_edit import (
    ZoneFields,
    add_zone,
    attribute,
    create_sector,
    delete_sector,
    update_sector,
)
from agents.services.service_switch import switch_service
from agents.services.sms_gateway_edit import edit_sms_gateway
from agents.services.start_up_hide import hide_start_up
from agents.services.webcal import close_webcal, open_webcal
from motifs.models import MotifCategory
from motifs.services.booking_suspend import suspend_motif, suspend_organisation
from motifs.services.lieu_edit import (
    LieuFields,
    create_lieu,
    delete_lieu,
    set_lieu_open,
    update_lieu,
)
from motifs.services.motif_archive import archive_motif, restore_motif
from motifs.services.motif_category_edit import create_category, delete_category, rename_category
from motifs.services.motif_edit import create_motif, update_motif
from motifs.services.motif_pack import take_pack
from planning.queries.audit_words import ACTIONS, KINDS
from planning.services.agent_remove import remove_agent
from planning.services.agent_services import change_services
from planning.services.invitation_cancel import cancel_invitation
from planning.services.lieu_close import close_lieu
from tests.factories import BrandFactory, service
from tests.factories.planning import NOW
from tests.integration.motifs.test_motif_edit import fields_of
from usagers.services.referent_edit import add_referent, remove_referent

pytestmark = pytest.mark.django_db
PLACE = LieuFields(name="Annexe", address="2 rue du Port, 44000 Nantes")


def territoire_act(**values):
    """Change the settings of the territoire that bear these columns."""
    kinds = (
        territoire_edit.FicheFields,
        territoire_edit.DataContacts,
        territoire_edit.EmbeddingSites,
    )
    kind = next(kind for kind in kinds if set(values) <= set(kind.__dataclass_fields__))

    def act(cast, **who):
        territoire_edit.update_territoire(
            territoire_id=cast.territoire.pk, fields=kind(**values), **who
        )

    return act


def equipes(cast, **who):
    fields = EquipeFields("Accueil", (cast.owner.uuid, cast.admin.uuid))
    made = create_equipe(territoire=cast.territoire, fields=fields, **who)
    update_equipe(equipe_id=made.pk, fields=replace(fields, name="Accueil Nord"), **who)
    agent = {"agent_id": cast.owner.pk, "territoire_id": cast.territoire.pk}
    kept = (cast.equipe.uuid,)
    change_equipes(**agent, equipes=kept, **who)
    delete_equipe(equipe_id=Equipe.objects.get(name="Accueil Nord").pk, **who)


def agents(cast, **who):
    place, owner = {"organisation_id": cast.organisation.pk}, {"agent_id": cast.same_service.pk}
    change_level(**owner, **place, level="admin", **who)
    rights = {"territoire_id": cast.territoire.pk, "rights": Rights(manages_teams=True)}
    change_rights(**owner, **rights, **who)
    codes = ("social", "pmi")
    change_services(**owner, territoire_id=cast.territoire.pk, services=codes, **who)
    elsewhere = {"organisation_id": cast.elsewhere_organisation.pk, "level": "basique"}
    add_to_organisation(**owner, territoire=cast.territoire, **elsewhere, **who)
    remove_agent(**owner, **place, **who)


def intervenants(cast, **who):
    place = {"organisation_id": cast.organisation.pk}
    made = create_intervenant(**place, last_name="Salle 1", services=("social",), **who)
    rename_intervenant(agent_id=made.pk, **place, last_name="Salle 2", **who)
    fields = AccountFields("salle@exemple.fr", "Anne", "Salle")
    give_account(agent_id=made.pk, **place, fields=fields, **who)
    take_account(agent_id=made.pk, **place, **who)


def invitations(cast, **who):
    fields = InvitationFields("nouvelle@exemple.fr", (cast.organisation.uuid,), ("social",))
    invite_agent(territoire=cast.territoire, fields=fields, **who)
    sent = Invitation.objects.get(email=fields.email)
    later = {**who, "now": NOW + timedelta(hours=2)}
    resend_invitation(invitation_id=sent.pk, organisation=cast.organisation, **later)
    cancel_invitation(invitation_id=sent.pk, organisation=cast.organisation, **who)


def organisations(cast, **who):
    made = create_organisation(territoire_id=cast.territoire.pk, name="CCAS", kind="ccas", **who)
    fields = OrganisationFields("CCAS de Nantes", kind="ccas")
    update_organisation(organisation_id=made.pk, fields=fields, **who)
    hide_start_up(organisation_id=made.pk, **who)
    archive_organisation(organisation_id=made.pk, **who)
    restore_organisation(organisation_id=made.pk, **who)


def sectors(cast, **who):
    made = create_sector(territoire_id=cast.territoire.pk, name="Nord", human_id="nord", **who)
    update_sector(sector_id=made.pk, name="Nord-Est", human_id="nord", **who)
    add_zone(sector_id=made.pk, fields=ZoneFields("62041", "Arras"), **who)
    attribute(sector_id=made.pk, organisation_uuid=cast.organisation.uuid, agent_uuid=None, **who)
    delete_sector(sector_id=Sector.objects.get(human_id="nord").pk, **who)


def lieux(cast, **who):
    made = create_lieu(organisation=cast.organisation, fields=PLACE, **who)
    update_lieu(lieu_id=made.pk, fields=replace(PLACE, name="Annexe Sud"), **who)
    close_lieu(lieu_id=made.pk, is_asked=False, **who)
    set_lieu_open(lieu_id=made.pk, is_open=True, **who)
    delete_lieu(lieu_id=made.pk, **who)


def motifs(cast, **who):
    motif = cast.motif
    create_motif(
        organisation=cast.organisation, fields=fields_of(motif, name="Un autre motif"), **who
    )
    update_motif(motif_id=motif.pk, fields=fields_of(motif, duration_minutes=45), **who)
    suspend_motif(motif_id=motif.pk, until=None, message="", **who)
    archive_motif(motif_id=motif.pk, **who)
    restore_motif(motif_id=motif.pk, **who)
    take_pack(organisation_id=cast.organisation.pk, kind="mairie", keys=(), **who)
    suspend_organisation(
        organisation_id=cast.organisation.pk,
        until=NOW.date() + timedelta(days=9),
        message="Fermé",
        **who,
    )


def categories(cast, **who):
    create_category(territoire_id=cast.territoire.pk, name="Papiers", **who)
    made = MotifCategory.objects.get(name="Papiers")
    rename_category(category_id=made.pk, name="Papiers d’identité", **who)
    delete_category(category_id=made.pk, **who)


def referents(cast, **who):
    named = {"usager_id": cast.usager.pk, "agent_id": cast.same_service.pk}
    add_referent(**named, organisation=cast.organisation, **who)
    remove_referent(**named, organisation=cast.organisation, **who)


def legal_pages(cast, **who):
    brand = BrandFactory(owner=cast.territoire)
    page = {"territoire_id": cast.territoire.pk, "brand_id": brand.pk, "kind": "mentions"}
    write_legal_page(**page, text="Nos mentions", **who)
    write_legal_page(**page, text="", **who)


def services(cast, **who):
    place = {"territoire_id": cast.territoire.pk, "service": service("logement")}
    switch_service(**place, is_active=True, **who)
    switch_service(**place, is_active=False, **who)


def own(cast, **who):
    update_own_agent(fields=PhoneFields("+33142278186"), **who)
    open_webcal(**who)
    close_webcal(**who)


ACTS = {
    equipes: "equipe_created equipe_changed equipes_changed equipe_deleted",
    agents: "level_changed rights_changed services_changed agent_added agent_removed",
    intervenants: "intervenant_created intervenant_renamed account_given account_taken",
    invitations: "agent_invited invitation_resent agent_deactivated invitation_cancelled",
    organisations: "organisation_created organisation_changed start_up_hidden "
    "organisation_archived organisation_restored",
    sectors: "sector_created sector_updated sector_zone_added sector_attributed sector_deleted",
    lieux: "lieu_created lieu_edited lieu_closed lieu_reopened lieu_deleted",
    motifs: "motif_created motif_edited booking_reopened motif_archived motif_restored "
    "motif_pack_taken booking_suspended",
    categories: "motif_category_created motif_category_renamed motif_category_deleted",
    referents: "referent_added referent_removed",
    legal_pages: "legal_page_changed legal_page_reset",
    services: "service_activated service_deactivated",
    own: "profile_changed webcal_opened webcal_closed",
    territoire_act(usager_fields=["notes"]): "territoire_fiches_changed",
    territoire_act(dpo_name="Ana Bel"): "territoire_data_contacts_changed",
    territoire_act(embedding_domains=["ville.example"]): "territoire_embedding_changed",
    lambda cast, **who: edit_sms_gateway(
        territoire_id=cast.territoire.pk, gateway="", sender="RDV", key="", **who
    ): "sms_gateway_changed",
}


def test_I03_whatever_changes_how_a_place_works_is_written_with_its_author_and_place(cast):
    actor = cast.actor("territoire_admin")
    trail = AuditEntry.objects.select_related("agent", "organisation", "territoire")
    for act, expected in ACTS.items():
        with transaction.atomic():
            act(cast, actor=actor, now=NOW)
            found = list(trail.order_by("pk"))
            transaction.set_rollback(True)
        assert [entry.action for entry in found] == expected.split()
        for entry in found:
            assert entry.agent == cast.territoire_admin, entry.action
            assert entry.organisation or entry.territoire, entry.action
            assert entry.object_uuid, entry.action
            assert (entry.action in ACTIONS, entry.object_kind in KINDS) == (True, True)


def test_I03_whatever_shows_people_leaves_its_trace(client, cast):
    """A fiche, a RDV, a search that shows masked people wherever it is done, an export."""
    client.force_login(cast.admin.account)
    place, words = cast.organisation.uuid, {"q": cast.other_usager.last_name, "chercher": "1"}
    client.get(reverse("usagers:usager_detail", args=[place, cast.usager.uuid]))
    client.get(reverse("planning:rdv_detail", args=[cast.rdv.uuid]))
    asked = {"uuid": uuid4(), "kind": "rdv", "file_format": "csv"}
    client.post(reverse("planning:export_request", args=[place]), asked)
    found = client.post(reverse("planning:rdv_edit", args=[cast.rdv.uuid]), words)
    assert cast.other_usager.full_name in found.content.decode()
    written = AuditEntry.objects.filter(agent=cast.admin, organisation=cast.organisation)
    assert set(written.values_list("action", "object_kind")) == {
        ("usager_seen", "usager"),
        ("rdv_seen", "rdv"),
        ("export_asked", "export"),
        ("usagers_searched_masked", "organisation"),
    }
