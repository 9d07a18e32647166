"""Every table and column, and what becomes of it in a copy that leaves the production (I03).

One declaration, which a test compares with the database: a new column fails until it is here. In a
table, columns that none of the rules name must be in `kept`.

- `emptied`: the rows go.
- `kept`: keys, dates, figures, choices of a list, and what is public anyway.
- `erased`: NULL, or "" / {} where NULL is refused.
- `replaced`: "anonyme <id>"; what was empty stays empty.
- `emails`, `phones`, `digests`: a value of that form, unique to the row.
- `written`: an SQL expression of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Columns:
    """Names of columns, separated by spaces."""

    kept: str = ""
    erased: str = ""
    replaced: str = ""
    emails: str = ""
    phones: str = ""
    digests: str = ""
    written: dict[str, str] = field(default_factory=dict)

    def names(self) -> list[str]:
        rules = (self.kept, self.erased, self.replaced, self.emails, self.phones, self.digests)
        return [*" ".join(rules).split(), *self.written]


EMPTIED = (
    "account_emailconfirmation",
    "accounts_accountsession",
    "agents_invitation",
    "agents_invitationrole",
    "agents_invitationservice",
    "django_admin_log",
    "django_session",
    "mfa_authenticator",
    "planning_export",
    "planning_rdvbulk",
    "planning_rdvbulkline",
    "planning_rdvdraft",
    "planning_slothold",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "usagers_accesstoken",
    "usagers_bookingdraft",
    "usagers_contactcode",
    "usagers_pendingidentity",
    "usagers_usagerimport",
)
_EMAIL = "'email_anonymise_' || id || '@exemple.fr'"
TABLES: dict[str, Columns] = {
    "account_emailaddress": Columns("id user_id verified primary", emails="email"),
    "accounts_account": Columns(
        "id last_login is_superuser kind email_is_proven is_active is_staff created_at",
        written={"email": _EMAIL, "login": f"kind || ':' || {_EMAIL}", "password": "'!' || id"},
    ),
    "accounts_account_groups": Columns("id account_id group_id"),
    "accounts_account_user_permissions": Columns("id account_id permission_id"),
    "agents_agent": Columns(
        "id uuid account_id sort_key rdv_notifications plage_notifications "
        "indisponibilite_notifications agenda_view shows_saturdays shows_cancelled "
        "inactivity_notice_at deactivated_at created_at",
        erased="phone_number webcal_salt",
        replaced="first_name last_name",
    ),
    "agents_agentservice": Columns("id agent_id territoire_id service_id"),
    "agents_auditentry": Columns(
        "id at agent_id organisation_id territoire_id superadmin_id action object_kind object_uuid",
        erased="detail",
    ),
    "agents_brand": Columns(
        "id uuid name is_default sender_email sms_sender publisher publication_director hosting "
        "accessibility contact_email created_at owner_id"
    ),
    "agents_brandhost": Columns("id host brand_id"),
    "agents_brandlogo": Columns("id brand_id content digest width height alt_text updated_at"),
    "agents_legalpage": Columns("id kind text updated_at brand_id updated_by_id"),
    "agents_droitterritoire": Columns(
        "id agent_id territoire_id is_admin manages_teams manages_rights invites_agents"
    ),
    "agents_equipe": Columns("id uuid territoire_id name created_at"),
    "agents_equipeagent": Columns("id equipe_id agent_id"),
    "agents_organisation": Columns(
        "id uuid territoire_id name slug phone_number email website opening_hours kind "
        "booking_suspended_until suspension_message start_up_hidden_at archived_at created_at"
    ),
    "agents_retentionreport": Columns("id step at rows kept error"),
    "agents_roleorganisation": Columns("id agent_id organisation_id level created_at"),
    "agents_sector": Columns("id uuid territoire_id name human_id created_at"),
    "agents_sectorzone": Columns(
        "id uuid sector_id level city_code city_name street_code street_name"
    ),
    "agents_attribution": Columns("id uuid sector_id organisation_id agent_id"),
    "agents_service": Columns("id code name short_name"),
    "agents_territoire": Columns(
        "id uuid name slug kind departement_number timezone holiday_zone phone_number email "
        "searches_across_organisations usager_fields shows_rdv_context sms_sender controller_name "
        "requires_two_factor embedding_domains mails_arrivals colours_arrivals brand_id created_at",
        erased="sms_gateway sms_credentials dpo_name dpo_email",
    ),
    "agents_territoireservice": Columns("id territoire_id service_id"),
    "auth_group": Columns("id name"),
    "auth_group_permissions": Columns("id group_id permission_id"),
    "auth_permission": Columns("id name content_type_id codename"),
    "django_content_type": Columns("id app_label model"),
    "django_migrations": Columns("id app name applied"),
    "dsfr_dsfrconfig": Columns(
        "id language site_title site_tagline notice_title notice_description notice_type "
        "notice_link notice_icon_class notice_is_collapsible header_brand header_brand_html "
        "beta_tag footer_brand footer_brand_html footer_description newsletter_description "
        "newsletter_url operator_logo_file operator_logo_alt operator_logo_width mourning "
        "accessibility_status"
    ),
    "dsfr_dsfrsocialmedia": Columns("id site_config_id title url icon_class"),
    "motifs_lieu": Columns(
        "id uuid organisation_id name address latitude longitude phone_number availability "
        "created_at"
    ),
    "motifs_motif": Columns(
        "id uuid organisation_id service_id name color duration_minutes location_type "
        "is_collective booking_level min_delay_minutes max_delay_minutes restriction instructions "
        "cancel_warning is_cancellable_by_usager is_movable_by_usager visibility for_secretariat "
        "is_follow_up max_persons pause_minutes limits_household asks_needs has_waiting_list "
        "category_id sectorisation_level booking_suspended_until suspension_message archived_at "
        "created_at"
    ),
    "motifs_motifbulkedit": Columns("id uuid created_at undone_at agent_id territoire_id"),
    "motifs_motifbulkline": Columns("id before after bulk_id motif_id"),
    "motifs_motifcategory": Columns("id territoire_id name created_at"),
    "notifications_blockedaddress": Columns(
        "id uuid channel reason at cleared_at cleared_by_id", erased="detail", replaced="address"
    ),
    "notifications_deliveryattempt": Columns("id message_id at succeeded", replaced="answer"),
    "notifications_outboxmessage": Columns(
        "id uuid kind channel dedup_key sms_segments rdv_id participation_id organisation_id "
        "state attempts available_at lease_until expires_at grouped_in_id sent_at closed_at "
        "failure provider provider_segments delivered_at created_at",
        erased="recipient_name reply_to subject body html ics ics_method secret_link "
        "provider_reference",
        emails="recipient",
    ),
    "planning_agentrdv": Columns(
        "id rdv_id agent_id overlap_accepted starts_at ends_at free_at holds_time"
    ),
    "planning_indisponibilite": Columns(
        "id first_day start_time end_time frequency interval weekdays month_rank "
        "recurrence_ends_on uuid agent_id territoire_id end_day created_at updated_at "
        "ics_sequence",
        replaced="title",
    ),
    "planning_indisponibiliteexception": Columns(
        "id indisponibilite_id day new_day new_start_time new_end_day new_end_time"
    ),
    "planning_participation": Columns(
        "id uuid rdv_id usager_id status cancelled_at arrived_at notifies_changes "
        "notifies_reminder created_by_agent_id created_by_usager_id prescripteur_id "
        "prescribed_from_id created_at",
        erased="needs needs_details",
    ),
    "planning_plageexception": Columns("id plage_id day new_day new_start_time new_end_time"),
    "planning_plagemotif": Columns("id plage_id motif_id"),
    "planning_plageouverture": Columns(
        "id first_day start_time end_time frequency interval weekdays month_rank "
        "recurrence_ends_on uuid organisation_id agent_id lieu_id opens_on_holidays "
        "max_rdvs_per_day replaces_id created_at updated_at ics_sequence",
        replaced="title",
    ),
    "planning_rdv": Columns(
        "id uuid organisation_id motif_id lieu_id starts_at ends_at status cancelled_at "
        "seats_total version hidden_at created_at",
        erased="context",
        replaced="title",
    ),
    "planning_rdvevent": Columns(
        "id rdv_id at action author_kind author_agent_id author_usager_id superadmin_id",
        erased="author_name changes",
    ),
    "planning_reminder": Columns(
        "id participation_id starts_at due_at sent_at tries retry_at created_at"
    ),
    "planning_statchange": Columns("id kind rdv_key organisation_key instant"),
    "planning_statmessage": Columns("id is_month day channel result messages organisation_id"),
    "planning_statrdv": Columns(
        "id is_month day origin unknown seen noshow excused revoked persons persons_seen "
        "persons_noshow delays agent_id lieu_id motif_id organisation_id"
    ),
    "planning_statrefresh": Columns("id done_at"),
    "planning_waitinglistentry": Columns(
        "id uuid motif_id lieu_id participation_id language confirmed_at ended_at end "
        "known_starts created_at",
        erased="removal_digest",
        emails="email",
        phones="phone_number",
    ),
    "planning_waitinglistoffer": Columns(
        "id uuid entry_id agent_id lieu_id starts_at ends_at outcome rdv_id offered_at "
        "expires_at answered_at",
        erased="hold_id",
        digests="digest",
    ),
    "usagers_prescripteur": Columns(
        "id created_at", erased="phone_number", replaced="first_name last_name", emails="email"
    ),
    "usagers_rattachement": Columns("id usager_id organisation_id created_at", erased="notes"),
    "usagers_referent": Columns("id usager_id agent_id created_at"),
    "usagers_usager": Columns(
        "id uuid territoire_id account_id responsable_id language identity_certified_at "
        "notifies_by_email notifies_by_sms origin retention_notice_at anonymised_at "
        "merged_into_id created_at updated_at search_key",
        erased="birth_date phone_number address address_details post_code city_name city_code "
        "caisse affiliation_number family_situation number_of_children logement case_number",
        replaced="first_name last_name birth_name",
        emails="email",
    ),
}
