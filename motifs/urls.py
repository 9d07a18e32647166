"""URLs of motifs."""

from django.urls import path

from motifs.views.booking_link import booking_link, booking_poster, booking_qr
from motifs.views.client_create import client_create
from motifs.views.lieu_close import lieu_close, lieu_reopen
from motifs.views.lieu_delete import lieu_delete
from motifs.views.lieu_edit import lieu_create, lieu_edit
from motifs.views.lieu_list import lieu_list
from motifs.views.motif_archive import motif_archive
from motifs.views.motif_category import (
    motif_category_delete,
    motif_category_edit,
    motif_category_list,
)
from motifs.views.motif_edit import motif_create, motif_edit
from motifs.views.motif_list import motif_list
from motifs.views.motif_pack import motif_pack

_ORGANISATION = "organisations/<uuid:organisation_uuid>"
_CATEGORIES = "territoires/<uuid:territoire_uuid>/categories"

app_name = "motifs"
urlpatterns = [
    path("administration-technique/clients/nouveau/", client_create, name="client_create"),
    path(f"{_ORGANISATION}/motifs/", motif_list, name="motif_list"),
    path(f"{_ORGANISATION}/motifs/nouveau/", motif_create, name="motif_create"),
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
    path("motifs/<uuid:motif_uuid>/archiver/", motif_archive, name="motif_archive"),
    path(f"{_ORGANISATION}/lieux/", lieu_list, name="lieu_list"),
    path(f"{_ORGANISATION}/lieux/nouveau/", lieu_create, name="lieu_create"),
    path("lieux/<uuid:lieu_uuid>/modifier/", lieu_edit, name="lieu_edit"),
    path("lieux/<uuid:lieu_uuid>/fermer/", lieu_close, name="lieu_close"),
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
]
