from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from planning.rules import export as rule
from rdv.common.constraints import choices_constraint

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class ExportKind(models.TextChoices):
    RDV = rule.RDV, _("Une ligne par RDV")
    PARTICIPATIONS = rule.PARTICIPATIONS, _("Une ligne par usager et par RDV")


class ExportFormat(models.TextChoices):
    XLSX = rule.XLSX, _("Classeur Excel (.xlsx)")
    CSV = rule.CSV, _("Texte (.csv)")


class ExportState(models.TextChoices):
    PENDING = "pending", _("en attente")
    RUNNING = "running", _("en cours")
    DONE = "done", _("prêt")
    FAILED = "failed", _("échec")
    CANCELLED = "cancelled", _("annulé")
    EXPIRED = "expired", _("expiré")


UNFINISHED = ("pending", "running")


class ExportQuerySet(models.QuerySet["Export"]):
    def unfinished(self) -> Self:
        return self.filter(state__in=UNFINISHED)

    def due(self, now: datetime) -> Self:
        """What waits for a worker, and what a dead one left (its lease is over)."""
        left = Q(state=ExportState.RUNNING, lease_until__lte=now)
        return self.filter(Q(state=ExportState.PENDING) | left)


class Export(models.Model):
    """A file of RDVs that an agent asked for (H01): made by a worker, kept 24 hours.

    `filters` is the filter of the list when it was asked for, as `RdvFilter.to_json` writes it.
    `attempts` grows each time that a worker takes it: what it writes counts only as long as it is
    the last one. `stored_name` is the file in the storage, `file_name` what people download.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="exports")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="exports")
    kind = models.CharField(_("contenu"), max_length=15, choices=ExportKind)
    file_format = models.CharField(_("format"), max_length=5, choices=ExportFormat)
    filters = models.JSONField(_("filtres"), default=dict, blank=True)
    state = models.CharField(
        _("état"), max_length=10, choices=ExportState, default=ExportState.PENDING
    )
    rows_done = models.PositiveIntegerField(_("lignes écrites"), default=0)
    rows_total = models.PositiveIntegerField(_("lignes à écrire"), null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    file_name = models.CharField(_("nom du fichier"), max_length=80)
    stored_name = models.CharField(_("fichier conservé"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("taille en octets"), null=True, blank=True)
    error = models.CharField(_("cause de l’échec"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("demandé le"), db_index=True)
    started_at = models.DateTimeField(_("commencé le"), null=True, blank=True)
    lease_until = models.DateTimeField(_("réservé jusqu’à"), null=True, blank=True)
    finished_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    expires_at = models.DateTimeField(_("expire le"), null=True, blank=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(
                fields=["created_at"],
                name="export_unfinished",
                condition=Q(state__in=UNFINISHED),
            ),
        ]
        constraints = [
            choices_constraint("export_kind_known", "kind", ExportKind),
            choices_constraint("export_format_known", "file_format", ExportFormat),
            choices_constraint("export_state_known", "state", ExportState),
            models.UniqueConstraint(
                "agent",
                "kind",
                name="export_one_running_by_agent_and_kind",
                condition=Q(state="running"),
                violation_error_message=_("Un export de ce genre est déjà en cours."),
            ),
            models.CheckConstraint(
                name="export_lease_iff_running",
                condition=Q(state="running", lease_until__isnull=False, started_at__isnull=False)
                | (~Q(state="running") & Q(lease_until__isnull=True)),
                violation_error_message=_("Un export en cours est réservé pour un temps."),
            ),
            models.CheckConstraint(
                name="export_finished_at_matches_state",
                condition=Q(state__in=UNFINISHED, finished_at__isnull=True)
                | (~Q(state__in=UNFINISHED) & Q(finished_at__isnull=False)),
                violation_error_message=_("Un export terminé porte sa date."),
            ),
            models.CheckConstraint(
                name="export_file_iff_done",
                condition=(Q(state="done", size__isnull=False) & ~Q(stored_name=""))
                | (~Q(state="done") & Q(stored_name="")),
                violation_error_message=_("Un export prêt a un fichier, les autres n’en ont pas."),
            ),
            models.CheckConstraint(
                name="export_expires_once_done",
                condition=Q(state__in=("done", "expired"), expires_at__isnull=False)
                | (~Q(state__in=("done", "expired")) & Q(expires_at__isnull=True)),
                violation_error_message=_("Un fichier prêt porte la date de sa suppression."),
            ),
            models.CheckConstraint(
                name="export_error_iff_failed",
                condition=(Q(state="failed") & ~Q(error="")) | (~Q(state="failed") & Q(error="")),
                violation_error_message=_("Un export en échec dit pourquoi."),
            ),
            models.CheckConstraint(
                name="export_rows_in_order",
                condition=Q(rows_total__isnull=True) | Q(rows_done__lte=F("rows_total")),
                violation_error_message=_("Un export n’écrit pas plus de lignes que prévu."),
            ),
            models.CheckConstraint(
                name="export_file_name_not_blank",
                condition=~Q(file_name=""),
                violation_error_message=_("Un export porte un nom de fichier."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.state})"

    @property
    def is_unfinished(self) -> bool:
        return self.state in UNFINISHED

    @property
    def percentage(self) -> int:
        return rule.percentage(self.rows_done, self.rows_total)

    def end(self, state: ExportState, *, at: datetime, error: str = "") -> None:
        """Close it without a file; unsaved."""
        self.state, self.error = state, error[:300]
        self.finished_at, self.lease_until = at, None
