"""Cases of the constraints of the statistics."""

from __future__ import annotations

from datetime import date

from planning.models import StatChange, StatMessage, StatRdv, StatRefresh
from tests.factories import MotifFactory, OrganisationFactory
from tests.factories.planning import NOW
from tests.integration.constraints.doors import after_sql, changed, twin

DAY = date(2027, 1, 11)


def stat_rdv():
    motif = MotifFactory()
    return StatRdv.objects.create(
        organisation=motif.organisation, motif=motif, day=DAY, origin="agent"
    )


def stat_message():
    return StatMessage.objects.create(
        organisation=OrganisationFactory(), day=DAY, channel="email", result="sent", messages=1
    )


def stat_change():
    return StatChange.objects.create(rdv_key=1)


def stat_refresh():
    return StatRefresh(pk=None, done_at=NOW), {"id": 2}


CASES = {
    # Agent and lieu are null in both: nulls are the same here.
    "stat_rdv_once": [twin(stat_rdv, "organisation", "motif")],
    "stat_rdv_origin_known": [changed(stat_rdv, origin="pigeon")],
    "stat_rdv_month_is_its_first_day": [changed(stat_rdv, is_month=True)],
    "stat_message_once": [twin(stat_message, "organisation")],
    "stat_message_channel_known": [changed(stat_message, channel="pigeon")],
    "stat_message_result_known": [changed(stat_message, result="lost")],
    "stat_message_month_is_its_first_day": [changed(stat_message, is_month=True)],
    "stat_change_kind_known": [
        after_sql(
            "ALTER TABLE planning_statchange DROP CONSTRAINT stat_change_names_one_thing",
            changed(stat_change, kind="other"),
        )
    ],
    "stat_change_names_one_thing": [
        changed(stat_change, rdv_key=None),
        changed(stat_change, organisation_key=1),
        changed(stat_change, kind="message"),
    ],
    "stat_refresh_is_one_row": [stat_refresh],
}
