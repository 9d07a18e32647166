from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Organisation, Territoire


class PendingIdentity(models.Model):
    """An identity of FranceConnect that waits for a click in a mailbox (decision 20).

    It lets the click happen in another browser. The link holds a secret whose SHA-256 is `digest`;
    a new link replaces the former one. What it knows of the person is emptied once it served.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sub = models.CharField(_("identifiant chez FranceConnect"), max_length=191)
    # {"first_name": …, "birth_name": …, "last_name": …, "birth_date": "1962-08-24"}
    identity = models.JSONField(_("identité"), default=dict, blank=True)
    # "" until the person has written it: FranceConnect gave none.
    email = models.EmailField(_("adresse e-mail"), blank=True)
    territoire = models.ForeignKey(
        Territoire,
        on_delete=models.CASCADE,
        related_name="pending_identities",
        null=True,
        blank=True,
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.CASCADE,
        related_name="pending_identities",
        null=True,
        blank=True,
    )
    next_path = models.CharField(_("page à retrouver"), max_length=1000, blank=True)
    digest = models.CharField(
        _("empreinte du lien"), max_length=64, unique=True, null=True, blank=True
    )
    link_expires_at = models.DateTimeField(_("lien valable jusqu’à"), null=True, blank=True)
    link_used_at = models.DateTimeField(_("lien utilisé le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), db_index=True)

    class Meta:
        verbose_name = _("identité à rattacher")
        verbose_name_plural = _("identités à rattacher")
        constraints = [
            models.CheckConstraint(
                name="pending_identity_has_a_sub",
                condition=~Q(sub=""),
                violation_error_message=_("Une identité a un identifiant."),
            ),
            models.CheckConstraint(
                name="pending_identity_link_has_its_end",
                condition=Q(digest__isnull=True, link_expires_at__isnull=True)
                | Q(
                    digest__isnull=False,
                    digest__regex=r"^[0-9a-f]{64}$",
                    link_expires_at__isnull=False,
                    link_expires_at__gt=F("created_at"),
                ),
                violation_error_message=_("Un lien a une empreinte et une date de fin."),
            ),
            models.CheckConstraint(
                name="pending_identity_link_goes_somewhere",
                condition=Q(digest__isnull=True) | ~Q(email=""),
                violation_error_message=_("Un lien part vers une adresse."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
