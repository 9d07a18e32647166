"""The constraints of exports: each with what breaks it."""

from __future__ import annotations

from datetime import timedelta

from planning.models import Export
from tests.factories import AgentFactory, OrganisationFactory
from tests.factories.planning import NOW
from tests.integration.constraints.doors import after_sql, changed, twin

RUNNING = {"state": "running", "started_at": NOW, "lease_until": NOW}
DONE = {"state": "done", "finished_at": NOW, "expires_at": NOW, "size": 1, "stored_name": "a.csv"}


def export(**values):
    organisation = OrganisationFactory()
    return Export.objects.create(
        agent=AgentFactory(organisations=[organisation]),
        organisation=organisation,
        kind="rdv",
        file_format="csv",
        file_name="export.csv",
        created_at=NOW,
        **values,
    )


def running():
    return export(**RUNNING)


def done():
    return export(**DONE)


def alone(*others, case):
    """The state is in every rule: the others step aside."""
    dropped = ", ".join(f"DROP CONSTRAINT export_{name}" for name in others)
    return after_sql(f"ALTER TABLE planning_export {dropped}", case)


CASES = {
    "export_kind_known": [changed(export, kind="fiches")],
    "export_format_known": [changed(export, file_format="xls")],
    "export_state_known": [
        alone("finished_at_matches_state", case=changed(export, state="lost")),
    ],
    "export_one_running_by_agent_and_kind": [twin(running, "agent", "kind")],
    "export_lease_iff_running": [
        changed(export, state="running"),
        changed(running, started_at=None),
        changed(export, lease_until=NOW),
    ],
    "export_finished_at_matches_state": [
        changed(export, finished_at=NOW),
        changed(export, state="cancelled"),
    ],
    "export_file_iff_done": [
        changed(export, stored_name="a.csv"),
        changed(done, stored_name=""),
        changed(done, size=None),
    ],
    "export_expires_once_done": [
        changed(export, expires_at=NOW + timedelta(days=1)),
        changed(done, expires_at=None),
    ],
    "export_error_iff_failed": [
        changed(export, error="Une erreur."),
        changed(export, state="failed", finished_at=NOW),
    ],
    "export_rows_in_order": [changed(export, rows_done=2, rows_total=1)],
    "export_file_name_not_blank": [changed(export, file_name="")],
}
