"""What a town's own site pastes to show the booking journey in its page (A10)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from agents.models import Organisation

if TYPE_CHECKING:
    from agents.models import Territoire

# Sites link to this name for years: never that of the storage, which changes with the content.
SCRIPT = "js/integration-v1.js"
# Without JavaScript the frame keeps this height, in pixels, and scrolls.
HEIGHT = 900


@dataclass(frozen=True)
class Embedding:
    """`sites`: those of the territoire's list, which may show the frame; none: nobody may."""

    snippet: str
    sites: list[str]


def embedding_of(entry: Organisation | Territoire) -> Embedding:
    """Return what to paste for an organisation, or for a whole territoire. No statement."""
    territoire = entry.territoire if isinstance(entry, Organisation) else entry
    return Embedding(_snippet(entry), territoire.embedding_domains)


def _snippet(entry: Organisation | Territoire) -> str:
    """Return the HTML; the name is escaped once for the site that pastes it."""
    kind = "organisation" if isinstance(entry, Organisation) else "territoire"
    path = reverse("usagers:frame_search", kwargs={f"{kind}_slug": entry.slug})
    return format_html(
        '<iframe src="{}" title="{}" style="width:100%;height:{}px;border:0"></iframe>\n'
        '<script src="{}" async></script>',
        f"{settings.SITE_URL}{path}",
        _("Prendre rendez-vous – %(name)s") % {"name": entry.name},
        HEIGHT,
        f"{settings.SITE_URL}{settings.STATIC_URL}{SCRIPT}",
    )
