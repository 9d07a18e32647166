from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from planning.models.rdv import Rdv
from rdv.common.constraints import choices_constraint
from usagers.models import Usager


class AuthorKind(models.TextChoices):
    AGENT = "agent", _("agent")
    USAGER = "usager", _("usager")
    PRESCRIPTEUR = "prescripteur", _("prescripteur")
    SYSTEM = "system", _("automatique")


class Action(models.TextChoices):
    CREATED = "created", _("RDV créé")
    MOVED = "moved", _("RDV déplacé")
    EDITED = "edited", _("RDV modifié")
    STATUS = "status", _("Statut modifié")
    CANCELLED = "cancelled", _("RDV annulé")
    REMINDED = "reminded", _("Rappel envoyé")
    DELETED = "deleted", _("RDV supprimé")


class RdvEvent(models.Model):
    """History of a RDV: who, what, before and after. Append-only (trigger).

    `changes` maps a field to [before, after]. `author_name` is what people read, kept one year.
    """

    rdv = models.ForeignKey(Rdv, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(_("date"))
    action = models.CharField(_("action"), max_length=12, choices=Action)
    author_kind = models.CharField(_("genre d’auteur"), max_length=12, choices=AuthorKind)
    author_agent = models.ForeignKey(
        Agent, on_delete=models.PROTECT, related_name="rdv_events", null=True, blank=True
    )
    author_usager = models.ForeignKey(
        Usager, on_delete=models.PROTECT, related_name="rdv_events", null=True, blank=True
    )
    # A super-administrator at work in the name of `author_agent`: copied to the audit trail.
    superadmin = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    author_name = models.CharField(_("auteur"), max_length=200, blank=True)
    changes = models.JSONField(_("changements"), default=dict, blank=True)

    class Meta:
        verbose_name = _("événement d’un RDV")
        verbose_name_plural = _("événements des RDV")
        ordering = ["at", "pk"]
        constraints = [
            choices_constraint("rdv_event_action_known", "action", Action),
            models.CheckConstraint(
                name="rdv_event_author_matches_kind",
                condition=Q(
                    author_kind="agent", author_agent__isnull=False, author_usager__isnull=True
                )
                | Q(author_kind="usager", author_agent__isnull=True, author_usager__isnull=False)
                | Q(
                    author_kind__in=("prescripteur", "system"),
                    author_agent__isnull=True,
                    author_usager__isnull=True,
                ),
                violation_error_message=_("L’auteur d’un événement correspond à son genre."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
