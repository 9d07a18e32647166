from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from rdv.common.constraints import choices_constraint


class Step(models.TextChoices):
    """What retention erases, each on its own (decision 5)."""

    USAGER_NOTICES = "usager_notices", _("usagers inactifs prévenus")
    USAGERS = "usagers", _("usagers inactifs anonymisés")
    ACCOUNTS = "accounts", _("comptes d’usagers sans fiche fermés")
    RDVS = "rdvs", _("contexte et besoins des RDV effacés")
    HISTORY_VALUES = "history_values", _("détails de l’historique des RDV effacés")
    AUTHORS = "authors", _("noms d’auteurs de l’historique effacés")
    PRESCRIPTEURS = "prescripteurs", _("prescripteurs effacés")
    MESSAGES = "messages", _("textes et destinataires des messages effacés")
    BLOCKED = "blocked_addresses", _("adresses bloquées oubliées")
    PLANNING = "planning", _("plages et indisponibilités finies supprimées")
    WAITING_LIST = "waiting_list", _("inscriptions finies en liste d’attente supprimées")
    AUDIT = "audit", _("traces d’audit supprimées")
    AGENT_NOTICES = "agent_notices", _("agents inactifs prévenus")
    AGENTS = "agents", _("agents inactifs désactivés")


class RetentionReport(models.Model):
    """One run of one step: how many rows, or what stopped it. Never personal data.

    `kept` counts rows that are due and that something holds back (a RDV to come, the last admin).
    """

    step = models.CharField(_("étape"), max_length=20, choices=Step)
    at = models.DateTimeField(_("date"), db_index=True)
    rows = models.PositiveIntegerField(_("lignes"), default=0)
    kept = models.PositiveIntegerField(_("retenues"), default=0)
    error = models.CharField(_("erreur"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("compte rendu de conservation")
        verbose_name_plural = _("comptes rendus de conservation")
        ordering = ["-at", "-pk"]
        constraints = [choices_constraint("retention_report_step_known", "step", Step)]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.step} {self.rows}"
