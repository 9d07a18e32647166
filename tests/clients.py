"""Signing a test client in without the ten statements of a real sign-in.

The sign-in itself is proven in tests/integration/login.
"""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.http import HttpRequest
from django.test import Client
from django.utils.crypto import get_random_string


def _now() -> dict[str, int]:
    """As after the first page: the session is not written again by the next one."""
    return dict.fromkeys(("began_at", "seen_at"), int(time.time()))


class QuickClient(Client):
    """Django's client, whose `force_login` writes the session that a sign-in would leave."""

    def force_login(self, user: Any, backend: str | None = None) -> None:
        if self.cookies:  # a session is open: Django knows what to keep of it
            super().force_login(user, backend)
            session = self.session
            session.update(_now())
            session.save()
            return
        user.backend = backend or self._get_backend()
        session = import_module(settings.SESSION_ENGINE).SessionStore(get_random_string(32))
        session._session_cache = {
            SESSION_KEY: user._meta.pk.value_to_string(user),
            BACKEND_SESSION_KEY: user.backend,
            HASH_SESSION_KEY: user.get_session_auth_hash(),
            **_now(),
        }
        session.create_model_instance(session._session_cache).save(force_insert=True)
        request = HttpRequest()
        request.session = session
        self._set_login_cookies(request)
