from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.models.territoire import Territoire


class Equipe(models.Model):
    """A named group of agents of a territoire: one criterion in place of many names (E04)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="equipes")
    name = models.CharField(_("nom de l’équipe"), max_length=120)
    agents = models.ManyToManyField(Agent, through="EquipeAgent", related_name="equipes")
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)

    class Meta:
        verbose_name = _("équipe")
        verbose_name_plural = _("équipes")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                "territoire",
                "name",
                name="equipe_name_unique_in_territoire",
                violation_error_message=_("Une équipe du territoire porte déjà ce nom."),
            ),
            models.CheckConstraint(
                name="equipe_name_not_blank",
                condition=~Q(name=""),
                violation_error_message=_("Une équipe a un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class EquipeAgent(models.Model):
    equipe = models.ForeignKey(Equipe, on_delete=models.CASCADE, related_name="equipe_agents")
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="equipe_agents")

    class Meta:
        verbose_name = _("agent d’une équipe")
        verbose_name_plural = _("agents des équipes")
        constraints = [
            models.UniqueConstraint(
                "equipe",
                "agent",
                name="equipe_agent_once",
                violation_error_message=_("Cet agent est déjà dans l’équipe."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.equipe_id} – {self.agent_id}"
