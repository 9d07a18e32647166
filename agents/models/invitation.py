from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from agents.models.agent import Agent
from agents.models.organisation import Organisation
from agents.models.role import Level
from agents.models.service import Service
from agents.models.territoire import Territoire


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self) -> InvitationQuerySet:
        """Neither accepted nor cancelled; the link may have expired."""
        return self.filter(accepted_at=None, cancelled_at=None)


class Invitation(models.Model):
    """An address asked to join a territoire as an agent (G02); one pending at a time.

    Who was unknown has their roles at once; who works elsewhere gets `waiting_roles` and
    `waiting_services` by accepting only (decision 16). Only the digest of the link is kept.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="invitations")
    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="invitations")
    # As the inviter typed it: all that they know of the person.
    email = models.EmailField(_("adresse e-mail"))
    invited_by = models.ForeignKey(
        Agent,
        on_delete=models.SET_NULL,
        related_name="invitations_sent",
        null=True,
        blank=True,
        verbose_name=_("invité par"),
    )
    joins_by_accepting = models.BooleanField(_("rejoint en acceptant"), default=False)
    waiting_services = models.ManyToManyField(
        Service, through="InvitationService", related_name="invitations"
    )
    digest = models.CharField(_("empreinte"), max_length=64, unique=True)
    created_at = models.DateTimeField(_("créée le"))
    sent_at = models.DateTimeField(_("envoyée le"))
    expires_at = models.DateTimeField(_("expire le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("annulée le"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                "agent",
                "territoire",
                condition=Q(accepted_at=None, cancelled_at=None),
                name="invitation_one_pending",
                violation_error_message=_("Cette adresse est déjà invitée dans ce territoire."),
            ),
            models.CheckConstraint(
                name="invitation_ends_once",
                condition=Q(accepted_at=None) | Q(cancelled_at=None),
                violation_error_message=_("Une invitation est acceptée ou annulée, pas les deux."),
            ),
            models.CheckConstraint(
                name="invitation_expires_after_sending",
                condition=Q(expires_at__gt=F("sent_at")),
                violation_error_message=_("Une invitation expire après son envoi."),
            ),
            models.CheckConstraint(
                name="invitation_holds_a_digest",
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                violation_error_message=_("Seule l’empreinte du lien est conservée."),
            ),
            models.CheckConstraint(
                name="invitation_email_lower_case",
                condition=Q(email=Lower("email")) & ~Q(email=""),
                violation_error_message=_("L’adresse e-mail s’écrit en minuscules."),
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.pk}"


class InvitationRole(models.Model):
    """A role that accepting gives."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="waiting_roles"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="waiting_roles"
    )
    level = models.CharField(_("niveau"), max_length=12, choices=Level)

    class Meta:
        verbose_name = _("rôle proposé")
        verbose_name_plural = _("rôles proposés")
        constraints = [
            models.UniqueConstraint(
                "invitation",
                "organisation",
                name="invitation_role_once",
                violation_error_message=_("L’invitation propose déjà cette organisation."),
            ),
            models.CheckConstraint(
                name="invitation_role_signs_in",
                condition=Q(level__in=(Level.BASIQUE, Level.ADMIN)),
                violation_error_message=_(
                    "Un intervenant n’est pas invité : il n’a pas de compte."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} – {self.organisation_id} : {self.level}"


class InvitationService(models.Model):
    """A service that accepting gives to who has none in the territoire."""

    invitation = models.ForeignKey(
        Invitation, on_delete=models.CASCADE, related_name="invitation_services"
    )
    service = models.ForeignKey(
        Service, on_delete=models.PROTECT, related_name="invitation_services"
    )

    class Meta:
        verbose_name = _("service proposé")
        verbose_name_plural = _("services proposés")
        constraints = [
            models.UniqueConstraint(
                "invitation",
                "service",
                name="invitation_service_once",
                violation_error_message=_("L’invitation propose déjà ce service."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invitation_id} – {self.service_id}"
