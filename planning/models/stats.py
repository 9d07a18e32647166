from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from motifs.models import Lieu, Motif
from rdv.common.constraints import choices_constraint


class Origin(models.TextChoices):
    """How a RDV was taken: by its first participation, or by an offer of the waiting list."""

    AGENT = "agent", _("Par un agent")
    INTERNET = "internet", _("En ligne par l’usager")
    PRESCRIPTEUR = "prescripteur", _("Par un prescripteur")
    WAITING_LIST = "waiting_list", _("Par la liste d’attente")


class MessageChannel(models.TextChoices):
    EMAIL = "email", _("E-mail")
    SMS = "sms", _("SMS")


class MessageResult(models.TextChoices):
    SENT = "sent", _("Envoyés")
    PENDING = "pending", _("En attente d’envoi")
    FAILED = "failed", _("En échec")
    ABANDONED = "abandoned", _("Abandonnés, devenus inutiles")


class StatRdv(models.Model):
    """How many RDVs an organisation has, on a day or in a month, of one motif, lieu and origin.

    Derived: the tables of the RDVs are the truth, `planning.services.stats_refresh` recounts. A row
    without agent counts each RDV once; one with an agent counts those that bear their name. Days
    are those of the territoire, of the start of the RDV; a month is its first day. Hidden RDVs are
    left out. `delays`: days between the taking and the date, one number a RDV, in order.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    agent = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="+", null=True, blank=True, db_index=False
    )
    is_month = models.BooleanField(_("mois entier"), default=False)
    day = models.DateField(_("jour"))
    motif = models.ForeignKey(Motif, on_delete=models.CASCADE, related_name="+")
    lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )
    origin = models.CharField(_("origine"), max_length=12, choices=Origin)
    unknown = models.PositiveIntegerField(_("à venir ou à renseigner"), default=0)
    seen = models.PositiveIntegerField(_("honorés"), default=0)
    noshow = models.PositiveIntegerField(_("absences"), default=0)
    excused = models.PositiveIntegerField(_("annulés par l’usager"), default=0)
    revoked = models.PositiveIntegerField(_("annulés par le service"), default=0)
    persons = models.PositiveIntegerField(_("participations"), default=0)
    persons_seen = models.PositiveIntegerField(_("participations honorées"), default=0)
    persons_noshow = models.PositiveIntegerField(_("participations absentes"), default=0)
    delays = ArrayField(
        models.SmallIntegerField(), verbose_name=_("délais"), default=list, blank=True
    )

    class Meta:
        verbose_name = _("compte de RDV")
        verbose_name_plural = _("comptes de RDV")
        indexes = [
            models.Index(
                fields=["agent", "is_month", "day"],
                name="stat_rdv_agent",
                condition=Q(agent__isnull=False),
            ),
        ]
        constraints = [
            # In this order it is also the index that every page reads.
            models.UniqueConstraint(
                fields=[
                    "organisation",
                    "agent",
                    "is_month",
                    "day",
                    "motif",
                    "lieu",
                    "origin",
                ],
                name="stat_rdv_once",
                nulls_distinct=False,
                violation_error_message=_("Ces RDV sont déjà comptés."),
            ),
            choices_constraint("stat_rdv_origin_known", "origin", Origin),
            models.CheckConstraint(
                name="stat_rdv_month_is_its_first_day",
                condition=Q(is_month=False) | Q(day__day=1),
                violation_error_message=_("Un mois est compté à son premier jour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day}"


class StatMessage(models.Model):
    """How many messages were written for an organisation on a day or in a month, and their fate.

    Those that another one said (`grouped_in`) are left out: they never left by themselves.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    is_month = models.BooleanField(_("mois entier"), default=False)
    day = models.DateField(_("jour"))
    channel = models.CharField(_("canal"), max_length=10, choices=MessageChannel)
    result = models.CharField(_("résultat"), max_length=10, choices=MessageResult)
    messages = models.PositiveIntegerField(_("messages"), default=0)

    class Meta:
        verbose_name = _("compte de messages")
        verbose_name_plural = _("comptes de messages")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "is_month", "day", "channel", "result"],
                name="stat_message_once",
                violation_error_message=_("Ces messages sont déjà comptés."),
            ),
            choices_constraint("stat_message_channel_known", "channel", MessageChannel),
            choices_constraint("stat_message_result_known", "result", MessageResult),
            models.CheckConstraint(
                name="stat_message_month_is_its_first_day",
                condition=Q(is_month=False) | Q(day__day=1),
                violation_error_message=_("Un mois est compté à son premier jour."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day} {self.channel} {self.result}"


class ChangeKind(models.TextChoices):
    RDV = "rdv", _("RDV")
    MESSAGE = "message", _("message")


class StatChange(models.Model):
    """What is to be recounted: written by triggers, in the transaction of the fact.

    Rows are only added, so that two writers never wait for each other; the next sweep recounts the
    days and removes them. Either a RDV, at the day where the sweep finds it, or an organisation at
    the day of `instant`, all of its days when there is none. No foreign keys: they would cost each
    booking a look at rows that are there.
    """

    kind = models.CharField(_("genre"), max_length=10, choices=ChangeKind, default=ChangeKind.RDV)
    rdv_key = models.BigIntegerField(_("RDV"), null=True, blank=True)
    organisation_key = models.BigIntegerField(_("organisation"), null=True, blank=True)
    instant = models.DateTimeField(_("instant"), null=True, blank=True)

    class Meta:
        verbose_name = _("jour à recompter")
        verbose_name_plural = _("jours à recompter")
        constraints = [
            choices_constraint("stat_change_kind_known", "kind", ChangeKind),
            models.CheckConstraint(
                name="stat_change_names_one_thing",
                condition=Q(rdv_key__isnull=False, organisation_key__isnull=True, kind="rdv")
                | Q(rdv_key__isnull=True, organisation_key__isnull=False),
                violation_error_message=_("On recompte un RDV, ou une organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rdv_key or self.organisation_key} {self.instant}"


class StatRefresh(models.Model):
    """One row: every change committed before `done_at` is in the counts."""

    done_at = models.DateTimeField(_("compté à"))

    class Meta:
        verbose_name = _("mise à jour des chiffres")
        verbose_name_plural = _("mises à jour des chiffres")
        constraints = [
            models.CheckConstraint(
                name="stat_refresh_is_one_row",
                condition=Q(id=1),
                violation_error_message=_("Les chiffres ont une seule date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done_at:%Y-%m-%d %H:%M}"
