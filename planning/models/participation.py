from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from planning.models.rdv import Rdv, Status
from planning.rules import status as rule
from rdv.common.constraints import choices_constraint
from usagers.models import Prescripteur, Usager

if TYPE_CHECKING:
    from typing import Self


class Need(models.TextChoices):
    """What helps a person to come and be understood; for the agents' eyes only (A13)."""

    REDUCED_MOBILITY = "reduced_mobility", _("accès pour une personne à mobilité réduite")
    SIGN_LANGUAGE = "sign_language", _("langue des signes")
    INTERPRETER = "interpreter", _("interprète")


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def active(self) -> Self:
        return self.filter(status__in=rule.ACTIVE)


class Participation(models.Model):
    """A person in a RDV, with their own status. Booked by exactly one kind of author."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rdv = models.ForeignKey(Rdv, on_delete=models.CASCADE, related_name="participations")
    usager = models.ForeignKey(Usager, on_delete=models.PROTECT, related_name="participations")
    status = models.CharField(_("statut"), max_length=10, choices=Status, default=Status.UNKNOWN)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)
    arrived_at = models.DateTimeField(_("arrivé à"), null=True, blank=True)
    notifies_changes = models.BooleanField(_("prévenir des changements"), default=True)
    notifies_reminder = models.BooleanField(_("envoyer le rappel"), default=True)
    created_by_agent = models.ForeignKey(
        Agent,
        on_delete=models.PROTECT,
        related_name="participations_created",
        null=True,
        blank=True,
    )
    created_by_usager = models.ForeignKey(
        Usager,
        on_delete=models.PROTECT,
        related_name="participations_created",
        null=True,
        blank=True,
    )
    prescripteur = models.ForeignKey(
        Prescripteur,
        on_delete=models.PROTECT,
        related_name="participations",
        null=True,
        blank=True,
    )
    # Where the agent who booked from another organisation works (B04).
    prescribed_from = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="participations_prescribed",
        null=True,
        blank=True,
    )
    needs = ArrayField(
        models.CharField(max_length=20, choices=Need),
        verbose_name=_("besoins"),
        default=list,
        blank=True,
    )
    needs_details = models.CharField(_("précision sur les besoins"), max_length=100, blank=True)
    created_at = models.DateTimeField(_("créée le"))

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["pk"]
        constraints = [
            choices_constraint("participation_status_known", "status", Status),
            models.UniqueConstraint(
                "rdv",
                "usager",
                name="participation_once_per_rdv",
                violation_error_message=_("Cette personne participe déjà au RDV."),
            ),
            models.CheckConstraint(
                name="participation_cancelled_at_matches_status",
                condition=Q(status__in=rule.CANCELLED, cancelled_at__isnull=False)
                | Q(status__in=rule.ACTIVE, cancelled_at__isnull=True),
                violation_error_message=_("Une participation annulée porte une date."),
            ),
            models.CheckConstraint(
                name="participation_needs_known",
                condition=Q(needs__contained_by=list(Need.values)),
                violation_error_message=_("Ce besoin n’est pas prévu."),
            ),
            models.CheckConstraint(
                name="participation_prescribed_by_an_agent",
                condition=Q(prescribed_from__isnull=True) | Q(created_by_agent__isnull=False),
                violation_error_message=_("Seul un agent prescrit depuis une organisation."),
            ),
            models.CheckConstraint(
                name="participation_has_one_author",
                condition=Q(
                    created_by_agent__isnull=False,
                    created_by_usager__isnull=True,
                    prescripteur__isnull=True,
                )
                | Q(
                    created_by_agent__isnull=True,
                    created_by_usager__isnull=False,
                    prescripteur__isnull=True,
                )
                | Q(
                    created_by_agent__isnull=True,
                    created_by_usager__isnull=True,
                    prescripteur__isnull=False,
                ),
                violation_error_message=_("Une participation a un auteur, et un seul."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_cancelled(self) -> bool:
        return self.status in rule.CANCELLED

    @property
    def needs_text(self) -> str:
        """Return what helps this person, in words, for agents only; "" for nothing (A13)."""
        known = [str(Need(need).label) for need in self.needs]
        return ", ".join([*known, self.needs_details] if self.needs_details else known)
