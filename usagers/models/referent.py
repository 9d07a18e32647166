from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from agents.models import Agent
from usagers.models.usager import Usager


class Referent(models.Model):
    """An agent who follows an usager. Follow-up motifs are booked with one's référents only."""

    usager = models.ForeignKey(Usager, on_delete=models.CASCADE, related_name="referents")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="referents")
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("référent")
        verbose_name_plural = _("référents")
        constraints = [
            models.UniqueConstraint(
                "usager",
                "agent",
                name="referent_once",
                violation_error_message=_("Cet agent est déjà référent de cette personne."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.usager_id} – {self.agent_id}"
