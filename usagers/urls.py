"""URLs of usagers: the public journey, the space of the citizens, the links of messages."""

from django.urls import path

from usagers.views.booking.confirm import booking_confirm
from usagers.views.booking.done import booking_done
from usagers.views.booking.identity import booking_identity
from usagers.views.booking.lieu import booking_lieu
from usagers.views.booking.motif import booking_motif
from usagers.views.booking.persons import booking_persons
from usagers.views.booking.search import booking_search
from usagers.views.booking.slot import booking_slot
from usagers.views.booking.verify import booking_address, booking_resend, booking_verify
from usagers.views.booking.workshop import booking_workshop
from usagers.views.espace.rdv_cancel import rdv_cancel
from usagers.views.espace.rdv_detail import rdv_detail, rdv_ics
from usagers.views.espace.rdv_list import rdv_list, session_over
from usagers.views.espace.token_entry import token_entry, token_letters
from usagers.views.espace.token_rdv import token_cancel, token_ics, token_rdv
from usagers.views.fiche.usager_attach import usager_attach
from usagers.views.fiche.usager_detail import usager_detail
from usagers.views.fiche.usager_edit import usager_edit
from usagers.views.fiche.usager_invite import usager_invite
from usagers.views.fiche.usager_list import usager_list
from usagers.views.fiche.usager_merge import usager_merge
from usagers.views.fiche.usager_new import usager_new
from usagers.views.fiche.usager_referents import usager_referents
from usagers.views.fiche.usager_remove import usager_remove
from usagers.views.prescription.beneficiaire import booking_beneficiaire
from usagers.views.prescription.code import booking_code
from usagers.views.prescription.done import prescription_done
from usagers.views.prescription.prescripteur import booking_prescripteur

_FICHES = "organisations/<uuid:organisation_uuid>/usagers/"
_FICHE = _FICHES + "<uuid:usager_uuid>/"
_TERRITOIRE = "rendez-vous/territoire/<slug:territoire_slug>/"
_ORGANISATION = "rendez-vous/<slug:organisation_slug>/"
_STEPS = (
    ("rdv/", booking_motif, "booking_motif"),
    ("personnes/", booking_persons, "booking_persons"),
    ("lieu/", booking_lieu, "booking_lieu"),
    ("dates/", booking_workshop, "booking_workshop"),
    ("creneaux/", booking_slot, "booking_slot"),
    ("vos-informations/", booking_identity, "booking_identity"),
    ("prescripteur/", booking_prescripteur, "booking_prescripteur"),
    ("prescripteur/code/", booking_code, "booking_code"),
    ("beneficiaire/", booking_beneficiaire, "booking_beneficiaire"),
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
    path("prescription/<uuid:rdv_uuid>/", prescription_done, name="prescription_done"),
    path("mes-rdv/", rdv_list, name="rdv_list"),
    path("mes-rdv/session-terminee/", session_over, name="session_over"),
    path("mes-rdv/<uuid:rdv_uuid>/", rdv_detail, name="rdv_detail"),
    path("mes-rdv/<uuid:rdv_uuid>/confirme/", booking_done, name="booking_done"),
    path("mes-rdv/<uuid:rdv_uuid>/annuler/", rdv_cancel, name="rdv_cancel"),
    path("mes-rdv/<uuid:rdv_uuid>/rendez-vous.ics", rdv_ics, name="rdv_ics"),
    path("r/<str:secret>/", token_entry, name="token_entry"),
    path("votre-rdv/", token_letters, name="token_letters"),
    path("votre-rdv/recapitulatif/", token_rdv, name="token_rdv"),
    path("votre-rdv/annuler/", token_cancel, name="token_cancel"),
    path("votre-rdv/rendez-vous.ics", token_ics, name="token_ics"),
    path(_FICHES, usager_list, name="usager_list"),
    path(_FICHES + "creer/", usager_new, name="usager_new"),
    path(_FICHES + "fusionner/", usager_merge, name="usager_merge"),
    path(_FICHE, usager_detail, name="usager_detail"),
    path(_FICHE + "modifier/", usager_edit, name="usager_edit"),
    path(_FICHE + "rattacher/", usager_attach, name="usager_attach"),
    path(_FICHE + "referents/", usager_referents, name="usager_referents"),
    path(_FICHE + "inviter/", usager_invite, name="usager_invite"),
    path(_FICHE + "supprimer/", usager_remove, name="usager_remove"),
]
