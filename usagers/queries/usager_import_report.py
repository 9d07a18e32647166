"""What a file of usagers became, line by line (G14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from usagers.policies import own_imports
from usagers.rules.usager_import import Outcome, UsagerReport

if TYPE_CHECKING:
    from agents.models import Organisation
    from agents.permissions import Actor
    from usagers.models import UsagerImport


@dataclass(frozen=True)
class ImportReport:
    """`accepted`: created, or that would be. `left`: duplicates and refused ones."""

    lines: list[UsagerReport]
    accepted: int
    left: int


def recent_imports(actor: Actor | None, organisation: Organisation) -> list[UsagerImport]:
    """Return the files that `actor` sent for the organisation, newest first; gone after a day."""
    return list(own_imports(actor).filter(organisation=organisation).defer("lines", "reports"))


def report_of(sent: UsagerImport, *, only_left: bool) -> ImportReport:
    rows = [UsagerReport(*row) for row in sent.reports]
    left = [row for row in rows if row.outcome != Outcome.NEW]
    return ImportReport(left if only_left else rows, len(rows) - len(left), len(left))
