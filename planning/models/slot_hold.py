from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from motifs.models import Lieu, Motif
from planning.models.overlap import one_agenda_at_a_time

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class SlotHoldQuerySet(models.QuerySet["SlotHold"]):
    def alive(self, now: datetime) -> Self:
        return self.filter(expires_at__gt=now)


class SlotHold(models.Model):
    """A créneau kept for one visitor while they finish, or offered from the waiting list.

    Decision 19: ten minutes, one per visitor; it binds the public only. `holder` is the SHA-256 of
    what names the visitor or the offer. A hold is written under the lock of the agenda, after the
    expired ones of that agenda were deleted: the exclusion cannot know what time it is.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="slot_holds")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="slot_holds", null=True, blank=True
    )
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="slot_holds")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    free_at = models.DateTimeField(_("agent libre à"))
    holder = models.CharField(_("empreinte du visiteur"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("créé le"))
    expires_at = models.DateTimeField(_("expire le"), db_index=True)

    objects = SlotHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("créneau retenu")
        verbose_name_plural = _("créneaux retenus")
        constraints = [
            models.CheckConstraint(
                name="slot_hold_in_order",
                condition=Q(ends_at__gt=F("starts_at"), free_at__gte=F("ends_at")),
                violation_error_message=_("Un créneau finit après avoir commencé."),
            ),
            models.CheckConstraint(
                name="slot_hold_expires_after_creation",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message=_("Un créneau est retenu pour un temps."),
            ),
            models.CheckConstraint(
                name="slot_hold_holder_is_a_digest",
                condition=Q(holder__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Seule l’empreinte du visiteur est conservée."),
            ),
            ExclusionConstraint(
                name="slot_hold_no_overlap",
                expressions=one_agenda_at_a_time(),
                violation_error_message=_("Ce créneau est déjà retenu."),
                violation_error_code="overlap",
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
