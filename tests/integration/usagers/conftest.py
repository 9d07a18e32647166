"""The public's clock: Monday 4 January 2027, 9:00 in Paris, one week before the plage."""

from __future__ import annotations

import pytest
import time_machine

from tests.integration.usagers.journey import NOW, World, build_world


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def world(db) -> World:
    return build_world()
