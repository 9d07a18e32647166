from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from rdv.common.constraints import choices_constraint

# What operators accept in place of a number; digits alone would be a number.
SMS_SENDER = r"^(?=.*[A-Za-z])[A-Za-z0-9]{3,11}$"


class Accessibility(models.TextChoices):
    """What the audit of the site found: the law asks the home page to say it."""

    NONE = "none", _("non conforme")
    PARTIAL = "partial", _("partiellement conforme")
    FULL = "full", _("totalement conforme")


class Brand(models.Model):
    """A name under which this instance serves people (decision 36), chosen by the host asked for.

    Without any row the instance has one name, that of its settings.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("nom"), max_length=80, unique=True)
    is_default = models.BooleanField(_("pour les autres adresses"), default=False)
    owner = models.ForeignKey(
        "agents.Territoire",
        on_delete=models.SET_NULL,
        related_name="owned_brands",
        null=True,
        blank=True,
        verbose_name=_("territoire qui en tient les pages légales"),
    )
    sender_email = models.EmailField(_("expéditeur des e-mails"), blank=True)
    sms_sender = models.CharField(_("expéditeur des SMS"), max_length=11, blank=True)
    # Said by the default legal pages.
    publisher = models.CharField(_("éditeur du site"), max_length=300, blank=True)
    publication_director = models.CharField(
        _("directeur de la publication"), max_length=200, blank=True
    )
    hosting = models.CharField(_("hébergeur"), max_length=300, blank=True)
    accessibility = models.CharField(
        _("accessibilité"), max_length=10, choices=Accessibility, default=Accessibility.NONE
    )
    contact_email = models.EmailField(_("adresse de contact"), blank=True)
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("marque")
        verbose_name_plural = _("marques")
        ordering = ["name"]
        constraints = [
            choices_constraint("brand_accessibility_known", "accessibility", Accessibility),
            models.UniqueConstraint(
                "is_default",
                name="brand_one_default",
                condition=Q(is_default=True),
                violation_error_message=_("Une autre marque est déjà celle des autres adresses."),
            ),
            models.CheckConstraint(
                name="brand_sms_sender_alphanumeric",
                condition=Q(sms_sender="") | Q(sms_sender__regex=SMS_SENDER),
                violation_error_message=_(
                    "L’expéditeur compte 3 à 11 lettres sans accent ou chiffres, dont une lettre."
                ),
            ),
            models.CheckConstraint(
                name="brand_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("La marque porte un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class BrandHost(models.Model):
    """A host that shows a brand: « rdv.ville.fr »."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(_("nom du site"), max_length=253)

    class Meta:
        verbose_name = _("adresse de la marque")
        verbose_name_plural = _("adresses de la marque")
        constraints = [
            models.UniqueConstraint(
                Lower("host"),
                name="brand_host_once",
                violation_error_message=_("Ce site montre déjà une marque."),
            ),
            models.CheckConstraint(
                name="brand_host_lower_case",
                condition=Q(host=Lower("host")) & ~Q(host=""),
                violation_error_message=_("Le nom du site s’écrit en minuscules."),
            ),
        ]

    def __str__(self) -> str:
        return self.host


class LegalKind(models.TextChoices):
    """Pages that every public site owes its readers (I08)."""

    MENTIONS = "mentions", _("Mentions légales")
    CGU = "cgu", _("Conditions générales d’utilisation")
    PRIVACY = "privacy", _("Données personnelles")
    ACCESSIBILITY = "accessibility", _("Accessibilité")


class LegalPage(models.Model):
    """A legal page that a brand wrote in place of the default text. In French, light markup."""

    brand = models.ForeignKey(Brand, on_delete=models.CASCADE, related_name="legal_pages")
    kind = models.CharField(_("page"), max_length=15, choices=LegalKind)
    text = models.TextField(_("texte"))
    updated_at = models.DateTimeField(_("modifiée le"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="legal_pages",
        null=True,
        blank=True,
        verbose_name=_("modifiée par"),
    )

    class Meta:
        verbose_name = _("page légale")
        verbose_name_plural = _("pages légales")
        ordering = ["brand", "kind"]
        constraints = [
            choices_constraint("legal_page_kind_known", "kind", LegalKind),
            models.UniqueConstraint(
                "brand",
                "kind",
                name="legal_page_once_per_brand",
                violation_error_message=_("La marque a déjà cette page."),
            ),
            models.CheckConstraint(
                name="legal_page_not_blank",
                condition=~Q(text=""),
                violation_error_message=_("La page a un texte."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.brand_id})"
