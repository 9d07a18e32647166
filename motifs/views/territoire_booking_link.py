"""« Réservation en ligne » of a whole territoire, in Espace admin: link, QR code, frame (A10)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from motifs.queries.booking_link import territoire_url
from motifs.queries.embedding import embedding_of
from motifs.views.booking_link import button_html, link_html, qr_image
from motifs.views.territoire_page import territoire_page

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpResponse

    from rdv.common.http import Request


@require_safe
def territoire_booking_link(request: Request, territoire_uuid: UUID) -> HttpResponse:
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    url = territoire_url(territoire)
    context = {
        "territoire": territoire,
        "menu": "booking_link",
        "url": url,
        "link_html": link_html(url, territoire.name),
        "button_html": button_html(url, territoire.name),
        "embedding": embedding_of(territoire),
        "sites_url": reverse("agents:embedding_sites", args=[territoire.uuid]),
    }
    return render(request, "motifs/territoire_booking_link.html", context)


@require_safe
def territoire_booking_qr(request: Request, territoire_uuid: UUID, kind: str) -> HttpResponse:
    """The QR code of the territoire's public address."""
    territoire = territoire_page(request, territoire_uuid, Permission.TERRITOIRE_EDIT)
    return qr_image(territoire_url(territoire), kind)
