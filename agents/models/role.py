from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.models.organisation import Organisation
from agents.models.territoire import Territoire
from rdv.common.constraints import choices_constraint


class Level(models.TextChoices):
    BASIQUE = "basique", _("Basique")
    ADMIN = "admin", _("Administrateur")
    INTERVENANT = "intervenant", _("Intervenant")


class RoleOrganisation(models.Model):
    """What an agent is in an organisation (decision 15)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="roles")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="roles")
    level = models.CharField(_("niveau"), max_length=12, choices=Level, default=Level.BASIQUE)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    class Meta:
        verbose_name = _("rôle dans une organisation")
        verbose_name_plural = _("rôles dans les organisations")
        constraints = [
            choices_constraint("role_level_known", "level", Level),
            models.UniqueConstraint(
                "agent",
                "organisation",
                name="role_once_per_organisation",
                violation_error_message=_("L’agent a déjà un rôle dans cette organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} – {self.organisation_id} : {self.level}"


class DroitTerritoire(models.Model):
    """What an agent may do for a whole territoire (decision 12)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="droits")
    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="droits")
    is_admin = models.BooleanField(_("administrateur du territoire"), default=False)
    manages_teams = models.BooleanField(_("gère les équipes"), default=False)
    manages_rights = models.BooleanField(_("gère les droits des agents"), default=False)
    invites_agents = models.BooleanField(_("invite des agents"), default=False)

    class Meta:
        verbose_name = _("droits sur un territoire")
        verbose_name_plural = _("droits sur les territoires")
        constraints = [
            models.UniqueConstraint(
                "agent",
                "territoire",
                name="droit_once_per_territoire",
                violation_error_message=_("L’agent a déjà des droits dans ce territoire."),
            ),
            models.CheckConstraint(
                name="droit_admin_holds_delegable_rights",
                condition=Q(is_admin=False)
                | Q(manages_teams=True, manages_rights=True, invites_agents=True),
                violation_error_message=_(
                    "Un administrateur de territoire détient les trois droits délégables."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} – {self.territoire_id}"
