"""The request as our middleware leaves it, for type checkers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest

if TYPE_CHECKING:
    from agents.permissions import Actor
    from rdv.accounts.models import Account


class Request(HttpRequest):
    """`actor` is set by rdv.middleware; `user` is anonymous unless the view requires a sign-in."""

    actor: Actor | None
    user: Account
