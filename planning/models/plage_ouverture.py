from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from motifs.models import Lieu, Motif
from planning.models.recurrence import Recurring, recurrence_constraints


class PlageOuverture(Recurring):
    """Opening hours of an agent, for some motifs, in a lieu (or none: phone, video, home)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="plages")
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="plages")
    lieu = models.ForeignKey(
        Lieu,
        on_delete=models.PROTECT,
        related_name="plages",
        null=True,
        blank=True,
        verbose_name=_("lieu"),
    )
    motifs = models.ManyToManyField(Motif, through="PlageMotif", related_name="plages")
    title = models.CharField(_("nom de la plage"), max_length=120, blank=True)
    opens_on_holidays = models.BooleanField(_("ouverte les jours fériés"), default=False)
    max_rdvs_per_day = models.PositiveSmallIntegerField(
        _("nombre de RDV par jour, au plus"), null=True, blank=True
    )
    # The date of a recurring plage that this one takes the place of, with other motifs or another
    # lieu. Services delete both together; what the database takes away leaves the plage alone.
    replaces = models.OneToOneField(
        "PlageException",
        on_delete=models.SET_NULL,
        related_name="replacement",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("date remplacée"),
    )
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)
    ics_sequence = models.PositiveIntegerField(_("version du calendrier"), default=0)

    class Meta:
        verbose_name = _("plage d’ouverture")
        verbose_name_plural = _("plages d’ouverture")
        ordering = ["created_at", "pk"]
        indexes = [
            models.Index(fields=["agent", "first_day"], name="plage_agent_first_day"),
        ]
        constraints = [
            *recurrence_constraints("plage"),
            models.CheckConstraint(
                name="plage_ends_after_start",
                condition=Q(end_time__gt=F("start_time")),
                violation_error_message=_("L’heure de fin est après l’heure de début."),
            ),
            models.CheckConstraint(
                name="plage_takes_at_least_one_rdv",
                condition=Q(max_rdvs_per_day__isnull=True) | Q(max_rdvs_per_day__gte=1),
                violation_error_message=_("Une plage reçoit au moins un RDV par jour."),
            ),
            models.CheckConstraint(
                name="plage_replaces_one_date",
                condition=Q(replaces__isnull=True) | Q(frequency="none"),
                violation_error_message=_("Une date modifiée d’une plage ne se répète pas."),
            ),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.first_day} {self.start_time:%H:%M}–{self.end_time:%H:%M}"


class PlageMotif(models.Model):
    """A motif that can be booked in a plage. Both belong to one organisation (trigger)."""

    plage = models.ForeignKey(PlageOuverture, on_delete=models.CASCADE, related_name="plage_motifs")
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="plage_motifs")

    class Meta:
        verbose_name = _("motif d’une plage")
        verbose_name_plural = _("motifs des plages")
        constraints = [
            models.UniqueConstraint(
                "motif",
                "plage",
                name="plage_motif_once",
                violation_error_message=_("Ce motif est déjà dans la plage."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plage_id} – {self.motif_id}"


class PlageException(models.Model):
    """One occurrence of a recurring plage that is left out (no `new_day`) or changed.

    One that takes other motifs or another lieu is left out, and a plage `replaces` it.
    """

    plage = models.ForeignKey(PlageOuverture, on_delete=models.CASCADE, related_name="exceptions")
    day = models.DateField(_("jour de l’occurrence"))
    new_day = models.DateField(_("nouveau jour"), null=True, blank=True)
    new_start_time = models.TimeField(_("nouvelle heure de début"), null=True, blank=True)
    new_end_time = models.TimeField(_("nouvelle heure de fin"), null=True, blank=True)

    class Meta:
        verbose_name = _("exception d’une plage")
        verbose_name_plural = _("exceptions des plages")
        constraints = [
            models.UniqueConstraint(
                "plage",
                "day",
                name="plage_exception_once_per_day",
                violation_error_message=_("Cette occurrence a déjà été changée."),
            ),
            models.CheckConstraint(
                name="plage_exception_excluded_or_complete",
                condition=Q(
                    new_day__isnull=True, new_start_time__isnull=True, new_end_time__isnull=True
                )
                | Q(
                    new_day__isnull=False,
                    new_start_time__isnull=False,
                    new_end_time__isnull=False,
                    new_end_time__gt=F("new_start_time"),
                ),
                violation_error_message=_(
                    "Une occurrence changée a un jour, une heure de début et une heure de fin "
                    "qui la suit."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plage_id} – {self.day}"
