"""The audit trail in plain French: what was done, to what (I03)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

# Every action that the code writes; a test looks for one that is missing.
ACTIONS: dict[str, str | _StrPromise] = {
    "sector_created": _("a créé un secteur"),
    "sector_updated": _("a modifié un secteur"),
    "sector_deleted": _("a supprimé un secteur"),
    "sector_zone_added": _("a ajouté une zone à un secteur"),
    "sector_zones_removed": _("a retiré des zones d’un secteur"),
    "sector_zones_imported": _("a importé des zones de secteurs"),
    "sector_attributed": _("a attribué un secteur"),
    "sector_attribution_ended": _("a retiré l’attribution d’un secteur"),
    "referent_added": _("a nommé un référent"),
    "referent_removed": _("a retiré un référent"),
    "territoire_embedding_changed": _("a changé les sites intégrés"),
    "account_given": _("a donné un compte à un intervenant"),
    "account_taken": _("a fait d’un agent un intervenant"),
    "equipe_created": _("a créé une équipe"),
    "equipe_changed": _("a modifié une équipe"),
    "equipe_deleted": _("a supprimé une équipe"),
    "intervenant_renamed": _("a renommé un intervenant"),
    "lieu_closed": _("a fermé un lieu"),
    "lieu_created": _("a créé un lieu"),
    "lieu_deleted": _("a supprimé un lieu"),
    "lieu_edited": _("a modifié un lieu"),
    "lieu_reopened": _("a rouvert un lieu"),
    "motif_archived": _("a archivé un motif"),
    "motif_created": _("a créé un motif"),
    "motif_edited": _("a modifié un motif"),
    "motif_edit_undone": _("a défait une modification de motifs"),
    "motif_restored": _("a rétabli un motif"),
    "motif_category_created": _("a créé une catégorie de motifs"),
    "motif_category_renamed": _("a renommé une catégorie de motifs"),
    "motif_category_deleted": _("a supprimé une catégorie de motifs"),
    "booking_suspended": _("a suspendu la réservation en ligne"),
    "booking_reopened": _("a rouvert la réservation en ligne"),
    "organisation_archived": _("a archivé une organisation"),
    "organisation_restored": _("a rétabli une organisation"),
    "territoire_settings_changed": _("a changé les réglages du territoire"),
    "territoire_fiches_changed": _("a changé les champs des fiches"),
    "territoire_data_contacts_changed": _("a changé les contacts « données personnelles »"),
    "brand_changed": _("a modifié une marque"),
    "brand_deleted": _("a supprimé une marque"),
    "brand_created": _("a créé une marque"),
    "client_created": _("a créé un client"),
    "legal_page_changed": _("a modifié une page légale"),
    "legal_page_reset": _("a rétabli une page légale"),
    "motif_pack_taken": _("a repris un lot de motifs"),
    "organisation_changed": _("a modifié une organisation"),
    "organisation_created": _("a créé une organisation"),
    "service_activated": _("a activé un service"),
    "service_deactivated": _("a désactivé un service"),
    "sms_gateway_tried": _("a essayé le fournisseur de SMS"),
    "start_up_hidden": _("a masqué la liste de démarrage"),
    "territoire_security_edited": _("a changé la sécurité du territoire"),
    "brand_logo_changed": _("a changé le logo d’une marque"),
    "brand_logo_removed": _("a retiré le logo d’une marque"),
    "address_unblocked": _("a débloqué une adresse"),
    "agenda_seen": _("a consulté un agenda"),
    "agent_added": _("a ajouté un agent"),
    "agent_deactivated": _("a retiré un agent et fermé son compte"),
    "agent_expired": _("compte inactif fermé"),
    "agent_invited": _("a invité un agent"),
    "agent_proconnect_linked": _("a lié son compte à ProConnect"),
    "agent_proconnect_unlinked": _("a délié son compte de ProConnect"),
    "agent_removed": _("a retiré un agent"),
    "equipes_changed": _("a changé les équipes d’un agent"),
    "export_asked": _("a demandé un export"),
    "export_downloaded": _("a téléchargé un export"),
    "impersonation_ended": _("a cessé d’agir au nom d’un agent"),
    "impersonation_started": _("a commencé à agir au nom d’un agent"),
    "indisponibilite_changed": _("a modifié une indisponibilité"),
    "indisponibilite_created": _("a créé une indisponibilité"),
    "indisponibilite_deleted": _("a supprimé une indisponibilité"),
    "intervenant_created": _("a créé un intervenant"),
    "invitation_accepted": _("a accepté une invitation"),
    "invitation_cancelled": _("a annulé une invitation"),
    "invitation_resent": _("a renvoyé une invitation"),
    "level_changed": _("a changé le niveau d’un agent"),
    "plage_changed": _("a modifié une plage d’ouverture"),
    "plage_created": _("a créé une plage d’ouverture"),
    "plage_deleted": _("a supprimé une plage d’ouverture"),
    "rdv_cancelled": _("a annulé un RDV"),
    "rdv_created": _("a créé un RDV"),
    "rdv_deleted": _("a supprimé un RDV"),
    "rdv_edited": _("a modifié un RDV"),
    "rdv_list_seen": _("a consulté la liste des RDV"),
    "rdv_moved": _("a déplacé un RDV"),
    "rdv_seen": _("a ouvert un RDV"),
    "rdv_status": _("a changé le statut d’un RDV"),
    "reception_seen": _("a consulté l’accueil"),
    "profile_changed": _("a changé son profil"),
    "rights_changed": _("a changé les droits d’un agent"),
    "second_factor_forgotten": _("a effacé la double authentification d’un agent"),
    "services_changed": _("a changé les services d’un agent"),
    "slots_seen": _("a cherché un créneau"),
    "sms_gateway_changed": _("a changé le fournisseur de SMS"),
    "usager_attached": _("a rattaché un usager"),
    "usager_certified": _("identité certifiée par FranceConnect"),
    "usager_created": _("a créé une fiche"),
    "usager_data_downloaded": _("a téléchargé les données d’un usager"),
    "usager_detached": _("a retiré un usager de l’organisation"),
    "usager_edited": _("a modifié une fiche"),
    "usager_erased": _("a effacé un usager"),
    "usager_expired": _("usager inactif effacé"),
    "usager_imported": _("a importé une fiche"),
    "usager_invited": _("a invité un usager dans son espace"),
    "usager_seen": _("a ouvert une fiche"),
    "usagers_merged": _("a fusionné deux fiches"),
    "usagers_searched": _("a cherché des usagers"),
    "usagers_searched_masked": _("a cherché parmi les usagers masqués"),
    "webcal_closed": _("a fermé l’adresse de son agenda"),
    "webcal_opened": _("a ouvert une adresse pour son agenda"),
}
# Why, when the trail says it: a choice of the page that erases.
REASONS: dict[str, str | _StrPromise] = {
    "person": _("à sa demande"),
    "guardian": _("à la demande de son représentant légal"),
    "mistake": _("fiche créée par erreur"),
    "law": _("décision ou loi"),
}
KINDS: dict[str, str | _StrPromise] = {
    "brand": _("marque"),
    "equipe": _("équipe"),
    "lieu": _("lieu"),
    "motif": _("motif"),
    "agent": _("agent"),
    "export": _("export"),
    "indisponibilite": _("indisponibilité"),
    "invitation": _("invitation"),
    "organisation": _("organisation"),
    "plage": _("plage d’ouverture"),
    "rdv": _("RDV"),
    "sector": _("secteur"),
    "territoire": _("territoire"),
    "usager": _("usager"),
}
_AUTHORS = {
    "usager": _("Un usager"),
    "prescripteur": _("Un prescripteur"),
}


def action_words(action: str) -> str:
    return str(ACTIONS.get(action, action))


def reason_words(reason: str) -> str:
    """Return the choice in words; what a super-administrator typed is given back as it is."""
    return str(REASONS.get(reason, reason))


def kind_words(kind: str) -> str:
    return str(KINDS.get(kind, kind))


def author_words(agent: str, superadmin: str, kind: str) -> str:
    """Return who did it: names, or what kind of person; « Automatique » when nobody did."""
    if superadmin and agent:
        return str(_("[Admin] %(admin)s pour %(agent)s")) % {"admin": superadmin, "agent": agent}
    if superadmin:
        return f"[Admin] {superadmin}"
    return agent or str(_AUTHORS.get(kind, _("Automatique")))
