from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from motifs.queries.motif_pack import PackLine


class MotifPackForm(DsfrForm):
    """The keys of the motifs that are ticked, among those that may be taken."""

    keys = forms.MultipleChoiceField(
        label=_("Motifs"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": _("Cochez au moins un motif."),
            "invalid_choice": _("Un de ces motifs ne peut plus être créé. Rechargez la page."),
        },
    )

    def __init__(self, *args: Any, lines: Iterable[PackLine], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["keys"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(line.motif.key, line.motif.name) for line in lines if line.may_be_taken]
