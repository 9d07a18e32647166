"""No service changes who comes, or when, without planning the reminders again (decision 1).

`record` does it with the line of history; a module may also call `plan_reminders` itself.
"""

import re

from tests.guards.project import ROOT

# What sets a start, a status, a switch, or who comes.
WRITES = re.compile(
    r"""(?x)
    \bRdv(?:\.objects\.create|\()                        # a new RDV
    | \brdv\.(?:starts_at|status|hidden_at)(?:,[^()\n]*)?\s=\s    # its start, its status
    | \bParticipation(?:\.objects\.(?:create|bulk_create)|\()
    | \bParticipation\.objects\.filter\([^)]*\)\.update
    | \brow\.(?:status|notifies_reminder)(?:,[^()\n]*)?\s=\s
    """
)
PLANS = re.compile(r"\b(?:record|plan_reminders)\(")
# Parts of a service that plans: the module that calls them.
PARTS = {"rdv_edit_parts.py": "rdv_edit.py"}


# Speaks of a RDV that an offer would make: unsaved.
SPEAKS_ONLY = {"waiting_list_announce.py"}
# Erase what past RDVs say of people: nothing is to be remembered of them.
ERASES_ONLY = {"rdv_retention.py", "usager_forget.py"}


def services():
    for app in ("planning", "usagers"):
        for path in sorted((ROOT / app / "services").glob("*.py")):
            yield path, path.read_text(encoding="utf-8")


def test_decision_1_each_service_that_writes_a_rdv_plans_its_reminders():
    texts = {path.name: text for path, text in services()}
    writers = {name for name, text in texts.items() if WRITES.search(text)}
    assert {"rdv_book.py", "rdv_create.py", "rdv_edit_parts.py", "rdv_status.py"} <= writers
    assert {"rdv_cancel.py", "participation_register.py", "rdv_delete.py"} <= writers
    forgetful = {
        name
        for name in writers - SPEAKS_ONLY - ERASES_ONLY
        if not PLANS.search(texts[PARTS.get(name, name)])
    }
    assert forgetful == set()
