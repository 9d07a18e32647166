"""A file of agents to invite: its columns, its lines kept between the trial and the real run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from agents.services.agent_import import MOST_LINES, ImportLine
from rdv.common.spreadsheets import Table, UnreadableTable
from rdv.common.table_import import TableImportForm, keep_rows, kept_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

SALT = "agents.agent_import"
EMAIL = ("e-mail", "email", "mail", "adresse e-mail", "adresse email", "courriel")


class AgentImportForm(TableImportForm):
    most_rows = MOST_LINES
    help_text = _("500 lignes et 1 Mo au plus. Colonnes : e-mail, services, niveau, organisations.")

    def lines_of(self, table: Table) -> list[ImportLine]:
        return lines_of(table)


def lines_of(table: Table) -> list[ImportLine]:
    """Return the lines; only the column of addresses is required. Raises UnreadableTable."""
    email = table.column(*EMAIL)
    if email is None:
        raise UnreadableTable(
            translate("Il manque une colonne « e-mail » : la première ligne nomme les colonnes.")
        )
    level = table.column("niveau", "role")
    services = table.column("services", "service")
    places = table.column("organisations", "organisation")

    def cell(cells: tuple[str, ...], rank: int | None) -> str:
        return "" if rank is None else cells[rank]

    return [
        ImportLine(
            number=number,
            email=cells[email],
            level=cell(cells, level),
            services=_several(cell(cells, services)),
            organisations=_several(cell(cells, places)),
        )
        for number, cells in table.rows
    ]


def _several(text: str) -> tuple[str, ...]:
    """Split "Social | PMI" (or +, or commas where the file is cut by semicolons)."""
    return tuple(word.strip() for word in re.split(r"[|+,;]", text) if word.strip())


def keep(lines: Sequence[ImportLine], *, owner: Any) -> str:
    """Return the lines as a signed text, for the page of `owner` (who, where) to send back."""
    rows = [[row.number, row.email, row.level, row.services, row.organisations] for row in lines]
    return keep_rows(rows, owner=owner, salt=SALT)


def kept(text: str, *, owner: Any) -> list[ImportLine] | None:
    """Return the lines that `keep` gave to the same owner within the hour, or None."""
    rows = kept_rows(text, owner=owner, salt=SALT)
    if rows is None:
        return None
    return [
        ImportLine(number, email, level, tuple(services), tuple(places))
        for number, email, level, services, places in rows
    ]
