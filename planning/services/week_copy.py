"""Copy a colleague's week to other agents, or to another season (E14)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from planning.queries.week_copy import week_plan
from planning.services.plage_ouverture_edit import PlageFields, create_plages
from rdv.common.errors import DomainError
from rdv.common.timezones import local_day

if TYPE_CHECKING:
    from datetime import datetime

    from agents.permissions import Actor
    from planning.models import PlageOuverture
    from planning.queries.week_copy import PlannedPlage, WeekChoice


class WeekNotCopied(DomainError):  # noqa: N818 (a refusal is named for what it refuses)
    """Nothing to copy, or the week is no longer the one that was shown."""


@transaction.atomic
def copy_week(
    *, choice: WeekChoice, plan_digest: str, actor: Actor | None, now: datetime
) -> list[PlageOuverture]:
    """Create all the plages of the plan, or none; one mail to each agent.

    `plan_digest`: the WeekPlan that the person saw. Raises WeekNotCopied, or as `create_plages`.
    """
    today = local_day(now, choice.organisation.territoire.zone)
    plan = week_plan(actor, choice, today=today)
    if not plan.planned:
        raise WeekNotCopied(_("Aucune plage à copier pour cette semaine."))
    if plan.digest != plan_digest:
        raise WeekNotCopied(_("La semaine a changé depuis l’aperçu. Vérifiez, puis confirmez."))
    return create_plages(
        organisation=choice.organisation,
        wanted=[(planned.plage.agent, _fields(planned)) for planned in plan.planned],
        actor=actor,
        now=now,
    )


def _fields(planned: PlannedPlage) -> PlageFields:
    plage = planned.plage
    return PlageFields(
        motif_ids=tuple(motif.pk for motif in planned.motifs),
        lieu_id=plage.lieu_id,
        first_day=plage.first_day,
        start_time=plage.start_time,
        end_time=plage.end_time,
        title=plage.title,
        frequency=plage.frequency,
        weekdays=plage.weekdays,
        recurrence_ends_on=plage.recurrence_ends_on,
        opens_on_holidays=plage.opens_on_holidays,
    )
