from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models.brand import Brand


class BrandLogo(models.Model):
    """The picture beside the name of a brand: a small PNG, drawn by agents/rules/picture.py.

    In the database, not on a disk: it is there for every process that serves pages, and in backups.
    """

    brand = models.OneToOneField(
        Brand, on_delete=models.CASCADE, related_name="logo", verbose_name=_("marque")
    )
    content = models.BinaryField(_("image PNG"))
    # Of the content: part of its address, so that browsers may keep it for ever.
    digest = models.CharField(_("empreinte"), max_length=16)
    width = models.PositiveSmallIntegerField(_("largeur"))
    height = models.PositiveSmallIntegerField(_("hauteur"))
    alt_text = models.CharField(_("texte de remplacement"), max_length=120)
    updated_at = models.DateTimeField(_("modifié le"))

    class Meta:
        verbose_name = _("logo d’une marque")
        verbose_name_plural = _("logos des marques")
        constraints = [
            models.CheckConstraint(
                name="brand_logo_alt_not_blank",
                condition=~Q(alt_text=""),
                violation_error_message=_("Le logo dit en mots ce qu’il montre."),
            ),
            models.CheckConstraint(
                name="brand_logo_has_a_size",
                condition=Q(width__range=(1, 600), height__range=(1, 200)),
                violation_error_message=_("Au plus 600 pixels de large et 200 de haut."),
            ),
            models.CheckConstraint(
                name="brand_logo_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{16}$"),
                violation_error_message=_("L’empreinte est celle de l’image."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand_id} – {self.digest}"
