"""The expressions of the constraints that keep one agenda from holding two things at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import BigIntegerRangeField, DateTimeRangeField
from django.db.models import F, Func, Value

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


def one_agenda_at_a_time() -> list[tuple[Combinable, str]]:
    """Return what an ExclusionConstraint compares: the same `agent`, a common instant.

    int8range instead of btree_gist: no extension is used anywhere. F("agent"), never
    F("agent_id"): full_clean() would compare the row's agent with itself.
    """
    agent = Func(
        F("agent"),
        F("agent"),
        Value("[]"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )
    span = Func(
        F("starts_at"),
        F("ends_at"),
        Value("[)"),
        function="tstzrange",
        output_field=DateTimeRangeField(),
    )
    return [(agent, "&&"), (span, "&&")]
