"""A file of fiches: its columns, its lines kept between the trial and the real run."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from rdv.common.spreadsheets import Table, UnreadableTable
from rdv.common.table_import import TableImportForm, keep_rows, kept_rows
from usagers.services.usager_import import MOST_LINES, UsagerLine, column_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SALT = "usagers.usager_import"


class UsagerImportForm(TableImportForm):
    most_rows = MOST_LINES
    help_text = _("500 lignes et 1 Mo au plus.")

    def lines_of(self, table: Table) -> list[UsagerLine]:
        return lines_of(table)


def lines_of(table: Table) -> list[UsagerLine]:
    """Return the lines. A column that is not ours is refused: nothing is lost unseen.

    Raises UnreadableTable.
    """
    names = [column_of(header) for header in table.columns]
    unknown = [header for header, name in zip(table.columns, names, strict=True) if name is None]
    if unknown:
        raise UnreadableTable(
            translate("Colonnes inconnues : %(names)s. Retirez-les du fichier.")
            % {"names": ", ".join(word or translate("(sans titre)") for word in unknown)[:200]}
        )
    if len(set(names)) != len(names) or not {"last_name", "first_name"} <= set(names):
        raise UnreadableTable(
            translate("Il faut une colonne « nom » et une colonne « prénom », une fois chacune.")
        )
    return [
        UsagerLine(number, **dict(zip(names, cells, strict=True)))  # type: ignore[arg-type]
        for number, cells in table.rows
    ]


def keep(lines: Sequence[UsagerLine], *, owner: Any) -> str:
    """Return the lines as a signed text, for the page of `owner` (who, where) to send back."""
    return keep_rows([astuple(line) for line in lines], owner=owner, salt=SALT)


def kept(text: str, *, owner: Any) -> list[UsagerLine] | None:
    """Return the lines that `keep` gave to the same owner within the hour, or None."""
    rows = kept_rows(text, owner=owner, salt=SALT)
    return None if rows is None else [UsagerLine(*row) for row in rows]
