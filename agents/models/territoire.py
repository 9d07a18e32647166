from __future__ import annotations

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models.brand import SMS_SENDER, Brand
from rdv.common.constraints import choices_constraint, optional_choices_constraint
from rdv.common.encryption import EncryptedTextField
from rdv.common.timezones import HolidayZone, Zone


class Kind(models.TextChoices):
    DEPARTEMENT = "departement", _("département")
    COMMUNE = "commune", _("commune")


class UsagerField(models.TextChoices):
    """What fiches hold beyond name and contact, where the territoire wants it."""

    BIRTH_NAME = "birth_name", _("nom de naissance")
    BIRTH_DATE = "birth_date", _("date de naissance")
    ADDRESS = "address", _("adresse")
    ADDRESS_DETAILS = "address_details", _("complément d’adresse")
    CAISSE = "caisse", _("caisse d’affiliation")
    AFFILIATION_NUMBER = "affiliation_number", _("numéro d’allocataire")
    FAMILY_SITUATION = "family_situation", _("situation familiale")
    NUMBER_OF_CHILDREN = "number_of_children", _("nombre d’enfants")
    LOGEMENT = "logement", _("logement")
    CASE_NUMBER = "case_number", _("numéro de dossier")
    NOTES = "notes", _("notes")


class SmsGateway(models.TextChoices):
    """Who carries the SMS of a territoire; empty: the choice of the instance (C05)."""

    BREVO = "brevo", "Brevo"
    SMSMODE = "smsmode", "smsmode"


def usual_fields() -> list[str]:
    return [UsagerField.BIRTH_NAME, UsagerField.BIRTH_DATE, UsagerField.ADDRESS, UsagerField.NOTES]


class Territoire(models.Model):
    """A département or a commune: the wall that no personal data crosses."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(_("adresse publique"), max_length=80, unique=True)
    kind = models.CharField(_("genre"), max_length=12, choices=Kind, default=Kind.DEPARTEMENT)
    departement_number = models.CharField(_("numéro de département"), max_length=3, blank=True)
    timezone = models.CharField(
        _("fuseau horaire"), max_length=40, choices=Zone, default=Zone.PARIS
    )
    holiday_zone = models.CharField(
        _("jours fériés"), max_length=30, choices=HolidayZone, default=HolidayZone.METROPOLE
    )
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    searches_across_organisations = models.BooleanField(
        _("recherche des usagers entre organisations"), default=True
    )
    usager_fields = ArrayField(
        models.CharField(max_length=20, choices=UsagerField),
        verbose_name=_("champs des fiches usagers"),
        default=usual_fields,
        blank=True,
    )
    shows_rdv_context = models.BooleanField(_("champ contexte sur les RDV"), default=True)
    sms_gateway = models.CharField(
        _("passerelle SMS"), max_length=20, choices=SmsGateway, blank=True
    )
    sms_sender = models.CharField(_("expéditeur des SMS"), max_length=11, blank=True)
    sms_credentials: models.Field[Any, Any] = EncryptedTextField(
        _("clé de la passerelle SMS"), blank=True, default=""
    )
    # Told to those whose data are asked (I08); empty: the contact of the territoire.
    controller_name = models.CharField(_("responsable de traitement"), max_length=200, blank=True)
    dpo_name = models.CharField(
        _("délégué à la protection des données"), max_length=200, blank=True
    )
    dpo_email = models.EmailField(_("adresse e-mail du délégué"), blank=True)
    requires_two_factor = models.BooleanField(
        _("double authentification exigée des administrateurs du territoire"), default=False
    )
    # Hosts whose pages may show the booking journey in a frame (A10).
    embedding_domains = ArrayField(
        models.CharField(max_length=253),
        verbose_name=_("sites où la réservation peut être intégrée"),
        default=list,
        blank=True,
    )
    mails_arrivals = models.BooleanField(
        _("prévenir l’agent par e-mail de l’arrivée d’un usager"), default=False
    )
    colours_arrivals = models.BooleanField(
        _("signaler l’arrivée d’un usager dans l’agenda"), default=True
    )
    # Under which name its messages leave; nothing: that of the settings (decision 36).
    brand = models.ForeignKey(
        Brand,
        on_delete=models.SET_NULL,
        related_name="territoires",
        null=True,
        blank=True,
        verbose_name=_("marque"),
    )
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("territoire")
        verbose_name_plural = _("territoires")
        ordering = ["name", "pk"]
        constraints = [
            choices_constraint("territoire_kind_known", "kind", Kind),
            choices_constraint(
                "territoire_timezone_known",
                "timezone",
                Zone,
                _("Ce fuseau horaire n’est pas celui d’un territoire français."),
            ),
            models.CheckConstraint(
                name="territoire_usager_fields_known",
                condition=Q(usager_fields__contained_by=list(UsagerField.values)),
                violation_error_message=_("Ce champ des fiches n’est pas prévu."),
            ),
            choices_constraint("territoire_holiday_zone_known", "holiday_zone", HolidayZone),
            optional_choices_constraint("territoire_sms_gateway_known", "sms_gateway", SmsGateway),
            models.CheckConstraint(
                name="territoire_sms_sender_alphanumeric",
                condition=Q(sms_sender="") | Q(sms_sender__regex=SMS_SENDER),
                violation_error_message=_(
                    "L’expéditeur compte 3 à 11 lettres sans accent ou chiffres, dont une lettre."
                ),
            ),
            models.CheckConstraint(
                name="territoire_sms_credentials_with_a_gateway",
                condition=~Q(sms_gateway="") | Q(sms_credentials=""),
                violation_error_message=_("Une clé est celle d’une passerelle."),
            ),
            models.CheckConstraint(
                name="territoire_embedding_domains_at_most_50",
                condition=Q(embedding_domains__len__lte=50),
                violation_error_message=_("50 sites au plus."),
            ),
            models.CheckConstraint(
                name="territoire_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("Le territoire porte un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)
