"""Under which name the site answers (decision 36), and its legal pages (I08)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Prefetch

from agents.models import Accessibility, Brand, BrandLogo, LegalPage
from agents.permissions import Permission
from agents.policies import territoires_for
from agents.rules.legal_texts import Publisher, default_text

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

    from agents.models import Territoire
    from agents.permissions import Actor


@dataclass(frozen=True)
class Brands:
    """Every brand of the instance, by host; `default`: for the hosts that none names."""

    by_host: dict[str, Brand] = field(default_factory=dict)
    default: Brand | None = None

    def of(self, host: str) -> Brand | None:
        """Return the brand of a host, its port aside; None: the name of the settings."""
        return self.by_host.get(host.partition(":")[0].lower(), self.default)


@dataclass(frozen=True)
class LegalText:
    """`updated_at`: when the brand wrote it; None for the default text."""

    text: str
    updated_at: datetime | None = None


def all_brands() -> Brands:
    """Read brands, hosts and logos: few rows, three statements, one when there is none.

    Pictures are left where they are: `brand.logo` holds what a page says of it.
    """
    logos = Prefetch("logo", BrandLogo.objects.defer("content"))
    rows = list(Brand.objects.prefetch_related("hosts", logos))
    return Brands(
        by_host={line.host: brand for brand in rows for line in brand.hosts.all()},
        default=next((brand for brand in rows if brand.is_default), None),
    )


def brand_name_of(host: str) -> str:
    """Return the name under which the site answers at that host."""
    brand = all_brands().of(host)
    return brand.name if brand else settings.SITE_NAME


def logo_of(brand: Brand | None) -> BrandLogo | None:
    """Return the logo, without a statement for the brands of `all_brands`."""
    found: BrandLogo | None = getattr(brand, "logo", None)
    return found


def logo_content(brand_uuid: UUID, digest: str) -> bytes | None:
    """Return the picture of this address, or None once it was replaced or removed."""
    rows = BrandLogo.objects.filter(brand__uuid=brand_uuid, digest=digest)
    content = rows.values_list("content", flat=True).first()
    return None if content is None else bytes(content)


def legal_text(brand: Brand | None, kind: str) -> LegalText:
    """Return what the brand wrote, else the default text with what is known of it."""
    row = LegalPage.objects.filter(brand=brand, kind=kind).first() if brand else None
    if row is not None:
        return LegalText(row.text, row.updated_at)
    return LegalText(default_text(kind, publisher_of(brand)))


def publisher_of(brand: Brand | None) -> Publisher:
    contact = (brand.contact_email if brand else "") or settings.SUPPORT_EMAIL
    return Publisher(
        site_name=brand.name if brand else settings.SITE_NAME,
        site_url=settings.SITE_URL,
        contact=contact,
        name=brand.publisher if brand else "",
        director=brand.publication_director if brand else "",
        hosting=brand.hosting if brand else "",
        accessibility=_audited(brand),
    )


def _audited(brand: Brand | None) -> str:
    if brand is None or brand.accessibility == Accessibility.NONE:
        return ""
    return str(Accessibility(brand.accessibility).label)


def owned_brands(actor: Actor | None, territoire: Territoire) -> QuerySet[Brand]:
    """Return the brands whose legal pages the admins of this territoire write."""
    owners = territoires_for(actor, Permission.TERRITOIRE_EDIT).filter(pk=territoire.pk)
    return Brand.objects.filter(owner__in=owners)
