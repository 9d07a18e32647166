from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from planning.queries.audit_list import AuditFilter
from planning.rules.audit_words import ACTIONS, KINDS
from rdv.common.forms import DateInput, DsfrForm

if TYPE_CHECKING:
    from collections.abc import Iterable

    from agents.models import Agent


class AuditFilterForm(DsfrForm):
    du = forms.DateField(label=_("Du"), required=False, widget=DateInput())
    au = forms.DateField(label=_("Au"), required=False, widget=DateInput())
    agent = forms.ChoiceField(label=_("Agent"), required=False)
    action = forms.ChoiceField(label=_("Action"), required=False)
    objet = forms.ChoiceField(label=_("Objet"), required=False)

    def __init__(self, *args: Any, agents: Iterable[Agent] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(str(agent.uuid), agent.full_name) for agent in agents]
        self._choices("agent", people)
        self._choices("action", sorted(ACTIONS.items(), key=lambda item: str(item[1])))
        self._choices("objet", sorted(KINDS.items(), key=lambda item: str(item[1])))

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = (
            [("", _("Tous")), *choices]
            if name != "action"
            else [
                ("", _("Toutes")),
                *choices,
            ]
        )

    def wanted(self) -> AuditFilter:
        """Return what was asked; nothing when it was badly asked."""
        if not self.is_valid():
            return AuditFilter()
        typed = self.cleaned_data
        return AuditFilter(
            since=typed["du"],
            until=typed["au"],
            agent=UUID(typed["agent"]) if typed["agent"] else None,
            action=typed["action"],
            kind=typed["objet"],
        )
