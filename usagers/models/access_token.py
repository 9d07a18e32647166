from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from usagers.models.usager import Usager


class AccessToken(models.Model):
    """The secret of one link, in one message, about one participation (decision 11).

    Only its SHA-256 is stored. Several are valid together; five wrong tries lock one of them.
    """

    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    participation = models.ForeignKey(
        "planning.Participation", on_delete=models.CASCADE, related_name="access_tokens"
    )
    recipient = models.ForeignKey(
        Usager, on_delete=models.CASCADE, related_name="access_tokens", verbose_name=_("personne")
    )
    wrong_tries = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    locked_until = models.DateTimeField(_("bloqué jusqu’à"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))
    expires_at = models.DateTimeField(_("expire le"))

    class Meta:
        verbose_name = _("lien d’accès")
        verbose_name_plural = _("liens d’accès")
        constraints = [
            models.CheckConstraint(
                name="access_token_expires_after_creation",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("Un lien expire après sa création."),
            ),
            models.CheckConstraint(
                name="access_token_holds_a_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Seule l’empreinte du lien est conservée."),
            ),
        ]

    def __str__(self) -> str:
        return f"lien {self.pk}"
