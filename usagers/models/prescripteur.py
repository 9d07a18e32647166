from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

# What an erased row holds: the table asks for a name and an address. Nothing is ever sent there.
ERASED = {
    "first_name": "Prescripteur",
    "last_name": "effacé",
    "email": "efface@prescripteur.invalid",
    "phone_number": "",
}


class Prescripteur(models.Model):
    """A partner who booked for somebody, as they signed that day. No account (B01).

    Erased two years after the RDV (decision 5): the row stays, which says that somebody sent them.
    """

    first_name = models.CharField(_("prénom"), max_length=80)
    last_name = models.CharField(_("nom"), max_length=80)
    email = models.EmailField(_("adresse e-mail professionnelle"))
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("prescripteur")
        verbose_name_plural = _("prescripteurs")
        constraints = [
            models.CheckConstraint(
                name="prescripteur_is_named",
                condition=~Q(first_name="") & ~Q(last_name="") & ~Q(email=""),
                violation_error_message=_("Un prescripteur donne son nom et son adresse e-mail."),
            ),
        ]

    def __str__(self) -> str:
        if self.is_erased:
            return str(_("(nom effacé)"))
        return f"{self.first_name} {self.last_name.upper()}"

    @property
    def is_erased(self) -> bool:
        return self.email == ERASED["email"]
