from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Territoire


class MotifCategory(models.Model):
    """A family of motifs of a territoire, across its organisations: « Papiers d’identité »."""

    territoire = models.ForeignKey(
        Territoire, on_delete=models.CASCADE, related_name="motif_categories"
    )
    name = models.CharField(_("nom"), max_length=80)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("catégorie de motifs")
        verbose_name_plural = _("catégories de motifs")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "territoire",
                "name",
                name="motif_category_name_unique_in_territoire",
                violation_error_message=_("Une catégorie du territoire porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="motif_category_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("La catégorie porte un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
