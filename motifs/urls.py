"""URLs of motifs."""

from django.urls import path

from motifs.views.booking_link import booking_link, booking_poster, booking_qr
from motifs.views.booking_suspend import booking_suspend, motif_suspend
from motifs.views.client_create import client_create
from motifs.views.lieu_delete import lieu_delete
from motifs.views.lieu_edit import lieu_create
from motifs.views.lieu_list import lieu_list
from motifs.views.lieu_reopen import lieu_reopen
from motifs.views.motif_bulk import (
    motif_bulk,
    motif_bulk_of_territoire,
    motif_bulk_result,
    motif_bulk_undo,
)
from motifs.views.motif_category import (
    motif_category_delete,
    motif_category_edit,
    motif_category_list,
)
from motifs.views.motif_edit import motif_create, motif_duplicate, motif_edit, motif_preview
from motifs.views.motif_list import motif_list
from motifs.views.motif_pack import motif_pack
from motifs.views.motif_restore import motif_restore
from motifs.views.sector_test import sector_test
from motifs.views.territoire_motifs import territoire_motifs

_TERRITOIRE = "territoires/<uuid:territoire_uuid>"
_ORGANISATION = "organisations/<uuid:organisation_uuid>"
_CATEGORIES = "territoires/<uuid:territoire_uuid>/categories"

app_name = "motifs"
urlpatterns = [
    path("administration-technique/clients/nouveau/", client_create, name="client_create"),
    path(f"{_ORGANISATION}/motifs/", motif_list, name="motif_list"),
    path(f"{_ORGANISATION}/motifs/nouveau/", motif_create, name="motif_create"),
    path(f"{_ORGANISATION}/motifs/apercu/", motif_preview, name="motif_preview"),
    path(f"{_ORGANISATION}/motifs/modifier/", motif_bulk, name="motif_bulk"),
    path(f"{_TERRITOIRE}/motifs/", territoire_motifs, name="territoire_motifs"),
    path(
        f"{_TERRITOIRE}/motifs/modifier/",
        motif_bulk_of_territoire,
        name="motif_bulk_of_territoire",
    ),
    path("motifs/modifications/<uuid:bulk_uuid>/", motif_bulk_result, name="motif_bulk_result"),
    path("motifs/modifications/<uuid:bulk_uuid>/annuler/", motif_bulk_undo, name="motif_bulk_undo"),
    path("motifs/<uuid:motif_uuid>/suspendre/", motif_suspend, name="motif_suspend"),
    path(
        f"{_ORGANISATION}/reservation-en-ligne/suspendre/",
        booking_suspend,
        name="booking_suspend",
    ),
    path("motifs/<uuid:motif_uuid>/dupliquer/", motif_duplicate, name="motif_duplicate"),
    path(f"{_ORGANISATION}/motifs/tout-prets/", motif_pack, name="motif_pack"),
    path(f"{_CATEGORIES}/", motif_category_list, name="motif_category_list"),
    path(
        f"{_CATEGORIES}/<int:pk>/modifier/",
        motif_category_edit,
        name="motif_category_edit",
    ),
    path(
        f"{_CATEGORIES}/<int:pk>/supprimer/",
        motif_category_delete,
        name="motif_category_delete",
    ),
    path("motifs/<uuid:motif_uuid>/modifier/", motif_edit, name="motif_edit"),
    path("motifs/<uuid:motif_uuid>/remettre-en-service/", motif_restore, name="motif_restore"),
    path(f"{_ORGANISATION}/lieux/", lieu_list, name="lieu_list"),
    path(f"{_ORGANISATION}/lieux/nouveau/", lieu_create, name="lieu_create"),
    path("lieux/<uuid:lieu_uuid>/rouvrir/", lieu_reopen, name="lieu_reopen"),
    path("lieux/<uuid:lieu_uuid>/supprimer/", lieu_delete, name="lieu_delete"),
    path(f"{_ORGANISATION}/reservation-en-ligne/", booking_link, name="booking_link"),
    path(
        f"{_ORGANISATION}/reservation-en-ligne/qr.svg",
        booking_qr,
        {"kind": "svg"},
        name="booking_qr",
    ),
    path(
        f"{_ORGANISATION}/reservation-en-ligne/qr.png",
        booking_qr,
        {"kind": "png"},
        name="booking_qr_png",
    ),
    path(f"{_ORGANISATION}/reservation-en-ligne/affiche/", booking_poster, name="booking_poster"),
    path(f"{_TERRITOIRE}/secteurs/adresse/", sector_test, name="sector_test"),
]
