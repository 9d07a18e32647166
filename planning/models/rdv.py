from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import ExpressionWrapper, F, Q
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from motifs.models import Lieu, Motif
from planning.models.overlap import one_agenda_at_a_time
from planning.rules import status as rule
from rdv.common.constraints import choices_constraint

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Self


class Status(models.TextChoices):
    UNKNOWN = rule.UNKNOWN, _("À venir ou à renseigner")
    SEEN = rule.SEEN, _("Honoré")
    NOSHOW = rule.NOSHOW, _("Absence non excusée")
    EXCUSED = rule.EXCUSED, _("Annulé à l’initiative de l’usager")
    REVOKED = rule.REVOKED, _("Annulé par le service")


class RdvQuerySet(models.QuerySet["Rdv"]):
    def kept(self) -> Self:
        """RDVs that nobody deleted (decision 26: deleting hides)."""
        return self.filter(hidden_at=None)

    def active(self) -> Self:
        return self.kept().filter(status__in=rule.ACTIVE)

    def overlapping(self, start: datetime, end: datetime) -> Self:
        """RDVs sharing at least one instant with [start, end)."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)


class Rdv(models.Model):
    """An appointment. Instants are aware; `ends_at` is excluded.

    `version` grows with each change and is the SEQUENCE of its ICS (decision 29).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="rdvs")
    motif = models.ForeignKey(Motif, on_delete=models.PROTECT, related_name="rdvs")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.PROTECT, related_name="rdvs", null=True, blank=True
    )
    agents = models.ManyToManyField(Agent, through="AgentRdv", related_name="rdvs")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    status = models.CharField(_("statut"), max_length=10, choices=Status, default=Status.UNKNOWN)
    cancelled_at = models.DateTimeField(_("annulé le"), null=True, blank=True)
    title = models.CharField(_("intitulé"), max_length=120, blank=True)
    context = models.TextField(_("contexte"), blank=True)
    seats_total = models.PositiveIntegerField(_("nombre de places"), null=True, blank=True)
    version = models.PositiveIntegerField(_("version"), default=0)
    hidden_at = models.DateTimeField(_("supprimé le"), null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))

    objects = RdvQuerySet.as_manager()

    class Meta:
        verbose_name = _("RDV")
        verbose_name_plural = _("RDV")
        ordering = ["starts_at", "pk"]
        indexes = [
            models.Index(fields=["organisation", "starts_at"], name="rdv_organisation_starts_at"),
            models.Index(fields=["motif", "starts_at"], name="rdv_motif_starts_at"),
        ]
        constraints = [
            choices_constraint("rdv_status_known", "status", Status),
            models.CheckConstraint(
                name="rdv_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("La fin du RDV est après son début."),
            ),
            models.CheckConstraint(
                name="rdv_cancelled_at_matches_status",
                condition=Q(status__in=rule.CANCELLED, cancelled_at__isnull=False)
                | Q(status__in=rule.ACTIVE, cancelled_at__isnull=True),
                violation_error_message=_("Un RDV annulé porte une date d’annulation."),
            ),
            models.CheckConstraint(
                name="rdv_has_at_least_one_seat",
                condition=Q(seats_total__isnull=True) | Q(seats_total__gte=1),
                violation_error_message=_("Un RDV collectif a au moins une place."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)

    @property
    def is_cancelled(self) -> bool:
        return self.status in rule.CANCELLED

    @property
    def duration_minutes(self) -> int:
        return int((self.ends_at - self.starts_at).total_seconds()) // 60


class AgentRdv(models.Model):
    """A RDV in an agent's agenda, and the second line of defence against double booking.

    `starts_at`, `ends_at` and `holds_time` are copied from the RDV by a database trigger, so no
    code path can let them drift; `free_at` adds the pause of its motif (E15). Two exclusive rows of
    one agent never overlap (decision 10): `overlap_accepted` is set when an agent places a RDV on
    busy time on purpose.
    """

    rdv = models.ForeignKey(Rdv, on_delete=models.CASCADE, related_name="agent_rdvs")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="agent_rdvs")
    overlap_accepted = models.BooleanField(_("chevauchement accepté"), default=False)
    starts_at = models.DateTimeField(_("début"), editable=False)
    ends_at = models.DateTimeField(_("fin"), editable=False)
    free_at = models.DateTimeField(_("libre à"), editable=False)
    holds_time = models.BooleanField(_("occupe l’agenda"), default=True, editable=False)

    class Meta:
        verbose_name = _("RDV d’un agent")
        verbose_name_plural = _("RDV des agents")
        indexes = [
            models.Index(
                fields=["agent", "starts_at", "free_at"],
                name="agent_rdv_busy",
                condition=Q(holds_time=True),
            ),
            # A search reads `agent_rdv_busy` from the day before: these few began earlier.
            models.Index(
                fields=["agent", "starts_at", "free_at"],
                name="agent_rdv_long",
                condition=Q(holds_time=True)
                & Q(
                    GreaterThanOrEqual(
                        ExpressionWrapper(
                            F("ends_at") - F("starts_at"), output_field=models.DurationField()
                        ),
                        timedelta(days=1),
                    )
                ),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "rdv",
                "agent",
                name="agent_rdv_once",
                violation_error_message=_("Cet agent est déjà sur le RDV."),
            ),
            ExclusionConstraint(
                name="agent_rdv_no_overlap",
                condition=Q(holds_time=True, overlap_accepted=False),
                expressions=one_agenda_at_a_time(),
                violation_error_message=_("Cet agent a déjà un rendez-vous à cette heure."),
                violation_error_code="overlap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} – {self.rdv_id}"
