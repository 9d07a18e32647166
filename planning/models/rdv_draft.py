from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation


class RdvDraft(models.Model):
    """A RDV that an agent is preparing (E05). Nothing that names a person goes in a URL.

    `content` is what `planning.services.rdv_draft_save` writes: keys of rows, hours, the context
    note. Only its agent reads it; it is purged a day after its last change.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="rdv_drafts")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="rdv_drafts"
    )
    content = models.JSONField(_("contenu"), default=dict, blank=True)
    created_at = models.DateTimeField(_("créé le"))
    updated_at = models.DateTimeField(_("modifié le"), db_index=True)

    class Meta:
        verbose_name = _("brouillon de RDV")
        verbose_name_plural = _("brouillons de RDV")
        constraints = [
            models.CheckConstraint(
                name="rdv_draft_changes_after_its_creation",
                condition=Q(updated_at__gte=F("created_at")),
                violation_error_message=_("Un brouillon ne change pas avant d’exister."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)
