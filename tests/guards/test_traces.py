"""Who did what is written down, whatever the service and whatever the connection (I03)."""

from __future__ import annotations

import ast
import re

from tests.guards.project import product_files, relative, tree

WRITES = {
    "bulk_create",
    "bulk_update",
    "create",
    "create_account",
    "delete",
    "get_or_create",
    "save",
    "save_checked",
    "update",
    "update_or_create",
}
# What writes an entry, or a line of the history of a RDV, which writes one (a trigger).
TRACES = {
    "announce_indisponibilites",
    "announce_plages",
    "record",
    "record_change",
    "record_changes",
    "record_motif",
    "record_of_agent",
}
TRACED_BY_CALLER = "part of a service that writes the trace"
TRACED_BY_RDV = "the history of the RDV that it makes or changes"
BY_CLOCK = "nobody does it: retention, sweeps and counts have their reports and logs"
NOT_YET = "what a person has not sent yet, or proofs of who they are: nothing of the product"
WITHOUT = {
    "agents/services/audit_look.py": "the trail itself",
    "agents/services/audit_retention.py": BY_CLOCK,
    "agents/services/first_admin.py": TRACED_BY_CALLER,
    "agents/services/retention_report.py": BY_CLOCK,
    "planning/services/blocked_address_retention.py": BY_CLOCK,
    "planning/services/booking_confirm.py": TRACED_BY_RDV,
    "planning/services/export_build.py": "asked and downloaded are written",
    "planning/services/export_purge.py": BY_CLOCK,
    "planning/services/plage_ouverture_occurrence.py": TRACED_BY_CALLER,
    "planning/services/planning_purge.py": BY_CLOCK,
    "planning/services/prescripteur_purge.py": BY_CLOCK,
    "planning/services/prescription_by_agent.py": TRACED_BY_RDV,
    "planning/services/prescription_confirm.py": TRACED_BY_RDV,
    "planning/services/rdv_bulk_purge.py": BY_CLOCK,
    "planning/services/rdv_bulk_run.py": TRACED_BY_RDV,
    "planning/services/rdv_bulk_start.py": TRACED_BY_RDV,
    "planning/services/rdv_draft_confirm.py": TRACED_BY_RDV,
    "planning/services/rdv_draft_purge.py": BY_CLOCK,
    "planning/services/rdv_draft_save.py": NOT_YET,
    "planning/services/rdv_edit_parts.py": TRACED_BY_RDV,
    "planning/services/rdv_history.py": "the history itself",
    "planning/services/rdv_retention.py": BY_CLOCK,
    "planning/services/reminder_plan.py": BY_CLOCK,
    "planning/services/reminder_send.py": TRACED_BY_RDV,
    "planning/services/reply_receive.py": "a message that came in: led on, not kept",
    "planning/services/slot_hold.py": NOT_YET,
    "planning/services/stats_refresh.py": BY_CLOCK,
    "planning/services/usager_forget.py": TRACED_BY_CALLER,
    "planning/services/waiting_list_answer.py": TRACED_BY_RDV,
    "planning/services/waiting_list_end.py": BY_CLOCK,
    "planning/services/waiting_list_join.py": "the person's own wish: the row says when",
    "planning/services/waiting_list_offer.py": BY_CLOCK,
    "usagers/services/access_token_check.py": NOT_YET,
    "usagers/services/access_token_issue.py": NOT_YET,
    "usagers/services/account_password.py": NOT_YET,
    "usagers/services/address_proof.py": NOT_YET,
    "usagers/services/beneficiary.py": TRACED_BY_RDV,
    "usagers/services/booking_draft_forget.py": NOT_YET,
    "usagers/services/booking_draft_purge.py": BY_CLOCK,
    "usagers/services/booking_draft_save.py": NOT_YET,
    "usagers/services/booking_link_send.py": NOT_YET,
    "usagers/services/contact_code.py": NOT_YET,
    "usagers/services/franceconnect_link.py": NOT_YET,
    "usagers/services/franceconnect_login.py": NOT_YET,
    "usagers/services/usager_anonymise.py": TRACED_BY_CALLER,
    "usagers/services/usager_fields.py": TRACED_BY_CALLER,
    "usagers/services/usager_import_run.py": "each fiche that it creates is written",
    "usagers/services/usager_language.py": "how the person is spoken to: not a fact about them",
    "usagers/services/usager_login.py": TRACED_BY_RDV,
}
# What a connection keeps for whoever is given it next, behind a pooler.
KEPT_BY_CONNECTION = re.compile(
    r"\"\s*SET (?!LOCAL\b|CONSTRAINTS\b)|set_config\(|pg_(?:try_)?advisory_lock\(|\bLISTEN \w"
)
ENTRIES = re.compile(r"(?<!class )AuditEntry\(|AuditEntry\.objects\.(?:bulk_)?create\(")


def _called_or_imported(path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call):
            found.add(getattr(node.func, "attr", getattr(node.func, "id", "")))
        elif isinstance(node, ast.ImportFrom):
            found |= {name.name for name in node.names}
    return found


def test_I03_each_service_that_writes_leaves_a_trace_or_says_why_not():
    silent = set()
    for path in product_files():
        app, *rest = relative(path).split("/")
        if rest[:1] == ["services"] and app != "notifications":
            names = _called_or_imported(path)
            if names & WRITES and not names & TRACES:
                silent.add(relative(path))
    assert silent == set(WITHOUT)


def test_I03_an_entry_is_written_by_two_modules_only_which_know_who_acts():
    found = {relative(path) for path in product_files() if ENTRIES.search(path.read_text())}
    assert found == {"agents/services/audit_look.py", "agents/services/audit_write.py"}


def test_I03_nothing_is_said_to_a_connection_for_longer_than_a_transaction():
    found = [relative(p) for p in product_files() if KEPT_BY_CONNECTION.search(p.read_text())]
    assert [name for name in found if "/migrations/" not in name] == []
