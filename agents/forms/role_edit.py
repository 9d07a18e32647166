from __future__ import annotations

from typing import Any

from agents.forms.agent_invite import Choices, give_choices, level_field
from rdv.common.forms import DsfrForm


class RoleEditForm(DsfrForm):
    level = level_field()

    def __init__(self, *args: Any, levels: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_choices(self.fields["level"], levels)
