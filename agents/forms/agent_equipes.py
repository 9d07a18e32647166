from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from agents.forms.agent_invite import give_choices
from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Equipe


class AgentEquipesForm(DsfrForm):
    equipes = forms.MultipleChoiceField(
        label=_("Équipes"),
        widget=forms.CheckboxSelectMultiple(),
        required=False,
        error_messages={"invalid_choice": _("Une des équipes n’est plus du territoire.")},
    )

    def __init__(self, *args: Any, equipes: Iterable[Equipe], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_choices(self.fields["equipes"], [(str(row.uuid), row.name) for row in equipes])
