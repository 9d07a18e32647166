from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models import Organisation
from rdv.common.constraints import choices_constraint


class Availability(models.TextChoices):
    OPEN = "open", _("ouvert")
    CLOSED = "closed", _("fermé")
    SINGLE_USE = "single_use", _("ponctuel")


class Lieu(models.Model):
    """A place where people are received. A one-off place is born with a RDV and stays one-off."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="lieux")
    name = models.CharField(_("nom"), max_length=120)
    address = models.CharField(_("adresse"), max_length=250)
    latitude = models.FloatField(_("latitude"), null=True, blank=True)
    longitude = models.FloatField(_("longitude"), null=True, blank=True)
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    availability = models.CharField(
        _("état"), max_length=10, choices=Availability, default=Availability.OPEN
    )
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("lieu")
        verbose_name_plural = _("lieux")
        ordering = ["name", "pk"]
        constraints = [
            choices_constraint("lieu_availability_known", "availability", Availability),
            models.UniqueConstraint(
                "organisation",
                "name",
                name="lieu_name_unique_while_open",
                condition=Q(availability="open"),
                violation_error_message=_("Un lieu ouvert de l’organisation porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="lieu_latitude_with_longitude",
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__gte=-90,
                    latitude__lte=90,
                    longitude__gte=-180,
                    longitude__lte=180,
                ),
                violation_error_message=_("La latitude et la longitude vont ensemble."),
            ),
            models.CheckConstraint(
                name="lieu_name_and_address_not_blank",
                condition=~Q(name="") & ~Q(address=""),
                violation_error_message=_("Un lieu a un nom et une adresse."),
            ),
            # The target of the composite foreign keys of migration planning.0003.
            models.UniqueConstraint(
                "id",
                "organisation",
                name="lieu_id_organisation",
                violation_error_message=_("Ce lieu est déjà celui d’une organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
