from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agents.models.territoire import Territoire


class Service(models.Model):
    """A trade (social, PMI, état civil…), from a preset list common to every territoire."""

    SECRETARIAT = "secretariat"

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("nom"), max_length=80)
    short_name = models.CharField(_("nom court"), max_length=30)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="service_name_unique",
                violation_error_message=_("Un service porte déjà ce nom."),
            ),
            models.UniqueConstraint(
                Lower("short_name"),
                name="service_short_name_unique",
                violation_error_message=_("Un service porte déjà ce nom court."),
            ),
            models.CheckConstraint(
                name="service_names_not_blank",
                condition=~Q(name="") & ~Q(short_name=""),
                violation_error_message=_("Un service porte un nom et un nom court."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_secretariat(self) -> bool:
        return self.code == self.SECRETARIAT


class TerritoireService(models.Model):
    """A service activated in a territoire."""

    territoire = models.ForeignKey(
        Territoire, on_delete=models.CASCADE, related_name="territoire_services"
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="territoire_services"
    )

    class Meta:
        verbose_name = _("service activé")
        verbose_name_plural = _("services activés")
        constraints = [
            models.UniqueConstraint(
                "territoire",
                "service",
                name="territoire_service_once",
                violation_error_message=_("Ce service est déjà activé dans ce territoire."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.territoire_id} – {self.service_id}"
