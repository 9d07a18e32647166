from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.models.organisation import Organisation
from agents.models.territoire import Territoire


class AuditEntry(models.Model):
    """Who looked at, or changed, what (I03). Append-only: a trigger refuses UPDATE and DELETE."""

    at = models.DateTimeField(_("date"), db_index=True)
    agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="audit_entries", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="audit_entries", null=True, blank=True
    )
    # What belongs to no organisation: the settings and the agents of a territoire.
    territoire = models.ForeignKey(
        Territoire, on_delete=models.PROTECT, related_name="audit_entries", null=True, blank=True
    )
    # A super-administrator at work in the name of `agent`, or alone.
    superadmin = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="audit_entries",
        null=True,
        blank=True,
    )
    action = models.CharField(_("action"), max_length=40)
    object_kind = models.CharField(_("objet"), max_length=40)
    object_uuid = models.UUIDField(_("identifiant de l’objet"), null=True, blank=True)
    detail = models.JSONField(_("détail"), default=dict, blank=True)

    class Meta:
        verbose_name = _("trace d’audit")
        verbose_name_plural = _("traces d’audit")
        indexes = [
            models.Index(fields=["organisation", "at"], name="audit_entry_organisation_at"),
            models.Index(fields=["territoire", "at"], name="audit_entry_territoire_at"),
        ]
        constraints = [
            models.CheckConstraint(
                name="audit_entry_says_what",
                condition=~Q(action="") & ~Q(object_kind=""),
                violation_error_message=_("Une trace d’audit dit l’action et l’objet."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action} {self.object_kind}"
