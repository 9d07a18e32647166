from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from rdv.common.constraints import choices_constraint


class Purpose(models.TextChoices):
    PRESCRIPTEUR = "prescripteur", _("adresse d’un prescripteur")
    WAITING_LIST = "waiting_list", _("liste d’attente")
    SIGN_IN = "sign_in", _("connexion")
    NEW_ADDRESS = "new_address", _("changement d’adresse e-mail")


class ContactCode(models.Model):
    """A short code sent to an e-mail address or a mobile, to prove that somebody reads it.

    Only its keyed hash is stored (six digits are soon tried). Purged a day after its end.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    purpose = models.CharField(_("usage"), max_length=15, choices=Purpose)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    digest = models.CharField(_("empreinte du code"), max_length=64)
    wrong_tries = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    created_at = models.DateTimeField(_("créé le"))
    expires_at = models.DateTimeField(_("expire le"), db_index=True)
    confirmed_at = models.DateTimeField(_("confirmé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code de vérification")
        verbose_name_plural = _("codes de vérification")
        constraints = [
            choices_constraint("contact_code_purpose_known", "purpose", Purpose),
            models.CheckConstraint(
                name="contact_code_has_one_address",
                condition=(~Q(email="") & Q(phone_number="")) | (Q(email="") & ~Q(phone_number="")),
                violation_error_message=_("Un code part vers une adresse, et une seule."),
            ),
            models.CheckConstraint(
                name="contact_code_expires_after_creation",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("Un code expire après sa création."),
            ),
            models.CheckConstraint(
                name="contact_code_holds_a_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Seule l’empreinte du code est conservée."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
