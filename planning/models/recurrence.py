"""Columns of a recurrence, shared by plages and indisponibilités (docs/adr/0005)."""

from __future__ import annotations

from datetime import date, time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from rdv.common.constraints import choices_constraint


class Frequency(models.TextChoices):
    NONE = "none", _("Une seule fois")
    WEEKLY = "weekly", _("Toutes les semaines")
    MONTHLY_WEEKDAY = "monthly_weekday", _("Tous les mois, le même jour de la semaine")
    MONTHLY_DAY = "monthly_day", _("Tous les mois, à la même date")


FIRST_POSSIBLE_DAY = date(2018, 1, 1)


class Recurring(models.Model):
    """Civil times in the zone of the territoire: 9:00 stays 9:00 across a clock change.

    `weekdays` (0 = Monday … 6 = Sunday) belongs to weekly rules; `month_rank` (1…5, -1 = last)
    to "monthly by weekday", whose weekday is that of `first_day`; "monthly by date" uses the day
    of the month of `first_day`. `recurrence_ends_on` is included.
    """

    first_day = models.DateField(_("premier jour"))
    start_time = models.TimeField(_("heure de début"), default=time(9))
    end_time = models.TimeField(_("heure de fin"), default=time(12))
    frequency = models.CharField(
        _("répétition"), max_length=15, choices=Frequency, default=Frequency.NONE
    )
    interval = models.PositiveSmallIntegerField(_("toutes les n fois"), default=1)
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(), verbose_name=_("jours"), default=list, blank=True
    )
    month_rank = models.SmallIntegerField(_("rang dans le mois"), null=True, blank=True)
    recurrence_ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_recurring(self) -> bool:
        return self.frequency != Frequency.NONE


def recurrence_constraints(prefix: str) -> list[models.CheckConstraint]:
    """Return what holds for every recurrence; constraint names begin with `prefix`."""
    return [
        choices_constraint(f"{prefix}_frequency_known", "frequency", Frequency),
        *_rule_constraints(prefix),
        models.CheckConstraint(
            name=f"{prefix}_recurrence_ends_after_first_day",
            condition=Q(recurrence_ends_on__isnull=True)
            | (~Q(frequency="none") & Q(recurrence_ends_on__gte=F("first_day"))),
            violation_error_message=_("La répétition finit après le premier jour."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_first_day_since_2018",
            condition=Q(first_day__gte=FIRST_POSSIBLE_DAY),
            violation_error_message=_("Le premier jour est trop ancien."),
        ),
    ]


def _rule_constraints(prefix: str) -> list[models.CheckConstraint]:
    return [
        models.CheckConstraint(
            name=f"{prefix}_weekdays_iff_weekly",
            condition=Q(frequency="weekly", weekdays__len__gte=1)
            | (~Q(frequency="weekly") & Q(weekdays=[])),
            violation_error_message=_("Cochez au moins un jour de la semaine."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_weekdays_known",
            condition=Q(weekdays__contained_by=[0, 1, 2, 3, 4, 5, 6]),
            violation_error_message=_("Les jours vont du lundi au dimanche."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_rank_iff_monthly_weekday",
            condition=Q(
                frequency="monthly_weekday",
                month_rank__isnull=False,
                month_rank__in=(1, 2, 3, 4, 5, -1),
            )
            | (~Q(frequency="monthly_weekday") & Q(month_rank__isnull=True)),
            violation_error_message=_("Choisissez le rang du jour dans le mois."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_interval_between_1_and_52",
            condition=Q(interval__gte=1, interval__lte=52),
            violation_error_message=_("La répétition va de 1 à 52."),
        ),
    ]
