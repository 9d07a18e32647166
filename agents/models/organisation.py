from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models.territoire import Territoire
from rdv.common.constraints import choices_constraint

# First steps of the public addresses under /rendez-vous/ (usagers/urls.py).
RESERVED_SLUGS = ("territoire", "verification", "confirmer")


class OrganisationKind(models.TextChoices):
    """What it is: chooses the pack of motifs that it may start with (G16)."""

    MAIRIE = "mairie", _("Mairie")
    CCAS = "ccas", _("CCAS ou CIAS")
    SOLIDARITES = "solidarites", _("Maison des solidarités")
    PMI = "pmi", _("PMI")
    FRANCE_SERVICES = "france_services", _("France Services")
    OTHER = "other", _("Autre")


class Organisation(models.Model):
    """A site of a territoire: mairie, CCAS, maison des solidarités."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territoire = models.ForeignKey(
        Territoire, on_delete=models.PROTECT, related_name="organisations"
    )
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(_("adresse publique"), max_length=80, unique=True)
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    website = models.URLField(_("site internet"), blank=True)
    opening_hours = models.TextField(_("horaires"), blank=True)
    kind = models.CharField(
        _("genre"), max_length=20, choices=OrganisationKind, default=OrganisationKind.OTHER
    )
    # Local days of the territoire: online booking reopens on that day (G11).
    booking_suspended_until = models.DateField(
        _("réservation en ligne suspendue jusqu’au"), null=True, blank=True
    )
    suspension_message = models.CharField(_("message aux usagers"), max_length=500, blank=True)
    # An admin put the start-up checklist away (G16).
    start_up_hidden_at = models.DateTimeField(
        _("liste de démarrage masquée le"), null=True, blank=True
    )
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name", "pk"]
        constraints = [
            choices_constraint("organisation_kind_known", "kind", OrganisationKind),
            models.CheckConstraint(
                name="organisation_suspension_message_with_a_date",
                condition=Q(booking_suspended_until__isnull=False) | Q(suspension_message=""),
                violation_error_message=_("Le message va avec une date de reprise."),
            ),
            models.UniqueConstraint(
                "territoire",
                "name",
                name="organisation_name_unique_in_territoire",
                violation_error_message=_("Une organisation du territoire porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="organisation_slug_not_reserved",
                condition=~Q(slug__in=RESERVED_SLUGS),
                violation_error_message=_("Cette adresse publique est réservée."),
            ),
            models.CheckConstraint(
                name="organisation_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("L’organisation porte un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
