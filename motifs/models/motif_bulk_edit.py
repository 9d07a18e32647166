from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Territoire
from motifs.models.motif import Motif


class MotifBulkEdit(models.Model):
    """One change of the settings of several motifs, that its author may undo for a day (G07)."""

    # Made when the preview is shown: the second of two clicks finds the edit of the first.
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territoire = models.ForeignKey(
        Territoire, on_delete=models.PROTECT, related_name="motif_bulk_edits"
    )
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="motif_bulk_edits")
    created_at = models.DateTimeField(_("faite le"))
    undone_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    class Meta:
        verbose_name = _("modification de plusieurs motifs")
        verbose_name_plural = _("modifications de plusieurs motifs")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="motif_bulk_edit_undone_afterwards",
                condition=Q(undone_at__isnull=True) | Q(undone_at__gte=F("created_at")),
                violation_error_message=_("Une modification s’annule après avoir été faite."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class MotifBulkLine(models.Model):
    """What the edit did to one motif: its columns `before` and `after`, those changed only."""

    bulk = models.ForeignKey(MotifBulkEdit, on_delete=models.CASCADE, related_name="lines")
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="bulk_lines")
    before = models.JSONField(_("avant"))
    after = models.JSONField(_("après"))

    class Meta:
        verbose_name = _("motif d’une modification")
        verbose_name_plural = _("motifs d’une modification")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "bulk",
                "motif",
                name="motif_bulk_line_once",
                violation_error_message=_("Ce motif est déjà dans la modification."),
            ),
            models.CheckConstraint(
                name="motif_bulk_line_changes_something",
                condition=~Q(before=F("after")),
                violation_error_message=_("La modification change quelque chose au motif."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} – {self.motif_id}"
