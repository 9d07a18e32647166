from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from notifications.models.failure import BlockReason
from notifications.models.outbox_message import Channel
from rdv.common.constraints import choices_constraint

if TYPE_CHECKING:
    from typing import Self


class BlockedAddressQuerySet(models.QuerySet["BlockedAddress"]):
    def active(self) -> Self:
        return self.filter(cleared_at=None)


class BlockedAddress(models.Model):
    """An address that nothing more is sent to, until an admin clears it (C07).

    A cleared row stays: a new refusal writes a new one.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    channel = models.CharField(_("canal"), max_length=10, choices=Channel)
    address = models.CharField(_("adresse"), max_length=254)
    reason = models.CharField(_("raison"), max_length=20, choices=BlockReason)
    detail = models.CharField(_("réponse du fournisseur"), max_length=300, blank=True)
    at = models.DateTimeField(_("bloquée le"))
    cleared_at = models.DateTimeField(_("débloquée le"), null=True, blank=True)
    cleared_by = models.ForeignKey(
        "agents.Agent", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = BlockedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("adresse bloquée")
        verbose_name_plural = _("adresses bloquées")
        ordering = ["-at", "-pk"]
        constraints = [
            choices_constraint("blocked_address_channel_known", "channel", Channel),
            choices_constraint("blocked_address_reason_known", "reason", BlockReason),
            models.UniqueConstraint(
                "channel",
                "address",
                name="blocked_address_once",
                condition=Q(cleared_at=None),
                violation_error_message=_("Cette adresse est déjà bloquée."),
            ),
            models.CheckConstraint(
                name="blocked_address_not_blank",
                condition=~Q(address=""),
                violation_error_message=_("Une adresse bloquée est une adresse."),
            ),
            models.CheckConstraint(
                name="blocked_address_cleared_by_somebody",
                condition=Q(cleared_at__isnull=True, cleared_by__isnull=True)
                | Q(cleared_at__isnull=False, cleared_by__isnull=False),
                violation_error_message=_("Une adresse débloquée dit quand et par qui."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.reason}"
