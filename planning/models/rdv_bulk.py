from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agents.models import Agent, Organisation
from motifs.models import Lieu
from planning.models.rdv import Rdv, Status
from planning.rules import rdv_bulk as rule
from rdv.common.constraints import choices_constraint

if TYPE_CHECKING:
    from datetime import datetime


class BulkAct(models.TextChoices):
    CANCEL = rule.CANCEL, _("annuler")
    AGENT = rule.AGENT, _("confier à un autre agent")
    LIEU = rule.LIEU, _("déplacer dans un autre lieu")
    DAY = rule.DAY, _("reporter à un autre jour")
    ADDRESS = rule.ADDRESS, _("dire la nouvelle adresse du lieu")


class LineState(models.TextChoices):
    WAITING = "waiting", _("en attente")
    DONE = "done", _("fait")
    SKIPPED = "skipped", _("laissé tel quel")
    FAILED = "failed", _("à réessayer")


class RdvBulk(models.Model):
    """One action on many RDVs: an agent is absent, a site is closed (E10).

    Only its author reads it. Purged after 30 days: `note` may hold personal data.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="rdv_bulks")
    # A super-administrator at work in the name of `agent`: the worker says so too.
    superadmin = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="rdv_bulks"
    )
    notifies = models.BooleanField(_("prévient les personnes"), default=True)
    note = models.CharField(_("message"), max_length=rule.NOTE_LENGTH, blank=True)
    # Of a lieu whose address changed: what people were told before.
    former_lieu_name = models.CharField(_("ancien nom du lieu"), max_length=120, blank=True)
    former_lieu_address = models.CharField(_("ancienne adresse"), max_length=250, blank=True)
    created_at = models.DateTimeField(_("créée le"), db_index=True)

    class Meta:
        verbose_name = _("action sur plusieurs RDV")
        verbose_name_plural = _("actions sur plusieurs RDV")
        constraints = [
            models.CheckConstraint(
                name="rdv_bulk_note_is_sent",
                condition=Q(note="") | Q(notifies=True),
                violation_error_message=_("Sans prévenir personne, il n’y a pas de message."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


_NO_TARGET = {
    "from_agent__isnull": True,
    "to_agent__isnull": True,
    "to_lieu__isnull": True,
    "to_day__isnull": True,
}


def _target(act: str, *given: str) -> Q:
    wanted = {**_NO_TARGET, **{f"{name}__isnull": False for name in given}}
    return Q(act=act, **wanted)


class RdvBulkLine(models.Model):
    """What the action does to one RDV. `seen_*`: the RDV as its author read it."""

    bulk = models.ForeignKey(RdvBulk, on_delete=models.CASCADE, related_name="lines")
    rdv = models.ForeignKey(Rdv, on_delete=models.CASCADE, related_name="bulk_lines")
    act = models.CharField(_("action"), max_length=10, choices=BulkAct)
    from_agent = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="bulk_lines_left", null=True, blank=True
    )
    to_agent = models.ForeignKey(
        Agent, on_delete=models.CASCADE, related_name="bulk_lines_taken", null=True, blank=True
    )
    to_lieu = models.ForeignKey(
        Lieu, on_delete=models.CASCADE, related_name="bulk_lines", null=True, blank=True
    )
    to_day = models.DateField(_("nouveau jour"), null=True, blank=True)
    seen_version = models.PositiveIntegerField(_("version lue"))
    seen_status = models.CharField(_("statut lu"), max_length=10, choices=Status)
    state = models.CharField(_("état"), max_length=10, choices=LineState, default=LineState.WAITING)
    reason = models.CharField(_("raison"), max_length=500, blank=True)
    ended_at = models.DateTimeField(_("traité le"), null=True, blank=True)

    class Meta:
        verbose_name = _("RDV d’une action")
        verbose_name_plural = _("RDV d’une action")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["bulk"], name="rdv_bulk_line_waiting", condition=Q(state="waiting")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                "bulk",
                "rdv",
                name="rdv_bulk_line_once",
                violation_error_message=_("Ce RDV est déjà dans l’action."),
            ),
            choices_constraint("rdv_bulk_line_act_known", "act", BulkAct),
            choices_constraint("rdv_bulk_line_state_known", "state", LineState),
            choices_constraint("rdv_bulk_line_status_known", "seen_status", Status),
            models.CheckConstraint(
                name="rdv_bulk_line_target_matches_act",
                condition=_target(rule.CANCEL)
                | _target(rule.AGENT, "from_agent", "to_agent")
                | _target(rule.LIEU, "to_lieu")
                | _target(rule.ADDRESS, "to_lieu")
                | _target(rule.DAY, "to_day"),
                violation_error_message=_("L’action dit vers quoi le RDV est déplacé."),
            ),
            models.CheckConstraint(
                name="rdv_bulk_line_end_matches_state",
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                violation_error_message=_("Un RDV traité porte sa date."),
            ),
            models.CheckConstraint(
                name="rdv_bulk_line_reason_matches_state",
                condition=(Q(state__in=("skipped", "failed")) & ~Q(reason=""))
                | (~Q(state__in=("skipped", "failed")) & Q(reason="")),
                violation_error_message=_("Un RDV laissé tel quel dit pourquoi."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bulk_id} – {self.rdv_id}"

    def close(self, state: LineState, reason: str = "", *, at: datetime) -> None:
        """End the line; unsaved."""
        self.state, self.reason, self.ended_at = state, reason[:500], at
