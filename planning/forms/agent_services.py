from __future__ import annotations

from typing import Any

from agents.forms.agent_invite import Choices, give_choices, services_field
from rdv.common.forms import DsfrForm


class AgentServicesForm(DsfrForm):
    services = services_field()

    def __init__(self, *args: Any, services: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        give_choices(self.fields["services"], services)
