from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import GeneratedField, Q
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from agents.models.service import Service
from agents.models.territoire import Territoire
from rdv.common.constraints import choices_constraint
from rdv.common.text_keys import folded

if TYPE_CHECKING:
    from typing import Self


class RdvNotificationLevel(models.TextChoices):
    """Which of one's RDVs are announced by e-mail with ICS (D01)."""

    ALL = "all", _("Tous les changements, les miens compris")
    OTHERS = "others", _("Les changements faits par d’autres que moi")
    SOON = "soon", _("Ceux des autres, pour les RDV du jour ou du lendemain")
    NONE = "none", _("Aucun")


class PlanningNotificationLevel(models.TextChoices):
    ALL = "all", _("Les changements faits par d’autres que moi")
    NONE = "none", _("Aucun")


class AgendaView(models.TextChoices):
    """The view in which one's agenda opens; the values are those of its URL."""

    DAY = "jour", _("Jour")
    WEEK = "semaine", _("Semaine")
    MONTH = "mois", _("Mois")
    LIST = "liste", _("Liste")


class AgentQuerySet(models.QuerySet["Agent"]):
    def active(self) -> Self:
        return self.filter(deactivated_at=None)


class Agent(models.Model):
    """A member of staff. Without account: an intervenant, who never signs in."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="agent",
        null=True,
        blank=True,
        verbose_name=_("compte"),
    )
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    sort_key = GeneratedField(
        expression=folded(
            Concat(
                "last_name",
                models.Value(" "),
                "first_name",
                output_field=models.CharField(),
            )
        ),
        output_field=models.CharField(max_length=400),
        db_persist=True,
    )
    phone_number = PhoneNumberField(_("téléphone"), blank=True)
    rdv_notifications = models.CharField(
        _("e-mails sur mes RDV"),
        max_length=10,
        choices=RdvNotificationLevel,
        default=RdvNotificationLevel.OTHERS,
    )
    plage_notifications = models.CharField(
        _("e-mails sur mes plages d’ouverture"),
        max_length=10,
        choices=PlanningNotificationLevel,
        default=PlanningNotificationLevel.ALL,
    )
    indisponibilite_notifications = models.CharField(
        _("e-mails sur mes indisponibilités"),
        max_length=10,
        choices=PlanningNotificationLevel,
        default=PlanningNotificationLevel.ALL,
    )
    agenda_view = models.CharField(
        _("vue de l’agenda à l’ouverture"),
        max_length=10,
        choices=AgendaView,
        default=AgendaView.WEEK,
    )
    shows_saturdays = models.BooleanField(_("afficher les samedis"), default=False)
    shows_cancelled = models.BooleanField(_("afficher les RDV annulés"), default=True)
    # The secret address of the agent's webcal feed is derived from this; empty: no feed (D03).
    webcal_salt = models.CharField(_("sel de l’adresse webcal"), max_length=64, blank=True)
    # Told that two years without a sign-in close the account (decision 5).
    inactivity_notice_at = models.DateTimeField(
        _("prévenu de son inactivité le"), null=True, blank=True
    )
    deactivated_at = models.DateTimeField(_("désactivé le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"), auto_now_add=True)

    objects = AgentQuerySet.as_manager()

    class Meta:
        verbose_name = _("agent")
        verbose_name_plural = _("agents")
        ordering = ["sort_key", "pk"]
        constraints = [
            choices_constraint(
                "agent_rdv_notifications_known", "rdv_notifications", RdvNotificationLevel
            ),
            choices_constraint(
                "agent_plage_notifications_known", "plage_notifications", PlanningNotificationLevel
            ),
            choices_constraint(
                "agent_indisponibilite_notifications_known",
                "indisponibilite_notifications",
                PlanningNotificationLevel,
            ),
            choices_constraint("agent_agenda_view_known", "agenda_view", AgendaView),
            models.CheckConstraint(
                name="agent_without_account_has_a_name",
                condition=Q(account__isnull=False) | ~Q(last_name=""),
                violation_error_message=_("Un intervenant porte au moins un nom."),
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """First name and LAST NAME; the e-mail of an invited agent who gave no name yet."""
        name = f"{self.first_name} {self.last_name.upper()}".strip()
        return name or (self.account.email if self.account else "")

    @property
    def short_name(self) -> str:
        """Return what usagers may read: "P. DURAND"."""
        initial = f"{self.first_name[0]}. " if self.first_name else ""
        return f"{initial}{self.last_name.upper()}".strip()

    @property
    def email(self) -> str:
        return self.account.email if self.account else ""

    @property
    def is_invited(self) -> bool:
        """Invited, and never accepted: nobody has shown to read that mailbox yet."""
        return self.account is not None and not self.account.email_is_proven


class AgentService(models.Model):
    """A service of an agent, in one territoire (decision 15)."""

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="agent_services")
    territoire = models.ForeignKey(
        Territoire, on_delete=models.CASCADE, related_name="agent_services"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="agent_services")

    class Meta:
        verbose_name = _("service d’un agent")
        verbose_name_plural = _("services des agents")
        constraints = [
            models.UniqueConstraint(
                "agent",
                "territoire",
                "service",
                name="agent_service_once",
                violation_error_message=_("L’agent a déjà ce service dans ce territoire."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} – {self.service_id}"
