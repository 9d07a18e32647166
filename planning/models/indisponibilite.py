from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Territoire
from planning.models.recurrence import Recurring, recurrence_constraints


class Indisponibilite(Recurring):
    """A time at which an agent receives nobody, in any organisation. May last several days.

    `end_day` is that of the first occurrence; each occurrence lasts as many days. Civil times are
    those of `territoire`, where it was written: an agent may work in two zones.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.PROTECT, related_name="indisponibilites")
    territoire = models.ForeignKey(
        Territoire, on_delete=models.PROTECT, related_name="indisponibilites"
    )
    title = models.CharField(_("description"), max_length=120)
    end_day = models.DateField(_("dernier jour"))
    created_at = models.DateTimeField(_("créée le"), auto_now_add=True)
    updated_at = models.DateTimeField(_("modifiée le"), auto_now=True)
    ics_sequence = models.PositiveIntegerField(_("version du calendrier"), default=0)

    class Meta:
        verbose_name = _("indisponibilité")
        verbose_name_plural = _("indisponibilités")
        ordering = ["first_day", "start_time", "pk"]
        indexes = [
            models.Index(fields=["agent", "first_day"], name="indispo_agent_first_day"),
        ]
        constraints = [
            *recurrence_constraints("indisponibilite"),
            models.CheckConstraint(
                name="indisponibilite_ends_after_start",
                condition=Q(end_day__gt=F("first_day"))
                | Q(end_day=F("first_day"), end_time__gt=F("start_time")),
                violation_error_message=_("La fin est après le début."),
            ),
            models.CheckConstraint(
                name="indisponibilite_title_not_blank",
                condition=~Q(title=""),
                violation_error_message=_("Décrivez l’indisponibilité en quelques mots."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class IndisponibiliteException(models.Model):
    """One occurrence that is left out (no `new_day`) or changed."""

    indisponibilite = models.ForeignKey(
        Indisponibilite, on_delete=models.CASCADE, related_name="exceptions"
    )
    day = models.DateField(_("premier jour de l’occurrence"))
    new_day = models.DateField(_("nouveau premier jour"), null=True, blank=True)
    new_start_time = models.TimeField(_("nouvelle heure de début"), null=True, blank=True)
    new_end_day = models.DateField(_("nouveau dernier jour"), null=True, blank=True)
    new_end_time = models.TimeField(_("nouvelle heure de fin"), null=True, blank=True)

    class Meta:
        verbose_name = _("exception d’une indisponibilité")
        verbose_name_plural = _("exceptions des indisponibilités")
        constraints = [
            models.UniqueConstraint(
                "indisponibilite",
                "day",
                name="indisponibilite_exception_once_per_day",
                violation_error_message=_("Cette occurrence a déjà été changée."),
            ),
            models.CheckConstraint(
                name="indisponibilite_exception_excluded_or_complete",
                condition=Q(
                    new_day__isnull=True,
                    new_start_time__isnull=True,
                    new_end_day__isnull=True,
                    new_end_time__isnull=True,
                )
                | Q(
                    new_day__isnull=False,
                    new_start_time__isnull=False,
                    new_end_day__isnull=False,
                    new_end_time__isnull=False,
                    new_end_day__gt=F("new_day"),
                )
                | Q(
                    new_day__isnull=False,
                    new_start_time__isnull=False,
                    new_end_day__isnull=False,
                    new_end_time__isnull=False,
                    new_end_day=F("new_day"),
                    new_end_time__gt=F("new_start_time"),
                ),
                violation_error_message=_("Une occurrence changée a un début et une fin."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indisponibilite_id} – {self.day}"
