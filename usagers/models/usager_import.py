from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from rdv.common.constraints import choices_constraint

if TYPE_CHECKING:
    from typing import Self


class ImportState(models.TextChoices):
    CHECKING = "checking", _("en cours de vérification")
    CHECKED = "checked", _("vérifié")
    CREATING = "creating", _("en cours de création")
    DONE = "done", _("terminé")
    FAILED = "failed", _("interrompu")


WORKING = ("checking", "creating")


class UsagerImportQuerySet(models.QuerySet["UsagerImport"]):
    def working(self) -> Self:
        return self.filter(state__in=WORKING)


class UsagerImport(models.Model):
    """A file of fiches that an admin sent: a trial line by line, then the real run (G14).

    `lines`: what is still to be done, as typed. `position`: how many of them this run did, in the
    transaction that did them: a worker that is killed does no line twice. `reports`: what became
    of the lines. Read by its author alone; deleted after a day, lines as soon as they are done.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="usager_imports")
    # A super-administrator at work in the name of `agent`: the worker says so too.
    superadmin = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="usager_imports"
    )
    state = models.CharField(
        _("état"), max_length=10, choices=ImportState, default=ImportState.CHECKING
    )
    lines = models.JSONField(_("lignes"), default=list, blank=True)
    reports = models.JSONField(_("comptes rendus"), default=list, blank=True)
    position = models.PositiveIntegerField(_("lignes faites"), default=0)
    total = models.PositiveIntegerField(_("lignes à faire"))
    error = models.CharField(_("cause de l’interruption"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("envoyé le"), db_index=True)

    objects = UsagerImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import d’usagers")
        verbose_name_plural = _("imports d’usagers")
        ordering = ["-created_at", "-pk"]
        constraints = [
            choices_constraint("usager_import_state_known", "state", ImportState),
            models.CheckConstraint(
                name="usager_import_lines_in_order",
                condition=Q(position__lte=F("total")),
                violation_error_message=_("Un import ne fait pas plus de lignes que prévu."),
            ),
            models.CheckConstraint(
                name="usager_import_forgets_its_lines",
                condition=~Q(state__in=("done", "failed")) | Q(lines=[]),
                violation_error_message=_("Un import terminé ne garde pas les lignes du fichier."),
            ),
            models.CheckConstraint(
                name="usager_import_error_iff_failed",
                condition=(Q(state="failed") & ~Q(error="")) | (~Q(state="failed") & Q(error="")),
                violation_error_message=_("Un import interrompu dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_working(self) -> bool:
        return self.state in WORKING

    @property
    def percentage(self) -> int:
        return 100 * self.position // self.total if self.total else 100

    def end(self, state: ImportState, *, error: str = "") -> None:
        """Close it, and forget what the file said; unsaved."""
        self.state, self.error, self.lines = state, error[:200], []
