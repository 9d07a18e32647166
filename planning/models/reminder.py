from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from planning.models.participation import Participation


class Reminder(models.Model):
    """The reminder that a participation is to get, for one start time (decision 1).

    Written in the transaction that sets the start; a move or a cancellation deletes what was not
    sent yet. `sent_at` is set in the transaction that writes the message to the outbox. Nothing is
    tried before `retry_at`: after a failure, `tries` of them already, or an outage that ended at
    night.
    """

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="reminders"
    )
    starts_at = models.DateTimeField(_("début du RDV"))
    due_at = models.DateTimeField(_("à envoyer le"))
    sent_at = models.DateTimeField(_("confié à l’envoi le"), null=True, blank=True)
    tries = models.PositiveSmallIntegerField(_("essais manqués"), default=0)
    retry_at = models.DateTimeField(_("pas avant"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("rappel")
        verbose_name_plural = _("rappels")
        indexes = [
            models.Index(fields=["due_at"], name="reminder_due", condition=Q(sent_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                "participation",
                "starts_at",
                name="reminder_once_per_start",
                violation_error_message=_("Le rappel de ce RDV est déjà prévu."),
            ),
            models.CheckConstraint(
                name="reminder_due_before_start",
                condition=Q(due_at__lt=F("starts_at")),
                violation_error_message=_("Un rappel part avant le RDV."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participation_id} {self.due_at:%Y-%m-%d %H:%M}"
