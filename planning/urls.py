"""URLs of planning."""

from django.urls import path

from planning.views.agenda import agenda, agenda_of_colleague
from planning.views.agenda_add import agenda_add
from planning.views.agenda_feed import agenda_feed
from planning.views.agenda_preferences import agenda_preferences
from planning.views.agent_remove import agent_remove
from planning.views.agent_services import agent_services
from planning.views.audit_list import audit_list, territoire_audit
from planning.views.blocked_address_clear import blocked_address_clear
from planning.views.convocation import convocation
from planning.views.export_acts import export_cancel, export_retry
from planning.views.export_download import export_download
from planning.views.export_list import export_list
from planning.views.export_request import export_request
from planning.views.indisponibilite_delete import indisponibilite_delete
from planning.views.indisponibilite_edit import indisponibilite_create, indisponibilite_edit
from planning.views.indisponibilite_group import indisponibilite_group
from planning.views.indisponibilite_list import indisponibilite_list
from planning.views.indisponibilite_occurrence import indisponibilite_occurrence
from planning.views.invitation_cancel import invitation_cancel
from planning.views.lieu_close import lieu_close
from planning.views.lieu_edit import lieu_edit
from planning.views.mail_replies import mail_replies
from planning.views.message_resend import message_resend
from planning.views.motif_archive import motif_archive
from planning.views.participation_arrival import participation_arrival
from planning.views.participation_status import participation_status
from planning.views.plage_ouverture_delete import plage_ouverture_delete
from planning.views.plage_ouverture_edit import plage_ouverture_create, plage_ouverture_edit
from planning.views.plage_ouverture_list import plage_ouverture_list
from planning.views.plage_ouverture_occurrence import plage_ouverture_occurrence
from planning.views.prescription.address import prescription_address
from planning.views.prescription.confirm import prescription_confirm
from planning.views.prescription.list import prescription_list
from planning.views.prescription.search import prescription_search
from planning.views.prescription.usager import prescription_usager, prescription_usager_new
from planning.views.rdv_bulk import rdv_bulk
from planning.views.rdv_bulk_preview import rdv_bulk_preview
from planning.views.rdv_bulk_result import rdv_bulk_result
from planning.views.rdv_cancel import rdv_cancel
from planning.views.rdv_collectif_detail import rdv_collectif_detail, rdv_collectif_register
from planning.views.rdv_collectif_edit import rdv_collectif_create, rdv_collectif_edit
from planning.views.rdv_collectif_list import rdv_collectif_list
from planning.views.rdv_collectif_usager_new import rdv_collectif_usager_new
from planning.views.rdv_delete import rdv_delete
from planning.views.rdv_detail import rdv_detail
from planning.views.rdv_draft.confirm import rdv_draft_confirm
from planning.views.rdv_draft.details import rdv_draft_details
from planning.views.rdv_draft.motif import rdv_draft_motif
from planning.views.rdv_draft.new import rdv_new
from planning.views.rdv_draft.usager_new import rdv_draft_usager_new
from planning.views.rdv_draft.usagers import rdv_draft_usagers
from planning.views.rdv_edit import rdv_edit
from planning.views.rdv_list import rdv_list, rdv_list_print
from planning.views.rdv_move import rdv_move
from planning.views.rdv_remind import rdv_remind
from planning.views.rdv_status import rdv_status
from planning.views.rdv_summary import rdv_summary
from planning.views.reception import reception
from planning.views.slot_search import slot_search
from planning.views.stats import stats_organisation, stats_own, stats_territoire
from planning.views.stats_public import stats_public, stats_public_territoire
from planning.views.usager_data import usager_data, usager_data_download
from planning.views.webcal_feed import webcal_feed
from planning.views.week_copy import week_copy

_AGENT = "organisations/<uuid:organisation_uuid>/agents/<uuid:agent_uuid>"

_ELSEWHERE = "organisations/<uuid:organisation_uuid>/elargir/"

prescription_patterns = [
    path(_ELSEWHERE, prescription_search, name="prescription_search"),
    path(f"{_ELSEWHERE}adresse/", prescription_address, name="prescription_address"),
    path(f"{_ELSEWHERE}usager/", prescription_usager, name="prescription_usager"),
    path(f"{_ELSEWHERE}usager/creer/", prescription_usager_new, name="prescription_usager_new"),
    path(f"{_ELSEWHERE}confirmer/", prescription_confirm, name="prescription_confirm"),
    path(f"{_ELSEWHERE}vos-prescriptions/", prescription_list, name="prescription_list"),
]
plage_patterns = [
    path(f"{_AGENT}/plages/", plage_ouverture_list, name="plage_ouverture_list"),
    path(f"{_AGENT}/plages/nouvelle/", plage_ouverture_create, name="plage_ouverture_create"),
    path(
        "organisations/<uuid:organisation_uuid>/plages/copier-une-semaine/",
        week_copy,
        name="week_copy",
    ),
    path("plages/<uuid:plage_uuid>/modifier/", plage_ouverture_edit, name="plage_ouverture_edit"),
    path(
        "plages/<uuid:plage_uuid>/supprimer/",
        plage_ouverture_delete,
        name="plage_ouverture_delete",
    ),
    path(
        "plages/<uuid:plage_uuid>/occurrences/<slug:day>/",
        plage_ouverture_occurrence,
        name="plage_ouverture_occurrence",
    ),
]
indisponibilite_patterns = [
    path(f"{_AGENT}/indisponibilites/", indisponibilite_list, name="indisponibilite_list"),
    path(
        f"{_AGENT}/indisponibilites/nouvelle/",
        indisponibilite_create,
        name="indisponibilite_create",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/indisponibilites/rdv-concernes/",
        indisponibilite_group,
        name="indisponibilite_group",
    ),
    path(
        "indisponibilites/<uuid:indisponibilite_uuid>/modifier/",
        indisponibilite_edit,
        name="indisponibilite_edit",
    ),
    path(
        "indisponibilites/<uuid:indisponibilite_uuid>/supprimer/",
        indisponibilite_delete,
        name="indisponibilite_delete",
    ),
    path(
        "indisponibilites/<uuid:indisponibilite_uuid>/occurrences/<slug:day>/",
        indisponibilite_occurrence,
        name="indisponibilite_occurrence",
    ),
]

staff_patterns = [
    path(f"{_AGENT}/retirer/", agent_remove, name="agent_remove"),
    path(
        "territoires/<uuid:territoire_uuid>/agents/<uuid:agent_uuid>/services/",
        agent_services,
        name="agent_services",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/invitations/<uuid:invitation_uuid>/annuler/",
        invitation_cancel,
        name="invitation_cancel",
    ),
]

slot_patterns = [
    path("organisations/<uuid:organisation_uuid>/trouver-un-rdv/", slot_search, name="slot_search"),
]

agenda_patterns = [
    path("organisations/<uuid:organisation_uuid>/agenda/", agenda, name="agenda"),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/",
        agenda_of_colleague,
        name="agenda_of",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/evenements/",
        agenda_feed,
        name="agenda_feed",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/preferences/",
        agenda_preferences,
        name="agenda_preferences",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/agenda/<uuid:agent_uuid>/ajouter/",
        agenda_add,
        name="agenda_add",
    ),
    path("rdv/<uuid:rdv_uuid>/apercu/", rdv_summary, name="rdv_summary"),
    path("rdv/<uuid:rdv_uuid>/deplacer/", rdv_move, name="rdv_move"),
    path("rdv/<uuid:rdv_uuid>/", rdv_detail, name="rdv_detail"),
    path("rdv/<uuid:rdv_uuid>/annuler/", rdv_cancel, name="rdv_cancel"),
]

rdv_list_patterns = [
    path("organisations/<uuid:organisation_uuid>/rdv/", rdv_list, name="rdv_list"),
    path(
        "organisations/<uuid:organisation_uuid>/rdv/impression/",
        rdv_list_print,
        name="rdv_list_print",
    ),
    path("organisations/<uuid:organisation_uuid>/accueil/", reception, name="reception"),
]

rdv_patterns = [
    path("rdv/<uuid:rdv_uuid>/convocation/", convocation, name="convocation"),
    path("rdv/<uuid:rdv_uuid>/modifier/", rdv_edit, name="rdv_edit"),
    path("rdv/<uuid:rdv_uuid>/statut/", rdv_status, name="rdv_status"),
    path("rdv/<uuid:rdv_uuid>/rappel/", rdv_remind, name="rdv_remind"),
    path("rdv/<uuid:rdv_uuid>/supprimer/", rdv_delete, name="rdv_delete"),
    path(
        "participations/<uuid:participation_uuid>/statut/",
        participation_status,
        name="participation_status",
    ),
    path(
        "participations/<uuid:participation_uuid>/arrivee/",
        participation_arrival,
        name="participation_arrival",
    ),
]

_DRAFT = "organisations/<uuid:organisation_uuid>/rdv/brouillons/<uuid:draft_uuid>"
rdv_draft_patterns = [
    path("organisations/<uuid:organisation_uuid>/rdv/nouveau/", rdv_new, name="rdv_new"),
    path(f"{_DRAFT}/motif/", rdv_draft_motif, name="rdv_draft_motif"),
    path(f"{_DRAFT}/usagers/", rdv_draft_usagers, name="rdv_draft_usagers"),
    path(f"{_DRAFT}/usagers/nouveau/", rdv_draft_usager_new, name="rdv_draft_usager_new"),
    path(f"{_DRAFT}/horaires/", rdv_draft_details, name="rdv_draft_details"),
    path(f"{_DRAFT}/confirmation/", rdv_draft_confirm, name="rdv_draft_confirm"),
]

_BULK = "organisations/<uuid:organisation_uuid>/absence-ou-fermeture"
rdv_bulk_patterns = [
    path(f"{_BULK}/", rdv_bulk, name="rdv_bulk"),
    path(f"{_BULK}/apercu/", rdv_bulk_preview, name="rdv_bulk_preview"),
    path(f"{_BULK}/<uuid:bulk_uuid>/", rdv_bulk_result, name="rdv_bulk_result"),
]

export_patterns = [
    path(
        "organisations/<uuid:organisation_uuid>/rdv/exporter/",
        export_request,
        name="export_request",
    ),
    path("exports/", export_list, name="export_list"),
    path("exports/<uuid:export_uuid>/fichier/", export_download, name="export_download"),
    path("exports/<uuid:export_uuid>/annuler/", export_cancel, name="export_cancel"),
    path("exports/<uuid:export_uuid>/reessayer/", export_retry, name="export_retry"),
]

_COLLECTIFS = "organisations/<uuid:organisation_uuid>/rdv-collectifs"

rdv_collectif_patterns = [
    path(f"{_COLLECTIFS}/", rdv_collectif_list, name="rdv_collectif_list"),
    path(f"{_COLLECTIFS}/nouveau/", rdv_collectif_create, name="rdv_collectif_create"),
    path("rdv-collectifs/<uuid:rdv_uuid>/", rdv_collectif_detail, name="rdv_collectif_detail"),
    path("rdv-collectifs/<uuid:rdv_uuid>/modifier/", rdv_collectif_edit, name="rdv_collectif_edit"),
    path(
        "rdv-collectifs/<uuid:rdv_uuid>/inscriptions/",
        rdv_collectif_register,
        name="rdv_collectif_register",
    ),
    path(
        "rdv-collectifs/<uuid:rdv_uuid>/inscriptions/nouvelle-fiche/",
        rdv_collectif_usager_new,
        name="rdv_collectif_usager_new",
    ),
]

stats_patterns = [
    path(
        "organisations/<uuid:organisation_uuid>/statistiques/",
        stats_organisation,
        name="stats_organisation",
    ),
    path("mon-compte/statistiques/", stats_own, name="stats_own"),
    path(
        "territoires/<uuid:territoire_uuid>/statistiques/",
        stats_territoire,
        name="stats_territoire",
    ),
    path("statistiques/", stats_public, name="stats_public"),
    path("statistiques/<slug:slug>/", stats_public_territoire, name="stats_public_territoire"),
]

app_name = "planning"
urlpatterns = [
    path("organisations/<uuid:organisation_uuid>/audit/", audit_list, name="audit_list"),
    path("territoires/<uuid:territoire_uuid>/audit/", territoire_audit, name="territoire_audit"),
    path(
        "territoires/<uuid:territoire_uuid>/usagers/<uuid:usager_uuid>/donnees/",
        usager_data,
        name="usager_data",
    ),
    path(
        "territoires/<uuid:territoire_uuid>/usagers/<uuid:usager_uuid>/donnees/telecharger/",
        usager_data_download,
        name="usager_data_download",
    ),
    path("motifs/<uuid:motif_uuid>/archiver/", motif_archive, name="motif_archive"),
    path("lieux/<uuid:lieu_uuid>/modifier/", lieu_edit, name="lieu_edit"),
    path("lieux/<uuid:lieu_uuid>/fermer/", lieu_close, name="lieu_close"),
    path("calendrier/<str:key>.ics", webcal_feed, name="webcal_feed"),
    path(
        "rdv/<uuid:rdv_uuid>/messages/<uuid:message_uuid>/renvoyer/",
        message_resend,
        name="message_resend",
    ),
    path(
        "organisations/<uuid:organisation_uuid>/usagers/<uuid:usager_uuid>"
        "/adresses-bloquees/<uuid:block_uuid>/debloquer/",
        blocked_address_clear,
        name="blocked_address_clear",
    ),
    path("fournisseurs/courriels/<slug:provider>/reponses/", mail_replies, name="mail_replies"),
    *agenda_patterns,
    *staff_patterns,
    *slot_patterns,
    *rdv_list_patterns,
    *rdv_collectif_patterns,
    *rdv_patterns,
    *prescription_patterns,
    *plage_patterns,
    *indisponibilite_patterns,
    *rdv_draft_patterns,
    *rdv_bulk_patterns,
    *stats_patterns,
    *export_patterns,
]
