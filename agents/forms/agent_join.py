from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms.agent_invite import Choices, give_choices, level_field
from agents.models import Level
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Organisation


class AgentJoinForm(DsfrForm):
    organisation = forms.ChoiceField(label=_("Organisation"))
    level = level_field()

    def __init__(
        self, *args: Any, organisations: Iterable[Organisation], levels: Choices, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._rows = {str(row.uuid): row for row in organisations}
        give_choices(
            self.fields["organisation"],
            [("", str(_("Choisir"))), *((key, row.name) for key, row in self._rows.items())],
        )
        give_choices(self.fields["level"], levels)
        self.fields["level"].initial = Level.BASIQUE

    @property
    def chosen(self) -> Organisation:
        return self._rows[self.cleaned_data["organisation"]]
