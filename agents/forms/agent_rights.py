from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from rdv.common.forms import DsfrForm

if TYPE_CHECKING:
    from collections.abc import Collection


class AgentRightsForm(DsfrForm):
    is_admin = forms.BooleanField(
        label=_("Administrateur du territoire"),
        help_text=_(
            "Voit et règle tout : agendas, organisations, agents. A aussi les trois droits."
        ),
        required=False,
    )
    manages_teams = forms.BooleanField(
        label=_("Gère les équipes"),
        help_text=_("Crée des équipes et choisit leurs agents."),
        required=False,
    )
    manages_rights = forms.BooleanField(
        label=_("Gère les droits des agents"),
        help_text=_("Donne et retire les droits qu’il a lui-même."),
        required=False,
    )
    invites_agents = forms.BooleanField(
        label=_("Invite des agents"),
        help_text=_("Dans toutes les organisations du territoire, au niveau basique."),
        required=False,
    )

    def __init__(self, *args: Any, locked: Collection[str], **kwargs: Any) -> None:
        """`locked`: what the reader may not change; shown, and read from `initial`."""
        super().__init__(*args, **kwargs)
        for name in locked:
            self.fields[name].disabled = True
