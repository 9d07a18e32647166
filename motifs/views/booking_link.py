from __future__ import annotations

import io
from typing import TYPE_CHECKING

import segno
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agents.permissions import Permission
from agents.queries.territoire_menu import may_in_territoire
from motifs.queries.booking_link import lieu_links, online_rows, prescripteur_url, public_url
from motifs.queries.embedding import embedding_of
from motifs.rules.suspension import suspension_on
from motifs.views.organisation_page import may, organisation_page

if TYPE_CHECKING:
    from uuid import UUID

    from rdv.common.http import Request

# Plain inline colours: the snippet lives on somebody else's site, without our style sheets.
BUTTON_STYLE = (
    "display:inline-block;padding:12px 24px;background:#000091;color:#fff;"
    "font-family:sans-serif;text-decoration:none"
)

QR_TYPES = {"svg": "image/svg+xml", "png": "image/png"}


@require_safe
def booking_link(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """Public address, QR code, snippets, and the motifs with what stands in their way."""
    organisation = organisation_page(request, organisation_uuid, Permission.BOOKING_LINK_READ)
    rows = online_rows(organisation, now=timezone.now())
    url = public_url(organisation)
    territoire = organisation.territoire
    may_edit_sites = may_in_territoire(request.actor, territoire, Permission.TERRITOIRE_EDIT)
    context = {
        "organisation": organisation,
        "menu": "booking_link",
        "url": url,
        "prescripteur_url": prescripteur_url(organisation),
        "lieux": lieu_links(organisation),
        "link_html": link_html(url, organisation.name),
        "button_html": button_html(url, organisation.name),
        "embedding": embedding_of(organisation),
        "sites_url": reverse("agents:embedding_sites", args=[territoire.uuid])
        if may_edit_sites
        else "",
        "rows": rows,
        "bookable_count": sum(row.is_bookable for row in rows),
        "agent": request.user.agent,
        "suspension": suspension_on(timezone.localdate(), organisation),
        "may_edit_motifs": may(request, organisation, Permission.MOTIF_EDIT),
        "may_edit_organisation": may(request, organisation, Permission.ORGANISATION_EDIT),
    }
    return render(request, "motifs/booking_link.html", context)


@require_safe
def booking_qr(request: Request, organisation_uuid: UUID, kind: str) -> HttpResponse:
    """The QR code of the public address, as an SVG image or, for printers, a PNG one."""
    organisation = organisation_page(request, organisation_uuid, Permission.BOOKING_LINK_READ)
    return qr_image(public_url(organisation), kind)


@require_safe
def booking_poster(request: Request, organisation_uuid: UUID) -> HttpResponse:
    """A page to print and put on the door."""
    organisation = organisation_page(request, organisation_uuid, Permission.BOOKING_LINK_READ)
    context = {"organisation": organisation, "url": public_url(organisation)}
    return render(request, "motifs/booking_poster.html", context)


def qr_image(url: str, kind: str) -> HttpResponse:
    """Return the QR code of an address, in one of QR_TYPES."""
    image = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        image, kind=kind, scale=8 if kind == "svg" else 20, border=4, light="#ffffff"
    )
    return HttpResponse(image.getvalue(), content_type=QR_TYPES[kind])


def link_html(url: str, name: str) -> str:
    """Return the HTML of a plain link; the name is escaped once for the site that pastes it."""
    return format_html('<a href="{}">{}</a>', url, _label(name))


def button_html(url: str, name: str) -> str:
    return format_html('<a href="{}" style="{}">{}</a>', url, BUTTON_STYLE, _label(name))


def _label(name: str) -> str:
    return _("Prendre rendez-vous – %(name)s") % {"name": name}
