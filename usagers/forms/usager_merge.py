from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm
from usagers.rules.fiche_merge import ABSORBED, KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from usagers.queries.usager_merge import MergeRow


class UsagerMergeForm(DsfrForm):
    """One choice for each field that differs and that nothing imposes."""

    def __init__(self, *args: Any, rows: Iterable[MergeRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = list(rows)
        for row in self.rows:
            if not row.is_same and not row.imposed:
                self.fields[row.field] = forms.ChoiceField(
                    label=row.label,
                    choices=[(KEPT, row.kept), (ABSORBED, row.absorbed)],
                    widget=forms.RadioSelect(),
                    initial=row.side,
                    error_messages={"required": _("Choisissez ce qui reste.")},
                )

    def lines(self) -> list[tuple[MergeRow, Iterable[Any]]]:
        """Return each row with its radios, none where there is nothing to choose."""
        return [(row, self[row.field] if row.field in self.fields else ()) for row in self.rows]
