"""URLs of usagers: the public journey, the space of the citizens, the links of messages."""

from django.urls import path

from usagers.views.booking.confirm import booking_confirm
from usagers.views.booking.done import booking_done
from usagers.views.booking.frame import framed
from usagers.views.booking.identity import booking_identity
from usagers.views.booking.lieu import booking_lieu
from usagers.views.booking.motif import booking_motif
from usagers.views.booking.persons import booking_persons
from usagers.views.booking.resume import booking_resume
from usagers.views.booking.search import booking_search
from usagers.views.booking.sector import booking_sector
from usagers.views.booking.slot import booking_slot
from usagers.views.booking.verify import booking_address, booking_resend, booking_verify
from usagers.views.booking.workshop import booking_workshop
from usagers.views.espace.account import account, account_information, account_preferences
from usagers.views.espace.account_access import (
    account_address,
    account_address_code,
    account_password,
)
from usagers.views.espace.account_end import account_end
from usagers.views.espace.account_proches import proche_add, proche_edit, proche_remove
from usagers.views.espace.finish import finish, finished
from usagers.views.espace.rdv_cancel import rdv_cancel
from usagers.views.espace.rdv_detail import rdv_detail, rdv_ics
from usagers.views.espace.rdv_list import rdv_list
from usagers.views.espace.rdv_move import rdv_move, rdv_move_confirm
from usagers.views.espace.rdv_person import rdv_person
from usagers.views.espace.sign_in import sign_in, sign_in_code
from usagers.views.espace.token_entry import token_entry, token_letters
from usagers.views.espace.token_move import token_move, token_move_confirm
from usagers.views.espace.token_rdv import token_cancel, token_ics, token_rdv
from usagers.views.fiche.usager_attach import usager_attach
from usagers.views.fiche.usager_detail import usager_detail
from usagers.views.fiche.usager_edit import usager_edit
from usagers.views.fiche.usager_import import usager_import
from usagers.views.fiche.usager_import_report import usager_import_report
from usagers.views.fiche.usager_invite import usager_invite
from usagers.views.fiche.usager_list import usager_list
from usagers.views.fiche.usager_merge import usager_merge
from usagers.views.fiche.usager_new import usager_new
from usagers.views.fiche.usager_referents import usager_referents
from usagers.views.fiche.usager_remove import usager_remove
from usagers.views.franceconnect.address import franceconnect_address
from usagers.views.franceconnect.confirm import franceconnect_confirm
from usagers.views.prescription.beneficiaire import booking_beneficiaire
from usagers.views.prescription.code import booking_code
from usagers.views.prescription.done import prescription_done
from usagers.views.prescription.prescripteur import booking_prescripteur
from usagers.views.waiting_list.code import waiting_list_code, waiting_list_joined
from usagers.views.waiting_list.join import waiting_list_join
from usagers.views.waiting_list.offer import waiting_list_offer
from usagers.views.waiting_list.rdv import rdv_waiting_list, token_waiting_list
from usagers.views.waiting_list.remove import waiting_list_remove

_FICHES = "organisations/<uuid:organisation_uuid>/usagers/"
_FICHE = _FICHES + "<uuid:usager_uuid>/"
_ACCOUNT = "votre-compte/<uuid:usager_uuid>/"
_TERRITOIRE = "rendez-vous/territoire/<slug:territoire_slug>/"
_ORGANISATION = "rendez-vous/<slug:organisation_slug>/"
_STEPS = (
    ("rdv/", booking_motif, "booking_motif"),
    ("adresse/", booking_sector, "booking_sector"),
    ("personnes/", booking_persons, "booking_persons"),
    ("lieu/", booking_lieu, "booking_lieu"),
    ("dates/", booking_workshop, "booking_workshop"),
    ("creneaux/", booking_slot, "booking_slot"),
    ("vos-informations/", booking_identity, "booking_identity"),
    ("prescripteur/", booking_prescripteur, "booking_prescripteur"),
    ("prescripteur/code/", booking_code, "booking_code"),
    ("beneficiaire/", booking_beneficiaire, "booking_beneficiaire"),
    ("liste-d-attente/", waiting_list_join, "booking_waiting"),
)
# The same in a frame of a town's own page, up to the créneau (docs/adr/0019).
_FRAME = (
    ("", booking_search, "frame_search"),
    ("rdv/", booking_motif, "frame_motif"),
    ("personnes/", booking_persons, "frame_persons"),
    ("lieu/", booking_lieu, "frame_lieu"),
    ("dates/", booking_workshop, "frame_workshop"),
    ("creneaux/", booking_slot, "frame_slot"),
)

app_name = "usagers"
urlpatterns = [
    # Words that no organisation's address may be: they stand before.
    path("rendez-vous/verification/", booking_verify, name="booking_verify"),
    path("rendez-vous/verification/renvoyer/", booking_resend, name="booking_resend"),
    path("rendez-vous/verification/adresse/", booking_address, name="booking_address"),
    path("rendez-vous/confirmer/<str:secret>/", booking_confirm, name="booking_confirm"),
    path(_TERRITOIRE, booking_search, name="booking_territoire"),
    *(path(_TERRITOIRE + end, view, name=name) for end, view, name in _STEPS),
    path(_ORGANISATION, booking_search, name="booking_organisation"),
    *(path(_ORGANISATION + end, view, name=name) for end, view, name in _STEPS),
    *(
        path(f"integration/{entry}{end}", framed(view), name=name)
        for entry in ("territoire/<slug:territoire_slug>/", "<slug:organisation_slug>/")
        for end, view, name in _FRAME
    ),
    path("reprendre/<str:state>/", booking_resume, name="booking_resume"),
    path("prescription/<uuid:rdv_uuid>/", prescription_done, name="prescription_done"),
    path("franceconnect/adresse/", franceconnect_address, name="franceconnect_address"),
    path(
        "franceconnect/adresse/<str:secret>/",
        franceconnect_confirm,
        name="franceconnect_confirm",
    ),
    path("mes-rdv/", rdv_list, name="rdv_list"),
    path("connexion/", sign_in, name="sign_in"),
    path("connexion/code/", sign_in_code, name="sign_in_code"),
    path("votre-compte/", account, name="account"),
    path("votre-compte/messages/", account_preferences, name="account_preferences"),
    path("votre-compte/adresse/", account_address, name="account_address"),
    path("votre-compte/adresse/code/", account_address_code, name="account_address_code"),
    path("votre-compte/mot-de-passe/", account_password, name="account_password"),
    path("votre-compte/supprimer/", account_end, name="account_end"),
    path(_ACCOUNT + "informations/", account_information, name="account_information"),
    path(_ACCOUNT + "proches/ajouter/", proche_add, name="proche_add"),
    path(_ACCOUNT + "proche/", proche_edit, name="proche_edit"),
    path(_ACCOUNT + "proche/retirer/", proche_remove, name="proche_remove"),
    path("terminer/", finish, name="finish"),
    path("terminer/fait/", finished, name="finished"),
    path("mes-rdv/<uuid:rdv_uuid>/", rdv_detail, name="rdv_detail"),
    path("mes-rdv/<uuid:rdv_uuid>/confirme/", booking_done, name="booking_done"),
    path("mes-rdv/<uuid:rdv_uuid>/annuler/", rdv_cancel, name="rdv_cancel"),
    path("mes-rdv/<uuid:rdv_uuid>/deplacer/", rdv_move, name="rdv_move"),
    path("mes-rdv/<uuid:rdv_uuid>/deplacer/confirmer/", rdv_move_confirm, name="rdv_move_confirm"),
    path("mes-rdv/<uuid:rdv_uuid>/personne/", rdv_person, name="rdv_person"),
    path("mes-rdv/<uuid:rdv_uuid>/rendez-vous.ics", rdv_ics, name="rdv_ics"),
    path("mes-rdv/<uuid:rdv_uuid>/liste-d-attente/", rdv_waiting_list, name="rdv_waiting_list"),
    path("liste-d-attente/code/", waiting_list_code, name="waiting_list_code"),
    path("liste-d-attente/inscription/", waiting_list_joined, name="waiting_list_joined"),
    # Short: an SMS holds them.
    path("l/<str:secret>/", waiting_list_offer, name="waiting_list_offer"),
    path("l/<str:secret>/retrait/", waiting_list_remove, name="waiting_list_remove"),
    path("r/<str:secret>/", token_entry, name="token_entry"),
    path("votre-rdv/", token_letters, name="token_letters"),
    path("votre-rdv/recapitulatif/", token_rdv, name="token_rdv"),
    path("votre-rdv/annuler/", token_cancel, name="token_cancel"),
    path("votre-rdv/deplacer/", token_move, name="token_move"),
    path("votre-rdv/deplacer/confirmer/", token_move_confirm, name="token_move_confirm"),
    path("votre-rdv/liste-d-attente/", token_waiting_list, name="token_waiting_list"),
    path("votre-rdv/rendez-vous.ics", token_ics, name="token_ics"),
    path(_FICHES, usager_list, name="usager_list"),
    path(_FICHES + "creer/", usager_new, name="usager_new"),
    path(_FICHES + "fichier/", usager_import, name="usager_import"),
    path(
        _FICHES + "fichier/<uuid:import_uuid>/",
        usager_import_report,
        name="usager_import_report",
    ),
    path(_FICHES + "fusionner/", usager_merge, name="usager_merge"),
    path(_FICHE, usager_detail, name="usager_detail"),
    path(_FICHE + "modifier/", usager_edit, name="usager_edit"),
    path(_FICHE + "rattacher/", usager_attach, name="usager_attach"),
    path(_FICHE + "referents/", usager_referents, name="usager_referents"),
    path(_FICHE + "inviter/", usager_invite, name="usager_invite"),
    path(_FICHE + "supprimer/", usager_remove, name="usager_remove"),
]
