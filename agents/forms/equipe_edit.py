from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent


class EquipeForm(DsfrForm):
    name = forms.CharField(
        label=_("Nom de l’équipe"),
        help_text=_("Exemple : Travailleurs sociaux du secteur nord."),
        max_length=120,
    )
    agents = forms.MultipleChoiceField(
        label=_("Agents"),
        widget=forms.CheckboxSelectMultiple(),
        error_messages={
            "required": _("Cochez au moins un agent."),
            "invalid_choice": _("Un des agents n’est plus du territoire. Rechargez la page."),
        },
    )

    def __init__(self, *args: Any, agents: Iterable[Agent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agents"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(str(agent.uuid), agent.full_name) for agent in agents]
