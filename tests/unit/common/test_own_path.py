"""Issue 5: where to go back to, as a form said it."""

import pytest

from rdv.common.public_pages import LONGEST, own_path


@pytest.mark.parametrize("asked", ["/", "/agenda/?jour=2027-01-11", "/é"])
def test_issue_5_a_path_of_ours_is_kept(asked):
    assert own_path(asked) == asked


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "a b",
        "-1",
        "agents:home",
        "//exemple.fr/",
        "/\\exemple.fr/",
        "https://exemple.fr/",
        "javascript:x()",
        "/" + "a" * LONGEST,
        "\x01/agenda/",
    ],
)
def test_issue_5_anything_else_leads_nowhere(asked):
    assert own_path(asked) == ""
